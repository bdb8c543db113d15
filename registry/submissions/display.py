"""What one reader may see of one submission, gathered for a page: difference, pictures, what stays."""

from dataclasses import dataclass

from django.urls import reverse

from registry.businesses import cleaning, fields
from registry.businesses.belongings import Consent, Licence, Photo, Product, row_values
from registry.businesses.models import Ownership
from registry.people.models import Person
from registry.regions.access import reach
from registry.regions.models import Region
from registry.sectors.models import Kbli, Subsector
from registry.submissions import difference
from registry.submissions.difference import Names

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
    found = {}
    if business is None:
        return found
    for kind, model in MODELS.items():
        for row in model.objects.current().filter(business=business).order_by("pk"):
            found[str(row.uuid)] = {"kind": kind, "row": row, "values": row_values(kind, row)}
    owners = Ownership.objects.filter(business=business, ended_on=None).order_by("pk")
    for ownership in owners.select_related("person__domicile"):
        found[str(ownership.person.uuid)] = stored_person(ownership.person, ownership.role)
    return found


def stored_person(person, role="owner"):
    return {
        "kind": "owner",
        "row": person,
        "values": row_values("owner", person) | {"role": role},
        "nik_last4": person.nik_last4,
    }


def names_for(submission, user, current=None):
    """The names behind the codes a submission (and what stays of its business) holds.

    Of an owner whom `user` may not read (linked by a NIK) nothing is fetched: the row tells of one, not whom.
    """
    stored = stored_of(submission.business)
    owners = {i["uuid"] for i in submission.items if i["kind"] == "owner"} - set(stored)
    if submission.decided_at:
        # What it added or changed stands in the registry now: set against itself it would read "no change".
        owners = {i["uuid"] for i in submission.items if i["values"].get("nik_known")}
        for item in submission.items:
            if item["op"] != "end" and item["uuid"] not in owners:
                stored.pop(item["uuid"], None)
    if owners:
        for person in Person.objects.visible_to(user).filter(uuid__in=owners).select_related("domicile"):
            stored[str(person.uuid)] = stored_person(person)
    values = [v for pair in submission.values.values() for v in pair] + list((current or {}).values())
    texts = {v for v in values if isinstance(v, str)}
    for belonging in [*submission.items, *stored.values()]:
        texts.add(belonging["values"].get("domicile"))
    codes = {t for t in texts if t and cleaning.REGION.match(t)}
    keys = {t for t in texts if t and cleaning.KBLI.match(t)}
    slugs = {"subsector", "other_subsectors"} & {*submission.values, *(current or {})}
    regions = Region.objects.filter(code__in=codes).select_related("parent") if codes else ()
    kbli = Kbli.objects.filter(code__in={k.split(":")[1] for k in keys}) if keys else ()
    return Names(
        regions={r.code: r.place for r in regions},
        kbli={k.key: k.title for k in kbli},
        subsectors=dict(Subsector.objects.values_list("slug", "name")) if slugs else {},
        stored=stored,
    )


@dataclass
class Display:
    """`rows` of the difference, `unchanged` (label, words) pairs, `photos` with address and caption."""

    rows: list
    unchanged: list
    photos: list
    names: Names
    hidden: set

    @property
    def is_partly_hidden(self):
        return bool(self.hidden)


def display(submission, user, *, with_unchanged=False):
    """Everything a page shows of what is proposed, cut down to what `user` may see."""
    hidden = hidden_fields(submission, user)
    current = fields.current_values(submission.business) if submission.business_id else {}
    names = names_for(submission, user, current)
    conflicts = submission.conflicts() if submission.status == "submitted" else {}
    rows = difference.value_rows(
        submission.values, names, hidden=hidden, conflicts=conflicts, current=current
    )
    rows += difference.item_rows(submission.items, names, hidden=hidden)
    return Display(
        rows=rows,
        unchanged=difference.told_rows(current, names, hidden=hidden, without=submission.values)
        if with_unchanged
        else [],
        photos=photos_of(submission),
        names=names,
        hidden=hidden & set(submission.values),
    )


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
