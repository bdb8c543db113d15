"""What the review page looks up by itself, so that the reviewer need not: hints, never decisions."""

from dataclasses import dataclass

from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext as _

from registry.businesses.derived import owner_words_in_name
from registry.businesses.models import Business, Ownership
from registry.people.models import Person
from registry.submissions.models import Submission
from umkm_portal.lib.sealing import lookups

MANY_OF_ONE_NAME = 5  # "Warung Kelontong": a name that many bear says nothing
READ_AT_MOST = 5000  # rows of one kind looked through for one page of submissions
SHOWN_WAITING = 3


@dataclass
class Check:
    """One hint. `icon` is check, info or warn; `link` (label, address) of the row it speaks of."""

    icon: str
    text: str
    link: tuple = ()


def checks(submission, user):
    """The hints for one submission, the ones to look at first."""
    return checks_of([submission], user)[submission.pk]


def checks_of(submissions, user):
    """{submission pk: its hints}, looked up together: as many queries for 200 as for one.

    The submissions come with their business joined.
    """
    looks = [
        _same_name(submissions, user),
        _same_phone(submissions, user),
        _owners(submissions, user),
        _others_waiting(submissions),
    ]
    order = {"warn": 0, "info": 1, "check": 2}
    found = {}
    for submission in submissions:
        own = [check for look in looks for check in look.get(submission.pk, ())]
        own += [*_licences(submission), *_name_and_owner(submission), *_photo(submission)]
        found[submission.pk] = sorted(own, key=lambda c: order[c.icon])
    return found


def _of(business):
    return (business.name, business.get_absolute_url())


def _same_name(submissions, user):
    new = {
        s.pk: (s.kelurahan_next_id, s.proposed("name").lower())
        for s in submissions
        if s.kind == Submission.Kind.REGISTER and s.kelurahan_next_id and s.proposed("name")
    }
    if not new:
        return {}
    # SQLite lowers only a to z: a name with other capitals is looked for as it is written, too.
    names = {s.proposed("name") for s in submissions if s.pk in new} | {name for _place, name in new.values()}
    names |= {"".join(c.lower() if c.isascii() else c for c in name) for name in names}
    rows = (
        Business.objects.visible_to(user)
        .annotate(lowered=Lower("name"))
        .filter(kelurahan__in={place for place, _name in new.values()}, lowered__in=names)
        .only("pk", "uuid", "name", "kelurahan_id")
        .order_by("pk")[:READ_AT_MOST]
    )
    there = {}
    for row in rows:
        there.setdefault((row.kelurahan_id, row.name.lower()), []).append(row)
    found = {}
    for submission in submissions:
        same = [b for b in there.get(new.get(submission.pk), ()) if b.uuid != submission.business_uuid]
        if len(same) >= MANY_OF_ONE_NAME:
            found[submission.pk] = [Check("info", _("Nama ini dipakai banyak usaha di kelurahan yang sama."))]
        else:
            text = _("Nama sama di kelurahan yang sama, mungkin sudah tercatat:")
            found[submission.pk] = [Check("warn", text, _of(b)) for b in same]
    return found


def _phones(submission):
    numbers = {submission.proposed("phone")}
    numbers |= {i["values"].get("phone") for i in submission.items if i["kind"] == "owner"}
    return {n for n in numbers if n}


def _same_phone(submissions, user):
    wanted = {s.pk: {d for number in _phones(s) for d in lookups("phone", number)} for s in submissions}
    digests = set().union(*wanted.values())
    if not digests:
        return {}
    bearers = {}
    rows = Business.objects.visible_to(user).only("pk", "uuid", "name", "phone_lookup")
    for row in rows.filter(phone_lookup__in=digests).order_by("pk")[:READ_AT_MOST]:
        bearers.setdefault(row.phone_lookup, {})[row.pk] = row
    owned = Ownership.objects.select_related("business", "person").filter(
        person__phone_lookup__in=digests, ended_on=None, business__in=Business.objects.visible_to(user)
    )
    owned = owned.only("business__uuid", "business__name", "person__phone_lookup")
    for row in owned.order_by("pk")[:READ_AT_MOST]:
        bearers.setdefault(row.person.phone_lookup, {})[row.business_id] = row.business
    found = {}
    for submission in submissions:
        same = {}
        for digest in wanted[submission.pk]:
            same |= bearers.get(digest, {})
        same = [b for _pk, b in sorted(same.items()) if b.uuid != submission.business_uuid]
        if len(same) > MANY_OF_ONE_NAME:
            found[submission.pk] = [
                Check("info", _("Telepon ini tercatat pada banyak usaha. Mungkin nomor pendata."))
            ]
        else:
            text = _("Telepon sama. Boleh bila satu keluarga:")
            found[submission.pk] = [Check("info", text, _of(b)) for b in same]
    return found


def _owners(submissions, user):
    joined = {
        i["uuid"]
        for s in submissions
        for i in s.items
        if i["kind"] == "owner" and i["values"].get("nik_known")
    }
    rows = Person.objects.visible_to(user).filter(uuid__in=joined) if joined else ()
    people = {str(person.uuid): person.name for person in rows}
    found = {}
    for submission in submissions:
        own = found[submission.pk] = []
        for item in submission.items:
            if item["kind"] != "owner":
                continue
            if item["values"].get("nik_known"):
                name = people.get(item["uuid"]) or _("orang di luar wilayah Anda")
                text = _("NIK pemilik sudah tercatat atas nama %s. Usaha ini akan menjadi miliknya.") % name
                own.append(Check("warn", text))
            elif item["values"].get("nik_answer") == "later":
                own.append(Check("info", _("NIK pemilik menyusul.")))
    return found


def _licences(submission):
    found, today = [], timezone.localdate()
    for item in submission.items:
        values = item["values"]
        number = values.get("number", "")
        if item["kind"] != "licence" or item["op"] == "end" or not number:
            continue
        if values.get("kind") == "nib" and len(number) == 13:
            found.append(Check("check", _("NIB 13 angka.")))
        if values.get("kind") == "pirt" and len(number) == 15 and number.isdigit():
            # The last two digits are the year it ends (Peraturan BPOM 22/2018).
            ends, told = 2000 + int(number[-2:]), (values.get("expires_on") or "")[:4]
            if told and told != str(ends):
                text = _(
                    "Dua angka terakhir P-IRT berarti %(ends)d, tetapi tertulis berlaku sampai %(told)s."
                )
                found.append(Check("warn", text % {"ends": ends, "told": told}))
            elif ends < today.year:
                found.append(Check("warn", _("P-IRT berakhir %d menurut nomornya.") % ends))
            else:
                found.append(Check("check", _("P-IRT berlaku sampai %d menurut nomornya.") % ends))
        expires = values.get("expires_on")
        if expires and expires < today.isoformat():
            found.append(Check("warn", _("Ada legalitas yang sudah lewat masa berlakunya.")))
    return found


def _others_waiting(submissions):
    about = {s.business_id for s in submissions if s.business_id}
    if not about:
        return {}
    there = {}
    rows = Submission.objects.waiting().filter(business__in=about).only("pk", "uuid", "kind", "business_id")
    for row in rows.order_by("pk")[:READ_AT_MOST]:
        there.setdefault(row.business_id, []).append(row)
    text = _("Usulan lain untuk usaha ini juga menunggu:")
    found = {}
    for submission in submissions:
        others = [o for o in there.get(submission.business_id, ()) if o.pk != submission.pk]
        found[submission.pk] = [
            Check("warn", text, (str(o.get_kind_display()), o.review_url)) for o in others[:SHOWN_WAITING]
        ]
    return found


def _name_and_owner(submission):
    name = submission.proposed("name")
    owners = [i["values"].get("name", "") for i in submission.items if i["kind"] == "owner"]
    if not owners and submission.business_id:
        owners = submission.business.owner_name.split(", ")
    if name and owner_words_in_name(name, owners):
        return [Check("info", _("Nama usaha memuat nama pemilik, dan nama usaha tampil untuk masyarakat."))]
    return []


def _photo(submission):
    if submission.kind != Submission.Kind.REGISTER or any(i["kind"] == "photo" for i in submission.items):
        return []
    return [Check("info", _("Belum ada foto. Boleh menyusul."))]
