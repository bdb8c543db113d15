"""Submissions: what is proposed, by whom, in which state; and the acts that move them."""

import json
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit
from registry.businesses import fields
from registry.businesses.models import Business
from registry.people.identity import nik_lookups
from registry.people.models import Person
from registry.regions.access import reach
from registry.regions.models import Region
from registry.submissions import apply, rules
from registry.submissions.batches import Batch
from registry.submissions.shape import clean_proposal
from umkm_portal.lib.errors import Refused, not_found
from umkm_portal.lib.sealed_fields import SealedJSONField, SealedTextField
from umkm_portal.lib.sealing import lookup, seal, unseal
from umkm_portal.lib.text import clean_line, clean_text, mask_long_digits

SCHEMA_VERSION = 1
FILLED = [
    "values", "items", "sealed", "owner_nik_lookup", "title", "kelurahan_now", "kelurahan_next", "note",
    "schema_version",
]  # fmt: skip


def both_or_neither(stem, name, *, unattended=False):
    """Constraint: `{stem}_at` and `{stem}_by` are both set or both empty (unless a rule may act alone)."""
    neither = Q(**{f"{stem}_at": None, f"{stem}_by": None})
    both = Q(**{f"{stem}_at__isnull": False, f"{stem}_by__isnull": False})
    if unattended:
        both |= Q(**{f"{stem}_at__isnull": False}) & ~Q(decided_rule="")
    return models.CheckConstraint(name=name, condition=neither | both)


class SubmissionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Submissions `user` may read: their own, those about a kelurahan in reach, and, for a kelurahan's
        post, the drafts its predecessor left. Drafts are nobody else's business."""
        there = reach(user, "registry.view_submission")
        if not there:
            return self.none()
        mine = Q(proposed_by=user)
        if there.everywhere:
            return self.filter(mine | ~Q(status=Submission.Status.DRAFT))
        place = Q(kelurahan_now__in=there.kelurahan) | Q(kelurahan_next__in=there.kelurahan)
        drafts = reach(user, "registry.propose_submission").kelurahan
        inherited = Q(status=Submission.Status.DRAFT) & (
            Q(kelurahan_next__in=drafts) | Q(kelurahan_next=None, kelurahan_now__in=drafts)
        )
        return self.filter(mine | (place & ~Q(status=Submission.Status.DRAFT)) | inherited)

    def waiting(self):
        """The queue: sent, not decided, and not part of a batch (a batch is decided as one)."""
        return self.filter(status=Submission.Status.SUBMITTED, batch=None)

    def open(self):
        return self.filter(status__in=Submission.OPEN)

    def sent_by_post(self, user):
        """What this user, or the post they hold, has proposed: "Data yang saya kirim"."""
        posts = reach(user, "registry.propose_submission").kelurahan
        return self.filter(
            Q(proposed_by=user) | Q(kelurahan_now__in=posts) | Q(kelurahan_next__in=posts), batch=None
        )

    def for_list(self):
        return self.select_related("kelurahan_now", "kelurahan_next__parent", "proposed_by", "business")


class Submission(models.Model):
    """One proposed change to one business.

    `values` is {field: [base, proposed]} in the JSON forms of businesses/fields.py; `items` a list of
    {op: add|change|end, kind, uuid, values}; identity numbers stand only in `sealed`. The proposer never
    decides (CHECK), nor does anyone who edited it (guarded under lock by `_guard_decision`).
    """

    class Kind(models.TextChoices):
        REGISTER = "register", _("Usaha baru")
        CHANGE = "change", _("Perubahan data")
        MOVE = "move", _("Pindah kelurahan")
        CLOSE = "close", _("Tutup")
        REOPEN = "reopen", _("Buka kembali")

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draf")
        SUBMITTED = "submitted", _("Menunggu verifikasi")
        RETURNED = "returned", _("Perlu diperbaiki")
        APPROVED = "approved", _("Disetujui")
        REJECTED = "rejected", _("Ditolak")
        WITHDRAWN = "withdrawn", _("Ditarik")

    class Source(models.TextChoices):
        PAGE = "page", _("Halaman isian")
        API = "api", "API"
        IMPORT = "import", _("Unggahan Excel")
        TIP = "tip", _("Laporan masyarakat")
        OWNER_LINK = "owner_link", _("Tautan pemilik")

    OPEN = (Status.SUBMITTED, Status.RETURNED)
    EDITABLE = (Status.DRAFT, Status.RETURNED)
    UNATTENDED = {"decided"}  # decided_by is empty when the rule named in decided_rule decided

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    kind = models.CharField(_("jenis"), max_length=8, choices=Kind, editable=False)
    status = models.CharField(_("status"), max_length=9, choices=Status, default=Status.DRAFT, editable=False)
    source = models.CharField(_("asal"), max_length=10, choices=Source, default=Source.PAGE, editable=False)
    business = models.ForeignKey(
        Business, models.PROTECT, null=True, related_name="submissions", editable=False
    )
    business_uuid = models.UUIDField(default=uuid4, editable=False, db_index=True)
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, related_name="submissions", editable=False)

    schema_version = models.PositiveSmallIntegerField(default=SCHEMA_VERSION, editable=False)
    values = SealedJSONField(default=dict, editable=False)
    items = SealedJSONField(default=list, editable=False)
    sealed = models.TextField(blank=True, editable=False)
    owner_nik_lookup = models.CharField(max_length=64, null=True, editable=False)

    title = models.CharField(_("usaha"), max_length=250, blank=True, editable=False)
    kelurahan_now = models.ForeignKey(Region, models.PROTECT, null=True, related_name="+", editable=False)
    kelurahan_next = models.ForeignKey(Region, models.PROTECT, null=True, related_name="+", editable=False)
    note = SealedTextField(_("catatan untuk verifikator"), blank=True)

    proposed_at = models.DateTimeField(default=timezone.now, editable=False)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="submissions", editable=False
    )
    UNATTENDED |= {"proposed"}  # proposed_by is empty for public tips and owners' links only (CHECK)
    submitted_at = models.DateTimeField(null=True, editable=False)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    returned_at = models.DateTimeField(null=True, editable=False)
    returned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    notes = SealedJSONField(_("catatan per isian"), default=dict, editable=False)
    decided_at = models.DateTimeField(null=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    decided_rule = models.CharField(max_length=40, blank=True, editable=False)
    reason = SealedTextField(_("alasan"), blank=True, editable=False)
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("data yang dikirim")
        verbose_name_plural = _("data yang dikirim")
        permissions = [
            ("propose_submission", _("Mengusulkan data usaha")),
            ("decide_submission", _("Memutuskan data yang dikirim")),
        ]
        indexes = [
            models.Index(fields=["status", "submitted_at", "id"], name="submission_queue"),
            models.Index(fields=["proposed_by", "id"], name="submission_mine"),
            models.Index(fields=["kelurahan_next", "status"], name="submission_next"),
            models.Index(fields=["kelurahan_now", "status"], name="submission_now"),
        ]
        constraints = [
            models.CheckConstraint(
                name="submission_not_decided_by_its_proposer",
                condition=Q(decided_by=None) | Q(proposed_by=None) | ~Q(decided_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="submission_not_decided_by_its_sender",
                condition=Q(decided_by=None) | Q(submitted_by=None) | ~Q(decided_by=F("submitted_by")),
            ),
            models.CheckConstraint(
                name="submission_proposer_known",
                condition=Q(proposed_by__isnull=False) | Q(source__in=["tip", "owner_link"]),
            ),
            models.CheckConstraint(
                name="submission_decided_when_decided",
                condition=Q(status__in=["approved", "rejected"], decided_at__isnull=False)
                | (~Q(status__in=["approved", "rejected"]) & Q(decided_at=None)),
            ),
            models.CheckConstraint(
                name="submission_change_names_its_business",
                condition=Q(kind="register") | Q(business__isnull=False),
            ),
            both_or_neither("submitted", "submission_submitted_at_and_by_together"),
            both_or_neither("returned", "submission_returned_at_and_by_together"),
            both_or_neither("withdrawn", "submission_withdrawn_at_and_by_together"),
            both_or_neither("decided", "submission_decided_at_and_by_together", unattended=True),
            models.UniqueConstraint(
                fields=["business"],
                condition=Q(kind__in=["close", "reopen"], status__in=["submitted", "returned"]),
                name="submission_one_open_closing",
            ),
            models.UniqueConstraint(
                fields=["owner_nik_lookup"],
                condition=Q(kind="register", status__in=["submitted", "returned"])
                & Q(owner_nik_lookup__isnull=False),
                name="submission_one_open_registration_per_nik",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.title}"

    def get_absolute_url(self):
        return reverse("submission-detail", args=[self.uuid])

    @property
    def review_url(self):
        """Its page in the verification queue."""
        return reverse("submission-review", args=[self.uuid])

    # ---- reading -------------------------------------------------------------------------------

    def unsealed(self):
        """{owner uuid: {"nik", "kk"}} in clear, for applying only. Never show, log or store it."""
        return json.loads(unseal(self.sealed)) if self.sealed else {}

    def proposed(self, name):
        """The proposed JSON value of a field, or None when this submission does not touch it."""
        pair = self.values.get(name)
        return pair[1] if pair else None

    def attachment_named(self, identity):
        """The waiting photo with this uuid, or None."""
        if not hasattr(self, "_attachments"):
            self._attachments = {str(a.uuid): a for a in self.attachments.all()}
        return self._attachments.get(str(identity))

    def may_edit(self, user):
        """Whether `user` may still change or send this: the proposer, or who holds the kelurahan's post."""
        if self.status not in self.EDITABLE or self.batch_id:
            return False
        there = reach(user, "registry.propose_submission")
        if not there:
            return False
        if self.proposed_by_id == user.pk:
            return True
        place = self.kelurahan_next_id or self.kelurahan_now_id
        return place is not None and place in there.kelurahan

    def may_withdraw(self, user):
        """Whether `user` may take this back: not decided, and theirs or their post's."""
        if self.status not in (self.Status.SUBMITTED, *self.EDITABLE):
            return False
        place = self.kelurahan_next_id or self.kelurahan_now_id
        return self.proposed_by_id == user.pk or place in reach(user, "registry.propose_submission").kelurahan

    def obstacle_to_decide(self, user):
        """Why `user` may not decide this now: a code of what `_guard_decision` refuses, "" when they may."""
        if not self._decision_reach(user):
            return "not-found"
        if self.status != self.Status.SUBMITTED:
            return "submission-decided" if self.decided_at else "submission-wrong-state"
        if self.batch_id:
            return "in-batch"
        return "own-submission" if self._had_a_hand(user) else ""

    def may_decide(self, user):
        """Whether this user may decide it now: waiting, in reach, and no hand of theirs in it."""
        return not self.obstacle_to_decide(user)

    def conflicts(self):
        """{field: (base, today, proposed)} where the business moved on since this was proposed."""
        if self.business_id is None or self.status not in (self.Status.SUBMITTED, *self.EDITABLE):
            return {}
        today = fields.current_values(self.business, self.values)
        return {
            name: (base, today[name], proposed)
            for name, (base, proposed) in self.values.items()
            if today[name] not in (base, proposed)
        }

    def _decision_reach(self, user):
        there = reach(user, "registry.decide_submission")
        return there.covers(self.kelurahan_next_id or self.kelurahan_now_id)

    def _had_a_hand(self, user):
        return (
            user.pk in (self.proposed_by_id, self.submitted_by_id) or self.editors.filter(user=user).exists()
        )

    # ---- acts ----------------------------------------------------------------------------------

    def lock(self):
        """Read this row again under lock; the first step of every act."""
        self.refresh_from_db(from_queryset=Submission.objects.select_for_update(of=("self",)))

    def _refuse_unless(self, *states):
        if self.status not in states:
            raise Refused(
                "submission-decided" if self.decided_at else "submission-wrong-state",
                _("Data ini sudah berstatus %(status)s. Muat ulang halaman untuk melihat keadaan terbaru."),
                status=self.get_status_display().lower(),
            )

    def _guard_edit(self, by):
        self.lock()
        if not Submission.objects.visible_to(by).filter(pk=self.pk).exists():
            raise not_found()
        self._refuse_unless(*self.EDITABLE)
        if not self.may_edit(by):
            raise Refused(
                "not-yours", _("Hanya pengusul atau petugas kelurahannya yang dapat mengubah data ini.")
            )

    def fill(self, shape, *, by, keep_secrets=True):
        """Put a cleaned `Shape` into this row (unsaved), with today's values as base.

        Raises ValidationError for codes no table knows, Refused for a place or an act that is not the user's.
        """
        rules.check(self, shape, by=by)
        if self.business_id:
            today = fields.current_values(self.business, shape.values)
            self.values = {n: [today[n], v] for n, v in shape.values.items() if today[n] != v}
        else:
            self.values = {
                n: [fields.BUSINESS[n].empty, v]
                for n, v in shape.values.items()
                if v != fields.BUSINESS[n].empty or n == "operating_state"
            }
        secrets = self.unsealed() if keep_secrets else {}
        for identity, numbers in shape.sealed.items():
            secrets[identity] = secrets.get(identity, {}) | numbers
        owners = {i["uuid"]: i["values"] for i in shape.items if i["kind"] == "owner"}
        for identity in list(secrets):
            if identity not in owners:
                del secrets[identity]
            elif owners[identity].get("nik_answer") in ("later", "none", "refused"):
                secrets[identity].pop("nik", None)
                owners[identity].pop("nik_last4", None)
        self._refuse_nik_without_number(owners, secrets)
        self.items = shape.items
        self.sealed = seal(json.dumps(secrets)) if any(secrets.values()) else ""
        self.schema_version = SCHEMA_VERSION
        self.title = self.proposed("name") or (self.business.name if self.business_id else "")
        self.kelurahan_now = self.business.kelurahan if self.business_id else None
        code = self.proposed("kelurahan")
        self.kelurahan_next = Region.objects.get(code=code) if code else None

    @staticmethod
    def _refuse_nik_without_number(owners, secrets):
        """The last four digits are believed only beside the sealed number they belong to."""
        for identity, values in owners.items():
            number = secrets.get(identity, {}).get("nik", "")
            if values.get("nik_known"):
                continue
            if number:
                values["nik_last4"] = number[-4:]
            elif values.pop("nik_last4", "") and values.get("nik_answer") == "given":
                raise ValidationError({"owner.nik": _("Tulis NIK-nya, atau pilih menyusul.")})

    @transaction.atomic
    def edit(self, *, by, values, items=(), sealed=None, note=None):
        """Replace what a draft or returned submission proposes. Identity numbers not typed again are kept.

        Raises ValidationError({field: message}) for a bad value, Refused for a wrong state or person.
        """
        self._guard_edit(by)
        self.fill(clean_proposal(values, items, sealed), by=by)
        if note is not None:
            self.note = clean_text(mask_long_digits(note))[:2000]
        self.save(update_fields=FILLED)
        SubmissionEditor.objects.get_or_create(submission=self, user=by)
        audit.record("submission.edited", self, by=by, about=self.business_uuid, fields=sorted(self.values))

    @transaction.atomic
    def submit(self, *, by):
        """Send a draft or a mended proposal to be decided.

        Raises Refused: incomplete (with `fields`), nik-known (a person with this NIK exists in reach),
        nik-pending (another open registration brings the same NIK), closing-open.
        """
        self._guard_edit(by)
        self._refuse_incomplete()
        self._settle_nik(by)
        self.status, self.submitted_at, self.submitted_by = self.Status.SUBMITTED, timezone.now(), by
        try:
            with transaction.atomic():
                self.save(
                    update_fields=[
                        "status",
                        "submitted_at",
                        "submitted_by",
                        "items",
                        "sealed",
                        "owner_nik_lookup",
                    ]
                )
        except IntegrityError as error:
            self.refresh_from_db()
            raise self._refused_by_constraint(error) from error
        audit.record("submission.submitted", self, by=by, about=self.business_uuid, kind=self.kind)

    def _refused_by_constraint(self, error):
        if "closing" in str(error) or self.kind in (self.Kind.CLOSE, self.Kind.REOPEN):
            return Refused("closing-open", _("Sudah ada usulan tutup atau buka kembali untuk usaha ini."))
        return Refused(
            "nik-pending",
            _("NIK pemilik ini sedang menunggu verifikasi pada usulan lain. Isian Anda tetap tersimpan."),
            fields={"owner.nik": _("NIK ini sedang menunggu verifikasi pada usulan lain.")},
        )

    def missing(self):
        """Names of the required fields that a registration still lacks."""
        if self.kind != self.Kind.REGISTER:
            return []
        return [n for n in fields.REQUIRED if not self.proposed(n)]

    def _refuse_incomplete(self):
        if self.kind == self.Kind.REGISTER:
            if missing := self.missing():
                raise Refused(
                    "incomplete",
                    _("Lengkapi dulu isian yang wajib. Isian lain sudah tersimpan."),
                    fields={n: _("Isian ini wajib.") for n in missing},
                )
        elif not self.values and not self.items:
            raise Refused("nothing-proposed", _("Belum ada yang diubah."))

    def _settle_nik(self, by):
        """Link a NIK that is already somebody's: offer the person in reach, pass on silently what is not."""
        secrets = self.unsealed()
        self.owner_nik_lookup = None
        for identity, numbers in list(secrets.items()):
            nik = numbers.get("nik")
            if not nik:
                continue
            known = Person.objects.with_nik(nik).exclude(uuid=identity).first()
            if known is None:
                if self.kind != self.Kind.REGISTER:
                    continue
                if self.owner_nik_lookup is None and not Person.objects.filter(uuid=identity).exists():
                    self._refuse_nik_pending(nik)
                    self.owner_nik_lookup = lookup("nik", nik)
                continue
            if Person.objects.visible_to(by).filter(pk=known.pk).exists():
                refused = Refused(
                    "nik-known",
                    _("NIK ini sudah tercatat. Pilih orang itu sebagai pemilik supaya datanya tidak ganda."),
                    fields={"owner.nik": _("NIK ini sudah tercatat.")},
                )
                refused.person = known
                raise refused
            # Somebody outside one's reach: say only that, and let the reviewer see whom it joins.
            for item in self.items:
                if item["kind"] == "owner" and item["uuid"] == identity:
                    item["uuid"] = str(known.uuid)
                    item["values"]["nik_known"] = True
            del secrets[identity]
            self.sealed = seal(json.dumps(secrets)) if secrets else ""

    def _refuse_nik_pending(self, nik):
        """Registrations filed under an older key do not meet the unique constraint: look under every key."""
        others = Submission.objects.filter(
            owner_nik_lookup__in=nik_lookups(nik), kind=self.Kind.REGISTER, status__in=self.OPEN
        ).exclude(pk=self.pk)
        if others.exists():
            raise self._refused_by_constraint(IntegrityError("owner_nik_lookup"))

    @transaction.atomic
    def withdraw(self, *, by):
        """Take back what nobody decided yet. Raises Refused."""
        self.lock()
        if not Submission.objects.visible_to(by).filter(pk=self.pk).exists():
            raise not_found()
        self._refuse_unless(self.Status.DRAFT, self.Status.SUBMITTED, self.Status.RETURNED)
        if not self.may_withdraw(by):
            raise Refused(
                "not-yours", _("Hanya pengusul atau petugas kelurahannya yang dapat menarik data ini.")
            )
        self.status, self.withdrawn_at, self.withdrawn_by = self.Status.WITHDRAWN, timezone.now(), by
        self.save(update_fields=["status", "withdrawn_at", "withdrawn_by"])
        audit.record("submission.withdrawn", self, by=by, about=self.business_uuid)

    def _guard_decision(self, by):
        self.lock()
        if not self._decision_reach(by):
            raise not_found()
        self._refuse_unless(self.Status.SUBMITTED)
        if self.batch_id:
            raise Refused("in-batch", _("Data ini bagian dari unggahan dan diputuskan bersama unggahannya."))
        if self._had_a_hand(by):
            raise Refused(
                "own-submission", _("Data yang Anda kirim atau ubah sendiri harus diputuskan orang lain.")
            )

    @transaction.atomic
    def return_for_changes(self, *, by, notes=None, reason=""):
        """Send it back with notes on fields ({field: text}) or one reason. Raises Refused without either."""
        notes = {
            clean_line(mask_long_digits(name))[:60]: clean_text(mask_long_digits(text))[:1000]
            for name, text in (notes or {}).items()
            if clean_text(text)
        }
        reason = clean_text(mask_long_digits(reason))[:2000]
        if not notes and not reason:
            raise Refused("note-missing", _("Tulis catatan pada isian yang perlu diperbaiki."))
        self._guard_decision(by)
        self.status, self.returned_at, self.returned_by = self.Status.RETURNED, timezone.now(), by
        self.notes, self.reason = notes, reason
        self.save(update_fields=["status", "returned_at", "returned_by", "notes", "reason"])
        audit.record("submission.returned", self, by=by, about=self.business_uuid, notes=notes, reason=reason)

    @transaction.atomic
    def approve(self, *, by, keep=(), take=(), reason=""):
        """Accept and apply. Where the business moved on since this was proposed, the reviewer chooses:
        `keep` names fields to leave as they are today, `take` fields to overwrite all the same.

        Raises Refused: conflict (with `fields`) unless the reviewer has chosen, and what apply refuses.
        """
        self._guard_decision(by)
        if self.business_id:
            self.business = Business.objects.select_related("kelurahan__parent", "kbli", "subsector").get(
                pk=self.business_id
            )
        unsettled = set(self.conflicts()) - set(keep) - set(take)
        if unsettled:
            raise Refused(
                "conflict",
                _("Data usaha berubah sejak diusulkan. Pilih nilai yang benar untuk isian yang berbeda."),
                fields={name: _("Nilai sekarang berbeda dari saat diusulkan.") for name in sorted(unsettled)},
            )
        apply.apply_all([self], by=by, keep={self.pk: set(keep)})
        self._decide(self.Status.APPROVED, by=by, reason=reason)
        self.save(update_fields=["status", "decided_at", "decided_by", "reason", "business"])
        audit.record(
            "submission.approved", self, by=by, about=self.business_uuid, kind=self.kind, kept=sorted(keep)
        )

    def _decide(self, status, *, by, reason=""):
        self.status, self.decided_at, self.decided_by = status, timezone.now(), by
        self.reason = clean_text(mask_long_digits(reason))[:2000]

    @transaction.atomic
    def reject(self, *, by, reason):
        """Turn it down with a reason that the proposer reads. Raises Refused."""
        if not clean_text(reason or ""):
            raise Refused(
                "reason-missing", _("Tulis alasan penolakan."), fields={"reason": _("Isian ini wajib.")}
            )
        self._guard_decision(by)
        self._decide(self.Status.REJECTED, by=by, reason=reason)
        self.save(update_fields=["status", "decided_at", "decided_by", "reason"])
        audit.record("submission.rejected", self, by=by, about=self.business_uuid, reason=self.reason)


class SubmissionEditor(models.Model):
    """Who changed a submission after it was made; none of them may decide it."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="editors")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["submission", "user"], name="submission_editor_once")]

    def __str__(self):
        return f"{self.submission_id} {self.user_id}"


class Attachment(models.Model):
    """A photo waiting with its submission: private, already decoded and re-encoded without EXIF."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    submission = models.ForeignKey(Submission, models.PROTECT, related_name="attachments")
    file = models.FileField(max_length=200)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    bytes = models.PositiveIntegerField()
    uploaded_at = models.DateTimeField(default=timezone.now)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    def __str__(self):
        return str(self.uuid)
