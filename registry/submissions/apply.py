"""Applying decided submissions to the registry: the only writer of businesses and what belongs to them.

One function takes one or many and needs the same number of queries for either: submissions come in
chunks (actions.CHUNK), each inside the caller's transaction. It sets each submission's `business`.
"""

import base64
import uuid as uuids
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from registry.businesses import choices, derived
from registry.businesses.addresses import keep_former
from registry.businesses.belongings import Consent, Licence, Photo, Product, ScaleRecord, current_of
from registry.businesses.models import Business, Ownership
from registry.people.identity import nik_lookups, sealed_nik
from registry.people.models import Person
from registry.regions.models import Region
from registry.search import index
from registry.sectors.models import Kbli, Subsector
from registry.submissions.bases import without_kept
from umkm_portal.lib.errors import Refused
from umkm_portal.lib.sealing import lookup, seal, word_tokens
from umkm_portal.lib.text import fold

BELONGINGS = {"licence": Licence, "product": Product, "photo": Photo, "consent": Consent}
COMPUTED = ("capital", "sales")  # bases that figures decide; NIB, statement and estimate are told
CONSENT_TEXT = "2026-11"  # version of the words owners agree to, docs/personal-data.md


@dataclass
class References:
    """Rows that values name by code, read once for a chunk."""

    regions: dict
    kbli: dict
    subsectors: dict

    @classmethod
    def for_values(cls, value_sets, owner_sets):
        regions = {v.get("kelurahan") for v in value_sets} | {o.get("domicile") for o in owner_sets}
        keys = {v["kbli"] for v in value_sets if v.get("kbli")}
        found = Kbli.objects.filter(code__in={k.split(":")[1] for k in keys}) if keys else ()
        return cls(
            regions={
                r.code: r for r in Region.objects.filter(code__in=regions - {None}).select_related("parent")
            },
            kbli={f"{k.version}:{k.code}": k for k in found},
            subsectors={s.slug: s for s in Subsector.objects.all()},
        )

    def column(self, name, value):
        """(attribute, Python value) for one JSON value. Raises Refused for a code no table knows."""
        tables = {
            "kelurahan": self.regions,
            "domicile": self.regions,
            "kbli": self.kbli,
            "subsector": self.subsectors,
        }
        if name in tables:
            if value is None:
                return name, None
            if value not in tables[name]:
                raise Refused(
                    "reference-unknown",
                    _("Kode pada isian %(field)s tidak ada di tabel acuan."),
                    field=name,
                    fields={name: _("Kode ini tidak ada di tabel acuan.")},
                )
            return name, tables[name][value]
        if name in ("latitude", "longitude"):
            return name, None if value is None else Decimal(value)
        if name.endswith("_on") and value is not None:
            return name, date.fromisoformat(value)
        return name, value


@dataclass
class Pending:
    """What a chunk will write, gathered before anything is written."""

    people_new: dict = field(default_factory=dict)
    people_changed: dict = field(default_factory=dict)
    rows_new: dict = field(default_factory=lambda: {model: [] for model in (*BELONGINGS.values(), Ownership)})
    rows_changed: list = field(default_factory=list)
    scales: list = field(default_factory=list)


def proposed_values(submission, keep=()):
    """{field: JSON value} that approving would write, without the fields the reviewer keeps as today."""
    return {n: pair[1] for n, pair in submission.values.items() if n not in keep}


def apply_all(submissions, *, by, keep=None):
    """Write decided submissions into the registry. Call inside a transaction, with the rows locked.

    `keep` maps submission pk to field names whose present value the reviewer chose over the proposed one.
    Raises Refused: business-missing, nik-taken, reference-unknown.
    """
    keep = keep or {}
    now = timezone.now()
    value_sets = [proposed_values(s, keep.get(s.pk, ())) for s in submissions]
    for submission in submissions:
        submission._items = without_kept(submission.items, keep.get(submission.pk, ()))
    owner_sets = [i["values"] for s in submissions for i in s._items if i["kind"] == "owner"]
    references = References.for_values(value_sets, owner_sets)
    existing = _lock_businesses(submissions)
    pending = Pending()
    people = _people_named(submissions)

    registered = []
    for submission, values in zip(submissions, value_sets, strict=True):
        business = existing.get(submission.business_id)
        if business is None:
            business = _new_business(submission, by, now)
            registered.append(business)
        before_scale = business.scale
        _write_columns(business, values, references)
        business.changed_at, business.changed_by = now, by
        submission.business = business
        submission._values, submission._before_scale = values, before_scale
        # An officer or the owner speaks of what is there today; a list says what somebody once wrote down.
        if submission.source != "import" and (submission.kind == "register" or "operating_state" in values):
            business.last_confirmed_on = _latest(business.last_confirmed_on, submission.proposed_at)

    owners_by_submission = {}
    for submission in submissions:
        owners_by_submission[submission.pk] = [
            _person(item, submission, people, pending, references)
            for item in submission._items
            if item["kind"] == "owner"
        ]
    try:
        with transaction.atomic():
            Person.objects.bulk_create(list(pending.people_new.values()))
            if pending.people_changed:
                Person.objects.bulk_update(pending.people_changed.values(), PERSON_COLUMNS)
    except IntegrityError as error:
        raise Refused(
            "nik-taken",
            _("NIK pemilik sudah tercatat pada orang lain. Minta pengusul memilih orang itu."),
            fields={"owner.nik": _("NIK ini sudah tercatat.")},
        ) from error

    held = current_of(list(existing.values()))
    for business in registered:
        business.slug = new_slug(business)
    for submission in submissions:
        _belongings(submission, held, pending, owners_by_submission[submission.pk], now, by)
    for submission in submissions:
        _derive(submission, held, pending)

    if registered:
        Business.objects.bulk_create(registered)
    if existing:
        changed_names = sorted({n for v in value_sets for n in v if n != "other_subsectors"})
        renamed = _follow_names(submissions, existing)
        Business.objects.bulk_update(
            existing.values(),
            sorted(
                {
                    *(["slug"] if renamed else ()),
                    *changed_names,
                    *derived.COLUMNS,
                    *derived.SCALE_COLUMNS,
                    "version",
                    "changed_at",
                    "changed_by",
                    "last_confirmed_on",
                }
            ),
        )
        keep_former(renamed)
    try:
        with transaction.atomic():
            for model, rows in pending.rows_new.items():
                if rows:
                    model.objects.bulk_create(rows)
    except IntegrityError as error:  # a uuid that another row carries already
        raise Refused(
            "row-known",
            _("Sebagian baris usulan ini sudah tercatat pada data lain. Minta pengusul mengirim ulang."),
        ) from error
    for row in pending.rows_changed:
        row.save()
    if pending.scales:
        ScaleRecord.objects.bulk_create(pending.scales)
    _write_subsectors(submissions, references, set(existing))
    _follow_moves(submissions)
    changed = [submission.business for submission in submissions]
    index.put(changed, words=derived.vocabulary_of(changed))


def _follow_moves(submissions):
    """What waits about a business that moved belongs to its new kelurahan from now on."""
    for submission in submissions:
        if submission.kind == "move":
            others = type(submission).objects.filter(
                business=submission.business, status__in=["draft", "submitted", "returned"]
            )
            others.exclude(pk=submission.pk).update(kelurahan_now=submission.business.kelurahan)


def _lock_businesses(submissions):
    ids = [s.business_id for s in submissions if s.business_id]
    if not ids:
        return {}
    rows = (
        Business.objects.select_for_update(of=("self",))
        .filter(pk__in=ids)
        .select_related("kelurahan__parent", "kbli", "subsector")
        .order_by("pk")
    )
    found = {b.pk: b for b in rows}
    for submission in submissions:
        if submission.business_id and submission.business_id not in found:
            raise Refused("business-missing", _("Usaha yang diubah tidak ditemukan."))
    for business in found.values():
        business.version += 1
    return found


def _latest(known, moment):
    seen = timezone.localtime(moment).date()
    return max(known, seen) if known else seen


def _new_business(submission, by, now):
    return Business(
        uuid=submission.business_uuid,
        recorded_at=now,
        recorded_by=submission.proposed_by or by,
    )


def new_slug(business):
    """A readable address that no other business has: the name and seven signs of its uuid."""
    tail = base64.b32encode(business.uuid.bytes).decode()[:7].lower()
    return f"{slugify(fold(business.name))[:80].strip('-') or 'usaha'}-{tail}"


def _follow_names(submissions, existing):
    """Give businesses whose name was written the address that goes with it; [(business, former slug)]."""
    named = {s.business_id for s in submissions if "name" in s._values}
    renamed = []
    for business in (row for pk, row in existing.items() if pk in named):
        former, business.slug = business.slug, new_slug(business)
        if former != business.slug:
            renamed.append((business, former))
    return renamed


def _write_columns(business, values, references):
    for name, value in values.items():
        if name != "other_subsectors":
            setattr(business, *references.column(name, value))


PERSON_COLUMNS = [
    "name", "phone", "phone_of", "nik_answer", "sex", "born_on", "email", "address", "domicile", "rt", "rw",
    "education", "disability", "name_words", "phone_lookup", "nik_sealed", "nik_lookup", "nik_last4",
    "kk_sealed", "kk_lookup", "kk_last4",
]  # fmt: skip


def _people_named(submissions):
    """{uuid: Person} of those the chunk's owner items name and the registry already knows."""
    named = {i["uuid"] for s in submissions for i in s._items if i["kind"] == "owner"}
    return {str(p.uuid): p for p in Person.objects.filter(uuid__in=named)} if named else {}


def _person(item, submission, people, pending, references):
    """The person an owner item means: known, made earlier in this chunk, or new. Ends return None."""
    identity, values = item["uuid"], item["values"]
    person = people.get(identity)
    is_new = person is None
    if is_new:
        person = Person(uuid=uuids.UUID(identity))
        people[identity] = pending.people_new[identity] = person
    if item["op"] == "end" or values.get("nik_known"):
        return person
    secrets = submission.unsealed().get(identity, {})
    for name, value in values.items():
        if name in ("role", "nik_last4", "nik_known") or (not is_new and value in ("", None)):
            continue
        setattr(person, *references.column(name, value))
    if not person.name:
        person.name = _("Belum diketahui")
    person.name_words = word_tokens("name", person.name)
    person.phone_lookup = lookup("phone", person.phone)
    if nik := secrets.get("nik"):
        if not person.nik_lookup:
            _refuse_known_nik(nik, person)
        for column, value in sealed_nik(nik).items():
            setattr(person, column, value)
        person.nik_answer = Person.NikAnswer.GIVEN
    if kk := secrets.get("kk"):
        person.kk_sealed, person.kk_lookup, person.kk_last4 = seal(kk), lookup("kk", kk), kk[-4:]
    if not is_new and identity not in pending.people_new:
        pending.people_changed[identity] = person
    return person


def _refuse_known_nik(nik, person):
    if len(nik_lookups(nik)) > 1 and Person.objects.with_nik(nik).exclude(uuid=person.uuid).exists():
        # Under one key the unique constraint says this; during a rotation the row may carry the older key.
        raise Refused(
            "nik-taken", _("NIK pemilik sudah tercatat pada orang lain. Minta pengusul memilih orang itu.")
        )


def _belongings(submission, held, pending, owners, now, by):
    """Turn a submission's items into rows to add, change or end. Unknown rows are passed over."""
    business, today = submission.business, timezone.localdate()
    owners = iter(owners)
    for item in submission._items:
        if item["kind"] == "owner":
            _own(item, next(owners), business, held, pending, today)
            continue
        model = BELONGINGS[item["kind"]]
        rows = held.setdefault((model, business.pk or id(business)), [])
        if item["op"] == "add":
            row = _new_row(model, item, submission, today)
            if model is Consent and any(r.group == row.group for r in rows):
                continue
            rows.append(row)
            pending.rows_new[model].append(row)
            continue
        row = next((r for r in rows if str(r.uuid) == item["uuid"]), None)
        if row is None:
            continue
        if item["op"] == "end":
            if model is Consent:
                row.withdrawn_at, row.withdrawn_by = now, by
            else:
                row.ended_on = today
            rows.remove(row)
        else:
            for name, value in item["values"].items():
                if name != "attachment":
                    setattr(row, name, _plain(name, value))
        pending.rows_changed.append(row)


def _own(item, person, business, held, pending, today):
    rows = held.setdefault((Ownership, business.pk or id(business)), [])
    row = next((r for r in rows if r.person.uuid == person.uuid), None)
    if item["op"] == "end":
        if row:
            row.ended_on = today
            rows.remove(row)
            pending.rows_changed.append(row)
    elif row is None:
        row = Ownership(
            business=business,
            person=person,
            role=item["values"].get("role") or choices.OwnerRole.OWNER,
            started_on=today if business.pk else None,
        )
        rows.append(row)
        pending.rows_new[Ownership].append(row)
    else:
        row.person = person
        role = item["values"].get("role")
        if item["op"] == "change" and role and role != row.role:
            row.role = role
            pending.rows_changed.append(row)


def _plain(name, value):
    return date.fromisoformat(value) if name.endswith("_on") and isinstance(value, str) else value


def _new_row(model, item, submission, today):
    values = {n: _plain(n, v) for n, v in item["values"].items() if n != "attachment"}
    row = model(uuid=uuids.UUID(item["uuid"]), business=submission.business, **values)
    if model is Consent:
        row.given_on = row.given_on or timezone.localtime(submission.proposed_at).date()
        row.text_version = row.text_version or CONSENT_TEXT
    if model is Photo:
        attachment = submission.attachment_named(item["values"].get("attachment"))
        if attachment is None:
            raise Refused("photo-missing", _("Foto yang diusulkan tidak ditemukan lagi."))
        row.file, row.width, row.height = attachment.file.name, attachment.width, attachment.height
    return row


def _derive(submission, held, pending):
    business = submission.business
    key = business.pk or id(business)
    region = business.kelurahan
    derived.derive(
        business,
        owners=[row.person for row in held.get((Ownership, key), ())],
        licences=held.get((Licence, key), ()),
        products=held.get((Product, key), ()),
        consents=held.get((Consent, key), ()),
        place_names=(region.name, region.parent.name) if region else (),
    )
    _scale(submission, pending)
    derived.derive_facet_key(business)


def _scale(submission, pending):
    """Keep the scale told with its basis; otherwise compute it from figures this submission brought."""
    business, values = submission.business, submission._values
    told_on = timezone.localtime(submission.proposed_at).date()
    if not business.scale:  # a basis proposed alone, or left behind by a scale taken away meanwhile
        business.scale_basis, business.scale_on = "", None
    elif not business.scale_basis:
        raise Refused(
            "scale-basis-missing",
            _("Dasar penentuan skala belum ada. Kembalikan usulan ini supaya dilengkapi."),
            fields={"scale_basis": _("Pilih dasar penentuan skala.")},
        )
    figures = {
        "capital_idr",
        "capital_upper_idr",
        "turnover_idr",
        "turnover_upper_idr",
        "founded_on",
        "founded_year",
    }
    if values.get("scale"):
        business.scale_on = date.fromisoformat(values["scale_on"]) if values.get("scale_on") else told_on
    elif figures & set(values) and "scale" not in values and business.scale_basis in ("", *COMPUTED):
        scale, basis = derived.computed_scale(business, told_on)
        if scale:
            business.scale, business.scale_basis, business.scale_on = scale, basis, told_on
    if business.scale and business.scale != submission._before_scale:
        pending.scales.append(
            ScaleRecord(
                business=business,
                scale=business.scale,
                basis=business.scale_basis,
                effective_on=business.scale_on or told_on,
                value_idr={"capital": business.capital_idr, "sales": business.annual_sales_idr}.get(
                    business.scale_basis
                ),
            )
        )


def _write_subsectors(submissions, references, existing):
    """Rewrite the other subsectors of businesses whose submission names them."""
    through = Business.other_subsectors.through
    changed = [s for s in submissions if "other_subsectors" in s._values]
    cleared = [s.business_id for s in changed if s.business_id in existing]
    if cleared:
        through.objects.filter(business__in=cleared).delete()
    rows = [
        through(business_id=s.business.pk, subsector_id=references.subsectors[slug].pk)
        for s in changed
        for slug in s._values["other_subsectors"]
        if slug in references.subsectors
    ]
    if rows:
        through.objects.bulk_create(rows)
