"""What one reader may see of one submission, gathered for a page: difference, pictures, what stays."""

from copy import deepcopy
from dataclasses import dataclass

from django.db.models import prefetch_related_objects
from django.urls import reverse
from django.utils.translation import gettext as _

from registry.businesses import cleaning, fields
from registry.businesses.belongings import Consent, Licence, Photo, Product, row_values
from registry.businesses.models import Ownership
from registry.people.models import Person
from registry.regions.access import reach
from registry.regions.models import Region
from registry.sectors.models import Kbli, Subsector
from registry.submissions import difference
from registry.submissions.bases import belongings_today, item_at
from registry.submissions.difference import Names
from registry.submissions.mend_inputs import spec_at
from registry.submissions.models import Submission
from registry.submissions.wording import is_hidden

MODELS = {"licence": Licence, "product": Product, "photo": Photo, "consent": Consent}


def hidden_fields(submission, user):
    """Names of fields this user may not see: figures need registry.view_turnover there, or authorship."""
    place = submission.kelurahan_next_id or submission.kelurahan_now_id
    if submission.proposed_by_id == user.pk or reach(user, "registry.view_turnover").covers(place):
        return set()
    found = {name for name, spec in fields.BUSINESS.items() if spec.need_to_know}
    for kind, table in fields.ITEMS.items():
        found |= {f"{kind}.{name}" for name, spec in table.items() if spec.need_to_know}
    return found


def stored_of(business):
    """{uuid: {"kind", "row", "values", "nik_last4"}} of a business's current belongings and owners."""
    return stored_of_many([business] if business else [])[business.pk] if business else {}


def stored_of_many(businesses):
    """{business pk: what `stored_of` gives}: five queries, however many businesses."""
    found = {business.pk: {} for business in businesses}
    if not found:
        return found
    for kind, model in MODELS.items():
        for row in model.objects.current().filter(business__in=found).order_by("pk"):
            found[row.business_id][str(row.uuid)] = {
                "kind": kind,
                "row": row,
                "values": row_values(kind, row),
            }
    owners = Ownership.objects.filter(business__in=found, ended_on=None).order_by("pk")
    for ownership in owners.select_related("person__domicile"):
        person = ownership.person
        found[ownership.business_id][str(person.uuid)] = stored_person(person, ownership.role)
    return found


def stored_person(person, role="owner"):
    return {
        "kind": "owner",
        "row": person,
        "values": row_values("owner", person) | {"role": role},
        "nik_last4": person.nik_last4,
    }


def names_for(submission, user, current=None):
    """The names behind the codes a submission (and what stays of its business) holds."""
    return _names_for_many([submission], user, {submission.pk: current or {}})[submission.pk]


def _names_for_many(submissions, user, current):
    """{submission pk: Names}, read together. Of an owner whom `user` may not read (linked by a NIK) nothing
    is fetched: the row tells of one, not whom."""
    of_business = stored_of_many({s.business_id: s.business for s in submissions if s.business}.values())
    stored = {s.pk: dict(of_business.get(s.business_id, {})) for s in submissions}
    wanted = {s.pk: _owners_to_read(s, stored[s.pk]) for s in submissions}
    identities = set().union(*wanted.values())
    people = {}
    if identities:
        rows = Person.objects.visible_to(user).filter(uuid__in=identities).select_related("domicile")
        people = {str(person.uuid): stored_person(person) for person in rows}
    for pk, owners in wanted.items():
        stored[pk] |= {identity: people[identity] for identity in owners & set(people)}
    texts = set()
    for submission in submissions:
        sides = [v for pair in submission.values.values() for v in pair]
        texts |= {v for v in [*sides, *current[submission.pk].values()] if isinstance(v, str)}
        for belonging in [*submission.items, *stored[submission.pk].values()]:
            texts |= {belonging["values"].get("domicile"), belonging.get("base", {}).get("domicile")}
    codes = {t for t in texts if t and cleaning.REGION.match(t)}
    keys = {t for t in texts if t and cleaning.KBLI.match(t)}
    named = set().union(*(set(s.values) | set(current[s.pk]) for s in submissions))
    slugs = {"subsector", "other_subsectors"} & named
    regions = Region.objects.filter(code__in=codes).select_related("parent") if codes else ()
    kbli = Kbli.objects.filter(code__in={k.split(":")[1] for k in keys}) if keys else ()
    shared = {
        "regions": {r.code: r.place for r in regions},
        "kbli": {k.key: k.title for k in kbli},
        "subsectors": dict(Subsector.objects.values_list("slug", "name")) if slugs else {},
    }
    return {pk: Names(**shared, stored=rows) for pk, rows in stored.items()}


def _owners_to_read(submission, stored):
    """Uuids of owners to be read beside `stored`, which loses what a decided submission brought itself: set
    against itself it would read "no change"."""
    owners = {i["uuid"] for i in submission.items if i["kind"] == "owner"} - set(stored)
    if submission.decided_at:
        owners = {i["uuid"] for i in submission.items if i["values"].get("nik_known")}
        for item in submission.items:
            if item["op"] != "end" and "base" not in item and item["uuid"] not in owners:
                stored.pop(item["uuid"], None)
    return owners


@dataclass
class Display:
    """`rows` of the difference, `unchanged` (label, words) pairs, `photos` with address and caption."""

    submission: object
    rows: list
    unchanged: list
    photos: list
    names: Names
    hidden: set
    conflicts: dict

    @property
    def is_past(self):
        """Whether it was applied: what it found then is no longer how things are now."""
        return self.submission.status == self.submission.Status.APPROVED

    @property
    def is_partly_hidden(self):
        return bool(self.hidden & set(self.submission.values))


def with_business(queryset):
    """`queryset` with what `display_many` reads of each submission's business and places joined."""
    return queryset.select_related(
        "business__kelurahan__parent",
        "business__kbli",
        "business__subsector",
        "kelurahan_now__parent",
        "kelurahan_next__parent",
        "proposed_by",
        "submitted_by",
        "decided_by",
    ).prefetch_related("business__other_subsectors")


def display(submission, user, *, with_unchanged=False):
    """Everything a page shows of what is proposed, cut down to what `user` may see."""
    return display_many([submission], user, with_unchanged=with_unchanged)[0]


def display_many(submissions, user, *, with_unchanged=False):
    """One Display for each submission, in the same number of queries for one and for many."""
    if not submissions:
        return []
    current = {s.pk: fields.current_values(s.business) if s.business_id else {} for s in submissions}
    names = _names_for_many(submissions, user, current)
    conflicts = conflicts_of(submissions)
    if any(i["kind"] == "photo" for s in submissions for i in s.items):
        prefetch_related_objects(submissions, "attachments")
    found = []
    for submission in submissions:
        hidden, own = hidden_fields(submission, user), names[submission.pk]
        differing = conflicts.get(submission.pk, {})

        def rows(values, items, hidden=hidden, own=own, differing=differing, today=current[submission.pk]):
            return difference.value_rows(
                values, own, hidden=hidden, conflicts=differing, current=today
            ) + difference.item_rows(items, own, hidden=hidden, conflicts=differing)

        shown = rows(*as_sent(submission))
        if submission.mends:
            shown = difference.mended_rows(shown, rows(submission.values, submission.items))
        unchanged = []
        if with_unchanged:
            unchanged = difference.told_rows(
                current[submission.pk], own, hidden=hidden, without=submission.values
            )
        found.append(Display(submission, shown, unchanged, photos_of(submission), own, hidden, differing))
    return found


def conflicts_of(submissions):
    """{submission pk: its `conflicts()`} of those that wait, read together; without those that have none."""
    waiting = [s for s in submissions if s.status == s.Status.SUBMITTED]
    today = belongings_today([i for s in waiting for i in s.items if "base" in i])
    found = {s.pk: s.conflicts(today) for s in waiting}
    return {pk: differing for pk, differing in found.items() if differing}


def as_sent(submission):
    """(values, items) as the proposer sent them, before a reviewer corrected any."""
    if not submission.mends:
        return submission.values, submission.items
    values, items = deepcopy(submission.values), deepcopy(submission.items)
    for key, (sent, _now) in submission.mends.items():
        if key in values:
            values[key][1] = sent
        else:
            item, name = item_at(items, key)
            if item is not None:
                item["values"][name] = sent
    return values, items


def mends_told(entries, user):
    """{submission id: "Jam buka: “8-17” menjadi “08.00–17.00”"} for the approvals among audit `entries` in
    which a reviewer corrected something, as far as `user` may read it."""
    ids = {e.target_id for e in entries if e.target_type == "submission" and (e.detail or {}).get("mended")}
    if not ids:
        return {}
    found = {}
    for submission in Submission.objects.visible_to(user).filter(pk__in=ids):
        hidden, told = hidden_fields(submission, user), []
        for key, pair in submission.mends.items():
            spec = spec_at(submission, key)
            if spec is None or is_hidden(key, hidden):
                continue
            sent, now = (difference.words(spec, value, Names()) or _("kosong") for value in pair)
            label = difference.label_of(key, submission.items)
            told.append(
                _("%(label)s “%(sent)s” menjadi “%(now)s”") % {"label": label, "sent": sent, "now": now}
            )
        found[str(submission.pk)] = "; ".join(told)
    return found


def photos_of(submission):
    """The pictures waiting with a submission: [{"uuid", "url", "caption", "kind"}]."""
    named = {i["values"].get("attachment"): i["values"] for i in submission.items if i["kind"] == "photo"}
    if not named:
        return []
    found = []
    for attachment in submission.attachments.all():
        values = named.get(str(attachment.uuid))
        if values is not None:
            kind = difference.words(fields.PHOTO["kind"], values.get("kind") or "product", Names())
            found.append(
                {
                    "uuid": str(attachment.uuid),
                    "url": reverse("submission-photo", args=[submission.uuid, attachment.uuid]),
                    "caption": values.get("caption") or kind,
                }
            )
    return found
