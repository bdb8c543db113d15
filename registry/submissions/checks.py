"""What the review page looks up by itself, so that the reviewer need not: hints, never decisions."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from registry.businesses.derived import owner_words_in_name
from registry.businesses.models import Business
from registry.people.models import Person
from registry.submissions.actions import likely_same
from registry.submissions.models import Submission
from umkm_portal.lib.sealing import lookups

MANY_OF_ONE_NAME = 5  # "Warung Kelontong": a name that many bear says nothing


@dataclass
class Check:
    """One hint. `icon` is check, info or warn; `link` (label, address) of the row it speaks of."""

    icon: str
    text: str
    link: tuple = ()


def checks(submission, user):
    """The hints for one submission, the ones to look at first."""
    found = [
        *_same_name(submission, user),
        *_same_phone(submission, user),
        *_owners(submission, user),
        *_licences(submission),
        *_others_waiting(submission),
        *_name_and_owner(submission),
    ]
    if submission.kind == Submission.Kind.REGISTER and not any(
        i["kind"] == "photo" for i in submission.items
    ):
        found.append(Check("info", _("Belum ada foto. Boleh menyusul.")))
    order = {"warn": 0, "info": 1, "check": 2}
    return sorted(found, key=lambda c: order[c.icon])


def _of(business):
    return (business.name, business.get_absolute_url())


def _same_name(submission, user):
    same = likely_same(submission, user)
    if len(same) >= MANY_OF_ONE_NAME:
        return [Check("info", _("Nama ini dipakai banyak usaha di kelurahan yang sama."))]
    return [
        Check("warn", _("Nama sama di kelurahan yang sama, mungkin sudah tercatat:"), _of(b)) for b in same
    ]


def _phones(submission):
    numbers = {submission.proposed("phone")}
    numbers |= {i["values"].get("phone") for i in submission.items if i["kind"] == "owner"}
    return {n for n in numbers if n}


def _same_phone(submission, user):
    digests = [digest for number in _phones(submission) for digest in lookups("phone", number)]
    if not digests:
        return []
    rows = (
        Business.objects.visible_to(user)
        .filter(
            Q(phone_lookup__in=digests)
            | Q(ownerships__person__phone_lookup__in=digests, ownerships__ended_on=None)
        )
        .exclude(uuid=submission.business_uuid)
        .distinct()[: MANY_OF_ONE_NAME + 1]
    )
    rows = list(rows)
    if len(rows) > MANY_OF_ONE_NAME:
        return [Check("info", _("Telepon ini tercatat pada banyak usaha. Mungkin nomor pendata."))]
    text = _("Telepon sama. Boleh bila satu keluarga:")
    return [Check("info", text, _of(b)) for b in rows]


def _owners(submission, user):
    found = []
    joined = [i["uuid"] for i in submission.items if i["kind"] == "owner" and i["values"].get("nik_known")]
    people = (
        {str(p.uuid): p for p in Person.objects.visible_to(user).filter(uuid__in=joined)} if joined else {}
    )
    for identity in joined:
        name = people[identity].name if identity in people else _("orang di luar wilayah Anda")
        found.append(
            Check(
                "warn", _("NIK pemilik sudah tercatat atas nama %s. Usaha ini akan menjadi miliknya.") % name
            )
        )
    for item in submission.items:
        if item["kind"] == "owner" and item["values"].get("nik_answer") == "later":
            found.append(Check("info", _("NIK pemilik menyusul.")))
    return found


def _licences(submission):
    found, year = [], timezone.localdate().year
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
            elif ends < year:
                found.append(Check("warn", _("P-IRT berakhir %d menurut nomornya.") % ends))
            else:
                found.append(Check("check", _("P-IRT berlaku sampai %d menurut nomornya.") % ends))
        expires = values.get("expires_on")
        if expires and expires < timezone.localdate().isoformat():
            found.append(Check("warn", _("Ada legalitas yang sudah lewat masa berlakunya.")))
    return found


def _others_waiting(submission):
    if not submission.business_id:
        return []
    others = Submission.objects.waiting().filter(business=submission.business_id).exclude(pk=submission.pk)
    return [
        Check(
            "warn", _("Usulan lain untuk usaha ini juga menunggu:"), (str(o.get_kind_display()), o.review_url)
        )
        for o in others[:3]
    ]


def _name_and_owner(submission):
    name = submission.proposed("name")
    owners = [i["values"].get("name", "") for i in submission.items if i["kind"] == "owner"]
    if not owners and submission.business_id:
        owners = submission.business.owner_name.split(", ")
    if name and owner_words_in_name(name, owners):
        return [Check("info", _("Nama usaha memuat nama pemilik, dan nama usaha tampil untuk masyarakat."))]
    return []
