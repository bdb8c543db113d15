"""A plan beside what is known already: the registry and rows of other lists. Reads only, in set queries.

The same business with nothing new is a duplicate; with new values it is a change, counted in `changed`
and accepted. Earlier rows count while their submission is waiting or applied (DOMAIN, "Bringing lists in").
"""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from uuid import uuid4

from django.utils import timezone
from django.utils.translation import gettext as _

from registry.businesses import matching
from registry.businesses.belongings import Consent, Licence
from registry.businesses.models import Business, Ownership
from registry.people.models import Person
from registry.regions.models import Region, RegionAlias
from registry.sectors.models import Kbli, Subsector
from registry.submissions.models import Submission
from umkm_portal.lib.sealing import lookup, lookups
from umkm_portal.lib.text import fold

from . import proposals
from .models import ImportRow
from .place import Places
from .records import ACCEPTED, DUPLICATE

CHUNK = 500


@dataclass
class Compared:
    """A plan with what the registry made of it. Record numbers are rows of the file."""

    plan: object
    changes: dict = field(default_factory=dict)  # row -> (business, values, items, sealed)
    business_of: dict = field(default_factory=dict)  # row -> business pk it repeats or resembles
    candidates: set = field(default_factory=set)  # rows that resemble a known business
    prints: dict = field(default_factory=dict)  # row -> what is the same in the same row elsewhere
    matches: dict = field(default_factory=dict)  # row -> what the same business shares: name and address

    def counts(self):
        """{records, accepted, rejected, duplicates, candidates, changed, warnings}."""
        counts = self.plan.counts()
        extra = [r for r in self.plan.records if r.outcome == ACCEPTED and r.candidate_of is None]
        counts["candidates"] += sum(1 for r in extra if r.number in self.candidates)
        counts["changed"] = sum(1 for r in self.plan.records if r.number in self.changes)
        return {
            k: counts[k]
            for k in ("records", "accepted", "rejected", "duplicates", "candidates", "changed", "warnings")
        }


def load_places():
    """The Places of the regions in the database, with this city's name."""
    regions = list(
        Region.objects.kelurahan().select_related("parent").values_list("code", "name", "parent__name")
    )
    aliases = RegionAlias.objects.filter(region__level="kelurahan").values_list("alias", "region__code")
    cities = list(Region.objects.filter(level="city").values_list("name", flat=True)[:2])
    return Places(regions, list(aliases), cities[0] if len(cities) == 1 else "")


def in_chunks(values, size=CHUNK):
    values = list(values)
    return (values[i : i + size] for i in range(0, len(values), size))


def compare(plan, *, consents=(), exclude=None):
    """Set each accepted record against the registry and other lists. `exclude` is an Import to pass over."""
    compared = Compared(plan)
    _settle_kbli(plan.records)
    proposals.settle_subsectors(plan.records, {fold(s.name): s.slug for s in Subsector.objects.all()})
    waiting = [r for r in plan.records if r.outcome == ACCEPTED]
    for record in waiting:
        card = record.facts.card
        compared.prints[record.number] = f"{_place(card)}\x1e{record.print}"
        if card.site:
            compared.matches[record.number] = f"{card.name}\x1e{card.address}\x1e{_place(card)}"
    _drop_identical(waiting, compared, exclude)
    waiting = [r for r in waiting if r.outcome == ACCEPTED]
    _drop_pending(waiting, compared, exclude)
    waiting = [r for r in waiting if r.outcome == ACCEPTED]
    _settle_nik(waiting)
    _against_registry(waiting, compared, consents)
    return compared


def _settle_kbli(records):
    codes = {r.facts.values["kbli_told"][0] for r in records if "kbli_told" in r.facts.values}
    table = defaultdict(dict)
    for chunk in in_chunks(codes):
        for code, version, title in Kbli.objects.filter(code__in=chunk).values_list(
            "code", "version", "title_folded"
        ):
            table[code][version] = title
    proposals.settle_kbli(records, table)


def _place(card):
    return card.place if card.place[:2].isdigit() else ""


def _live(exclude):
    rows = ImportRow.objects.live()
    return rows.exclude(upload=exclude) if exclude is not None else rows


def _drop_identical(records, compared, exclude):
    """Rows that stand word for word in another list that is waiting or applied."""
    wanted = defaultdict(list)
    for record in records:
        for key in lookups("import-row", compared.prints[record.number]):
            wanted[key].append(record)
    for chunk in in_chunks(wanted):
        for key in _live(exclude).filter(fingerprint__in=chunk).values_list("fingerprint", flat=True):
            for record in wanted[key]:
                record.outcome, record.candidate_of = DUPLICATE, None
                record.reason = _("Baris yang sama sudah diunggah sebelumnya.")


def _drop_pending(records, compared, exclude):
    """Rows about a business that another list registers and nobody decided yet."""
    wanted = defaultdict(list)
    for record in records:
        if matched := compared.matches.get(record.number):
            for key in lookups("import-match", matched):
                wanted[key].append(record)
    for chunk in in_chunks(wanted):
        rows = (
            _live(exclude)
            .filter(
                match_key__in=chunk,
                submission__status__in=["submitted", "returned"],
                submission__kind="register",
            )
            .select_related("submission")
        )
        for row in rows:
            earlier = _card_of_submission(row.submission)
            for record in wanted[row.match_key]:
                if record.outcome != ACCEPTED:
                    continue
                if matching.differs(_keyed(record.facts.card), earlier):
                    compared.candidates.add(record.number)
                else:
                    record.outcome, record.candidate_of = DUPLICATE, None
                    record.reason = _("Usaha ini sudah menunggu verifikasi dari unggahan lain.")


def _card_of_submission(submission):
    values = {name: pair[1] for name, pair in submission.values.items()}
    owner = next((i["values"].get("name", "") for i in submission.items if i["kind"] == "owner"), "")
    nib = next(
        (
            i["values"].get("number", "")
            for i in submission.items
            if i["kind"] == "licence" and i["values"].get("kind") == "nib"
        ),
        "",
    )
    return matching.Card(
        name="",
        owner=matching.name_key(owner),
        phones=_phones(values.get("phone"), values.get("phone_other")),
        nik=submission.owner_nik_lookup or "",
        nib=nib,
        stall=matching.name_key(values.get("stall") or ""),
    )


def _phones(first, others):
    return frozenset(n for n in [first, *str(others or "").split()] if n)


def _keyed(card):
    """A record's card as the registry's are: place by code, NIK by its keyed form."""
    return replace(card, place=_place(card), nik=lookup("nik", card.nik) if len(card.nik) == 16 else "")


def _settle_nik(records):
    """A NIK that is somebody's: link the person of the same name, else leave the number out and say so."""
    with_nik = [r for r in records if r.facts.sealed.get("nik")]
    if not with_nik:
        return
    keys = {}
    for record in with_nik:
        for key in lookups("nik", record.facts.sealed["nik"]):
            keys[key] = record.facts.sealed["nik"]
    known = {}
    for chunk in in_chunks(keys):
        for person in Person.objects.filter(nik_lookup__in=chunk):
            known[keys[person.nik_lookup]] = person
    pending = set()
    for chunk in in_chunks(keys):
        open_rows = Submission.objects.open().filter(kind="register", owner_nik_lookup__in=chunk)
        pending |= {keys[key] for key in open_rows.values_list("owner_nik_lookup", flat=True)}
    first = {}
    for record in with_nik:
        facts = record.facts
        nik, name = facts.sealed["nik"], fold(facts.owner["name"]) if facts.owner else ""
        person = known.get(nik)
        if person is not None and fold(person.name) == name:
            facts.sealed |= {"person": str(person.uuid), "nik_known": True}
        elif person is not None or nik in pending:
            _leave_out(
                facts, _("NIK ini sudah tercatat atau sedang menunggu verifikasi; pemilik dicatat tanpa NIK.")
            )
        elif nik in first and first[nik][1] == name:
            facts.sealed |= {"person": first[nik][0], "nik_known": True}
        elif nik in first:
            _leave_out(facts, _("NIK ini sama dengan NIK pemilik lain di daftar; pemilik dicatat tanpa NIK."))
        else:
            first[nik] = (str(uuid4()), name)
            facts.sealed["person"] = first[nik][0]


def _leave_out(facts, message):
    facts.sealed.pop("nik", None)
    cell = facts.sealed.get("nik_cell", ("", "NIK"))
    facts.warnings.append((*cell, message))


def _against_registry(records, compared, consents):
    by_name = defaultdict(list)
    for record in records:
        by_name[record.facts.card.name].append(record)
    pks = [
        pk
        for pk, name in Business.objects.filter(merged_into=None).values_list("pk", "name").iterator(5000)
        if matching.name_key(name) in by_name
    ]
    today = timezone.localdate().isoformat()
    for chunk in in_chunks(pks):
        businesses = {
            b.pk: b
            for b in Business.objects.filter(pk__in=chunk).select_related("kelurahan", "kbli", "subsector")
        }
        held = _held(businesses)
        index = matching.Index()
        for pk, business in businesses.items():
            index.add(pk, card_of_business(business, held[pk]))
        taken = set()
        for name in {matching.name_key(b.name) for b in businesses.values()}:
            for record in by_name[name]:
                if record.outcome == ACCEPTED and record.number not in compared.changes:
                    _settle(record, index, businesses, held, compared, consents, taken, today)


def _settle(record, index, businesses, held, compared, consents, taken, today):
    same, candidate = index.match(_keyed(record.facts.card))
    if same is None or same in taken:
        if (resembles := candidate or same) is not None:
            compared.candidates.add(record.number)
            compared.business_of[record.number] = resembles
        return
    taken.add(same)
    compared.business_of[record.number] = same
    compared.candidates.discard(record.number)
    values, items, sealed = proposals.change(
        record.facts, businesses[same], held[same], consents=consents, today=today
    )
    record.candidate_of = None
    if values or items:
        compared.changes[record.number] = (businesses[same], values, items, sealed)
    else:
        record.outcome = DUPLICATE
        record.reason = _("Usaha ini sudah tercatat dan tidak ada yang baru.")


def card_of_business(business, held):
    """The Card of a business of the registry; `held` as in proposals.change."""
    owners = held["owners"]
    return matching.Card(
        name=matching.name_key(business.name),
        address=matching.address_key(business.address, business.rt, business.rw),
        place=business.kelurahan.code if business.kelurahan_id else "",
        point=matching.point_key(business.latitude, business.longitude),
        owner=matching.name_key(owners[0].name) if owners else "",
        phones=_phones(business.phone, business.phone_other),
        nik=owners[0].nik_lookup or "" if owners else "",
        nib=next((row.number for row in held["licences"] if row.kind == "nib"), ""),
        stall=matching.name_key(business.stall),
    )


def _held(businesses):
    held = {pk: {"owners": [], "licences": [], "consents": set()} for pk in businesses}
    owned = Ownership.objects.filter(business__in=businesses, ended_on=None).select_related("person")
    for row in owned.order_by("pk"):
        held[row.business_id]["owners"].append(row.person)
    for row in Licence.objects.current().filter(business__in=businesses):
        held[row.business_id]["licences"].append(row)
    for pk, group in (
        # Withdrawn ones too: an old list must not give again what the owner took back.
        Consent.objects.filter(business__in=businesses).values_list("business_id", "group")
    ):
        held[pk]["consents"].add(group)
    return held
