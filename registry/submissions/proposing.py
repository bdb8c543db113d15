"""What a proposer may do with a submission: fill, edit, send, withdraw. Part of Submission (models.py)."""

import json

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit
from registry.businesses import fields
from registry.businesses.belongings import Licence
from registry.people.asking import answer_in_passing
from registry.people.identity import nik_lookups
from registry.people.models import Person
from registry.regions.access import reach
from registry.regions.models import Region
from registry.submissions import apply, rules
from registry.submissions.bases import with_bases
from registry.submissions.shape import SCHEMA_VERSION, clean_proposal, errors_of_numbers
from umkm_portal.lib.errors import Refused, not_found
from umkm_portal.lib.sealing import lookup, seal
from umkm_portal.lib.text import clean_text, mask_long_digits

FILLED = [
    "values", "items", "sealed", "owner_nik_lookup", "title", "kelurahan_now", "kelurahan_next", "note",
    "schema_version",
]  # fmt: skip


class Proposing:
    """The proposer's acts. Each locks the row, guards, saves named fields and writes one audit line."""

    def may_edit(self, user):
        """Whether `user` may still change or send this: the proposer, or who holds the kelurahan's post."""
        if self.status not in self.EDITABLE or self.batch_id:
            return False
        there = reach(user, "registry.propose_submission")
        if not there:
            return False
        if self.proposed_by_id == user.pk:
            return True
        return self._desk() in there.kelurahan

    def may_withdraw(self, user):
        """Whether `user` may take this back: not decided, and theirs or their post's."""
        if self.status not in (self.Status.SUBMITTED, *self.EDITABLE) or self.batch_id:
            return False
        posts = reach(user, "registry.propose_submission").kelurahan
        return self.proposed_by_id == user.pk or self._desk() in posts

    def _desk(self):
        """The kelurahan whose post goes on with it; of a move the one that sends it."""
        if self.kind == self.Kind.MOVE:
            return self.kelurahan_now_id or self.kelurahan_next_id
        return self.kelurahan_next_id or self.kelurahan_now_id

    def missing(self):
        """Names of the required fields that a registration still lacks."""
        if self.kind != self.Kind.REGISTER:
            return []
        return [n for n in fields.REQUIRED if not self.proposed(n)]

    def _guard_edit(self, by):
        self.lock()
        if not type(self).objects.visible_to(by).filter(pk=self.pk).exists():
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
            self.values = self._values_over_today(shape.values)
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
        self.items = with_bases(shape.items, self.items)
        self._refuse_wrong_numbers()
        self.sealed = seal(json.dumps(secrets)) if any(secrets.values()) else ""
        self.schema_version = SCHEMA_VERSION
        self.title = self.proposed("name") or (self.business.name if self.business_id else "")
        self.kelurahan_now = self.business.kelurahan if self.business_id else None
        code = self.proposed("kelurahan")
        self.kelurahan_next = Region.objects.get(code=code) if code else None

    def _values_over_today(self, values):
        """{field: [base, proposed]}. What was proposed before and is unchanged keeps its base, so that a
        change made by somebody else meanwhile still comes to the reviewer's eyes."""
        today, filled = fields.current_values(self.business, values), {}
        for name, value in values.items():
            base, before = self.values.get(name, (today[name], None))
            filled[name] = [base if before == value else today[name], value]
        return {name: pair for name, pair in filled.items() if pair[0] != pair[1] or today[name] != pair[1]}

    def _refuse_wrong_numbers(self):
        """A licence's number is checked against its kind, also where a change names only one of them."""
        for item in self.items:
            if item["kind"] == "licence" and item["op"] == "change":
                stored = item.get("base", {})
                if item["values"].get("number") and "kind" not in item["values"]:
                    kind = Licence.objects.filter(uuid=item["uuid"]).values_list("kind", flat=True).first()
                    stored = stored | {"kind": kind}
                merged = stored | item["values"]
                if errors := errors_of_numbers(merged.get("kind"), merged):
                    raise ValidationError({f"licence.{name}": text for name, text in errors.items()})
                if "number" in item["values"]:
                    item["values"]["number"] = merged["number"]

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

    def _content(self):
        """What is proposed, without the bases: comparable before and after an edit."""
        items = [[item[part] for part in ("op", "kind", "uuid", "values")] for item in self.items]
        values = {name: pair[1] for name, pair in self.values.items()}
        return json.dumps([values, items, self.unsealed(), self.note], sort_keys=True)

    @transaction.atomic
    def edit(self, *, by, values, items=(), sealed=None, note=None):
        """Replace what a draft or returned submission proposes. Identity numbers not typed again are kept.
        Sending the same again is no edit: it leaves no line in the trail.

        Raises ValidationError({field: message}) for a bad value, Refused for a wrong state or person.
        """
        self._guard_edit(by)
        before = self._content()
        self.fill(clean_proposal(values, items, sealed), by=by)
        if note is not None:
            self.note = clean_text(mask_long_digits(note))[:2000]
        if self._content() == before:
            return
        self.agreed_at = self.agreed_by = None  # a consent was to what stood there before
        self.save(update_fields=[*FILLED, "agreed_at", "agreed_by"])
        self.editors.get_or_create(user=by)
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
        self._approve_by_rule(by)

    def is_light(self):
        """Whether this is a "koreksi ringan": nothing but fields marked light, products and photos."""
        return (
            self.kind == self.Kind.CHANGE
            and self.reverses_id is None
            and self.batch_id is None
            and all(fields.BUSINESS[name].light for name in self.values)
            and all(item["kind"] in ("product", "photo") for item in self.items)
        )

    def _was_turned_down(self):
        """Whether a person has refused the same value of this business before: then a person decides."""
        for other in type(self).objects.filter(business=self.business_id, status=self.Status.REJECTED):
            same = self.values.keys() & other.values.keys()
            if any(other.proposed(name) == self.proposed(name) for name in same):
                return True
            theirs = [item["values"] for item in other.items]
            if any(item["op"] != "end" and item["values"] in theirs for item in self.items):
                return True
        return False

    def _approve_by_rule(self, by):
        """City staff's light corrections are applied at once and sampled monthly (sampling.py).

        What a reviewer sent back goes to a person again.
        """
        city_staff = reach(by, "registry.propose_submission").everywhere
        if not (settings.LIGHT_CORRECTIONS and city_staff and self.is_light()) or self.returned_at:
            return
        self.lock_business()
        if self.conflicts() or self._was_turned_down():
            return
        apply.apply_all([self], by=by)
        self.status, self.decided_at, self.decided_rule = (
            self.Status.APPROVED,
            timezone.now(),
            self.LIGHT_CORRECTION,
        )
        self.save(update_fields=["status", "decided_at", "decided_rule"])
        audit.record(
            "submission.approved",
            self,
            by=None,
            about=self.business_uuid,
            kind=self.kind,
            rule=self.LIGHT_CORRECTION,
        )

    def _refused_by_constraint(self, error):
        if "closing" in str(error) or self.kind in (self.Kind.CLOSE, self.Kind.REOPEN):
            return Refused("closing-open", _("Sudah ada usulan tutup atau buka kembali untuk usaha ini."))
        return Refused(
            "nik-pending",
            _("NIK pemilik ini sedang menunggu verifikasi pada usulan lain. Isian Anda tetap tersimpan."),
            fields={"owner.nik": _("NIK ini sedang menunggu verifikasi pada usulan lain.")},
        )

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
                    self._refuse_nik_pending(nik, by)
                    self.owner_nik_lookup = lookup("nik", nik)
                continue
            if Person.objects.visible_to(by).filter(pk=known.pk).exists():
                refused = Refused(
                    "nik-known",
                    _("NIK ini sudah tercatat. Pilih orang itu sebagai pemilik supaya datanya tidak ganda."),
                    fields={"owner.nik": _("NIK ini sudah tercatat.")},
                )
                refused.person = known
                answer_in_passing(known, by=by)
                raise refused
            if any(i["uuid"] == identity and i["op"] == "change" for i in self.items):
                answer_in_passing(None, by=by)
                raise Refused(
                    "nik-elsewhere",
                    _("NIK ini sudah tercatat di luar wilayah Anda. Hubungi verifikator."),
                    fields={"owner.nik": _("NIK ini sudah tercatat di luar wilayah Anda.")},
                )
            # Somebody outside one's reach: say only that, and let the reviewer see whom it joins.
            for item in self.items:
                if item["kind"] == "owner" and item["uuid"] == identity:
                    item["uuid"] = str(known.uuid)
                    item["values"]["nik_known"] = True
            del secrets[identity]
            self.sealed = seal(json.dumps(secrets)) if secrets else ""

    def _refuse_nik_pending(self, nik, by):
        """Registrations filed under an older key do not meet the unique constraint: look under every key."""
        others = (
            type(self)
            .objects.filter(
                owner_nik_lookup__in=nik_lookups(nik), kind=self.Kind.REGISTER, status__in=self.OPEN
            )
            .exclude(pk=self.pk)
        )
        if others.exists():
            answer_in_passing(None, by=by)
            raise self._refused_by_constraint(IntegrityError("owner_nik_lookup"))

    @transaction.atomic
    def withdraw(self, *, by):
        """Take back what nobody decided yet. Raises Refused."""
        self.lock()
        if not type(self).objects.visible_to(by).filter(pk=self.pk).exists():
            raise not_found()
        self._refuse_unless(self.Status.DRAFT, self.Status.SUBMITTED, self.Status.RETURNED)
        if self.batch_id:
            raise Refused("in-batch", _("Data ini bagian dari kumpulan dan ditarik bersama kumpulannya."))
        if not self.may_withdraw(by):
            raise Refused(
                "not-yours", _("Hanya pengusul atau petugas kelurahannya yang dapat menarik data ini.")
            )
        self.status, self.withdrawn_at, self.withdrawn_by = self.Status.WITHDRAWN, timezone.now(), by
        self.save(update_fields=["status", "withdrawn_at", "withdrawn_by"])
        audit.record("submission.withdrawn", self, by=by, about=self.business_uuid)
