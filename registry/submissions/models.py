"""Submissions: what is proposed, by whom, in which state; and the acts that move them."""

import json
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registry.businesses.models import Business
from registry.regions.access import reach
from registry.regions.models import Region
from registry.submissions.batches import Batch
from registry.submissions.deciding import Deciding
from registry.submissions.moving import Moving
from registry.submissions.proposing import Proposing
from registry.submissions.shape import SCHEMA_VERSION
from umkm_portal.lib.errors import Refused
from umkm_portal.lib.sealed_fields import SealedJSONField, SealedTextField
from umkm_portal.lib.sealing import unseal

LIGHT_CORRECTION = "light-correction"  # the one rule that approves by itself (proposing.py)


def both_or_neither(stem, name, *, unattended=None):
    """Constraint: `{stem}_at` and `{stem}_by` are both set or both empty; `unattended` (a Q) says of which
    rows the person may be missing."""
    neither = Q(**{f"{stem}_at": None, f"{stem}_by": None})
    both = Q(**{f"{stem}_at__isnull": False, f"{stem}_by__isnull": False})
    if unattended is not None:
        both |= Q(**{f"{stem}_at__isnull": False}) & unattended
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
        move = Q(kind=Submission.Kind.MOVE, kelurahan_now__isnull=False)  # the kelurahan that sends it
        inherited = Q(status=Submission.Status.DRAFT) & (
            (move & Q(kelurahan_now__in=drafts))
            | (~move & (Q(kelurahan_next__in=drafts) | Q(kelurahan_next=None, kelurahan_now__in=drafts)))
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


class Submission(Proposing, Moving, Deciding, models.Model):
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

    LIGHT_CORRECTION = LIGHT_CORRECTION
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
    mends = SealedJSONField(default=dict, editable=False)  # {key: [sent, mended]}: "setujui dengan perbaikan"
    agreed_at = models.DateTimeField(null=True, editable=False)  # a move: the receiving kelurahan's consent
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    reverses = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="reversed_by", editable=False
    )
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
            ("decide_escalated", _("Memutuskan yang lewat tenggat")),
            ("check_sample", _("Memeriksa sampel koreksi ringan")),
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
            # what a visitor reports or an owner answers nobody sent (from_public.py, from_owner.py)
            both_or_neither(
                "submitted",
                "submission_submitted_at_and_by_together",
                unattended=Q(source__in=["tip", "owner_link"]),
            ),
            both_or_neither("returned", "submission_returned_at_and_by_together"),
            both_or_neither("withdrawn", "submission_withdrawn_at_and_by_together"),
            both_or_neither("agreed", "submission_agreed_at_and_by_together"),
            models.CheckConstraint(
                name="submission_rule_decides_light_corrections_only",
                condition=Q(decided_rule="") | Q(decided_rule=LIGHT_CORRECTION, kind="change"),
            ),
            models.CheckConstraint(
                name="submission_agreed_by_another_than_its_proposer",
                condition=Q(agreed_by=None) | Q(proposed_by=None) | ~Q(agreed_by=F("proposed_by")),
            ),
            models.UniqueConstraint(
                fields=["reverses"],
                condition=Q(status__in=["draft", "submitted", "returned", "approved"]),
                name="submission_reversed_once",
            ),
            both_or_neither(
                "decided", "submission_decided_at_and_by_together", unattended=~Q(decided_rule="")
            ),
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

    # ---- reading, and the two steps every act begins with --------------------------------------

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

    def lock(self):
        """Read this row again under lock; the first step of every act."""
        self.refresh_from_db(from_queryset=Submission.objects.select_for_update(of=("self",)))

    def lock_business(self):
        """Read its business again under lock: another proposal about it may be applied right now."""
        if self.business_id:
            self.business = (
                Business.objects.select_for_update(of=("self",))
                .select_related("kelurahan__parent", "kbli", "subsector")
                .get(pk=self.business_id)
            )

    def _refuse_unless(self, *states):
        if self.status not in states:
            raise Refused(
                "submission-decided" if self.decided_at else "submission-wrong-state",
                _("Data ini sudah berstatus %(status)s. Muat ulang halaman untuk melihat keadaan terbaru."),
                status=self.get_status_display().lower(),
            )


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
