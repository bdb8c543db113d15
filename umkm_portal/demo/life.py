"""Some weeks of work on the demo city, all through the one door: photos, changes, drafts, decisions."""

import random
import uuid
from datetime import timedelta

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from accounts.models import AuditEntry
from registry.models import Business, Submission, Tip
from registry.submissions.actions import attach_photo, propose
from registry.submissions.many import propose_many
from umkm_portal.demo import words
from umkm_portal.demo.pictures import draw_picture

PHOTOGRAPHED = 90
VERIFIED = 140
CONFIRMED = 420


def live(users, *, seed=7, photographed=PHOTOGRAPHED, verified=VERIFIED, confirmed=CONFIRMED):
    """Let the accounts work: returns {"waiting", "drafts", "returned", "photos"} as counts."""
    chance = random.Random(seed)
    people = {
        "operator": users["operator"],
        "verifikator": users["verifikator"],
        "35.73.01.1007": users["petugas.purwantoro"],
        "35.73.05.1004": users["petugas.dinoyo"],
    }
    shown = list(
        Business.objects.public().filter(shows_photo=True).select_related("kelurahan").order_by("pk")
    )
    chance.shuffle(shown)
    photos = sum(photograph(b, people, index) for index, b in enumerate(shown[:photographed]))
    for business in chance.sample(shown, min(verified, len(shown))):
        business.verify(
            "existence", how=chance.choice(["visit", "visit", "document"]), by=people["verifikator"]
        )
    for business in chance.sample(shown, min(confirmed, len(shown))):
        seen = timezone.localdate() - timedelta(days=chance.randrange(1, 420))
        business.confirm_active(on=seen, by=people["operator"])
    recognise(shown, people, chance)
    waiting = changes(people, chance)
    mended(people)
    move(people)
    bulk_change(people)
    drafts = registrations(people, chance)
    returned = send_back(people)
    visitors()
    return {"waiting": waiting, "drafts": drafts, "returned": returned, "photos": photos}


def trade_of(business):
    """The trade a business was drawn from, by its activity."""
    return next((t for t, spec in words.TRADES.items() if spec[5] == business.activity), "kelontong")


def photograph(business, people, number):
    """A picture and the products with prices, proposed by the operator and approved."""
    spec = words.TRADES[trade_of(business)]
    draft = propose(
        kind="change",
        by=people["operator"],
        business=business,
        values={"opening_hours": "Senin–Sabtu 07.00–17.00 WIB"},
    )
    attachment = attach_photo(draft, upload=draw_picture(spec[3], number), by=people["operator"])
    items = [
        {
            "kind": "photo",
            "values": {"kind": "product", "caption": spec[6][0][0], "attachment": str(attachment.uuid)},
        },
        *(
            {"kind": "product", "values": {"name": name, "price_idr": price, "unit": unit}}
            for name, price, unit in spec[6]
        ),
    ]
    draft.edit(by=people["operator"], values={"opening_hours": "Senin–Sabtu 07.00–17.00 WIB"}, items=items)
    draft.submit(by=people["operator"])  # a light correction: approved by rule
    decided_earlier(draft, days=number % 75)
    return 1


def changes(people, chance):
    """Changes and closings that wait in the queue, some of them overdue."""
    count = 0
    for code in ("35.73.01.1007", "35.73.05.1004"):
        officer = people[code]
        rows = list(Business.objects.filter(kelurahan__code=code).order_by("pk")[:60])
        for index, business in enumerate(chance.sample(rows, min(12, len(rows)))):
            kind, values = "change", {}
            if index == 0:
                kind = "close"
            elif index % 3 == 0:
                values = {"workers": (business.workers or 1) + 1, "workers_upper": None, "workers_told": ""}
            elif index % 3 == 1:
                values = {
                    "address": f"{business.address}, belakang masjid",
                    "rt": (business.rt or 1) % 12 + 1,
                }
            else:
                values = {"name": business.name + " Malang", "opening_hours": "Setiap hari 06.00–12.00 WIB"}
            submission = propose(kind=kind, by=officer, business=business, values=values, submit=True)
            backdate(submission, days=chance.randrange(0, 12))
            count += 1
    return count


def registrations(people, chance):
    """New businesses that officers propose: sent, and drafts that still lack something."""
    drafts = 0
    for index, (code, trade) in enumerate(
        [(c, t) for c in ("35.73.01.1007", "35.73.05.1004") for t in ("kue", "bakso", "kopi", "keramik")]
    ):
        officer = people[code]
        first = chance.choice(words.FEMALE)
        spec = words.TRADES[trade]
        owner = str(uuid.uuid4())
        draft = propose(
            kind="register",
            by=officer,
            values={
                "name": spec[4][0].format(p=f"Bu {first}", s="Baru", f=first),
                "activity": spec[5] if index % 4 != 3 else "",
                "kelurahan": code,
                "rw": chance.randrange(1, 16),
                "place_kind": "rumah",
            },
            items=[
                {
                    "kind": "owner",
                    "uuid": owner,
                    "values": {"name": f"{first} {chance.choice(words.FAMILY)}", "nik_answer": "later"},
                }
            ],
            note="Ditemui saat keliling RW." if index % 2 else "",
        )
        if index % 4 == 3:
            drafts += 1
            continue
        draft.submit(by=officer)
        backdate(draft, days=chance.randrange(0, 9))
    return drafts


def recognise(shown, people, chance):
    """Some businesses were curated for an exhibition, others are guided by the office."""
    for what, count in (("curated", 24), ("assisted", 60)):
        for business in chance.sample(shown, min(count, len(shown))):
            on = timezone.localdate() - timedelta(days=chance.randrange(20, 500))
            business.recognise(what, on=on, by=people["verifikator"])


def mended(people):
    """One name corrected by the reviewer while approving: both spellings stay readable."""
    submission = propose(
        kind="register",
        by=people["35.73.01.1007"],
        values={
            "name": "Kripik Singkong Mbak Yani",
            "activity": "kripik singkong pedas",
            "kelurahan": "35.73.01.1007",
            "rw": 4,
        },
        submit=True,
    )
    mends = {"name": "Keripik Singkong Mbak Yani", "activity": "keripik singkong pedas"}
    submission.approve(by=people["verifikator"], mends=mends, reason="Ejaan keripik.")


def move(people):
    """A business moves from Purwantoro to Dinoyo: Dinoyo has still to agree."""
    business = Business.objects.filter(kelurahan__code="35.73.01.1007", operating_state="active").last()
    if business is not None:
        propose(
            kind="move",
            by=people["35.73.01.1007"],
            business=business,
            values={"kelurahan": "35.73.05.1004", "rt": 2, "rw": 3, "address": "Jl. MT Haryono"},
            note="Pemilik mengontrak tempat baru sejak awal bulan.",
            submit=True,
        )


def bulk_change(people):
    """One change of many businesses, waiting to be decided as one."""
    shops = Business.objects.filter(name__startswith="Toko").exclude(place_kind="kios")
    rows = shops.for_list().prefetch_related("other_subsectors").order_by("pk")[:24]
    if chosen := [(business, {"place_kind": "kios"}) for business in rows]:
        propose_many(chosen, by=people["operator"], title="Toko dicatat sebagai kios menurut pendataan")


TOLD = (
    (Tip.Kind.WRONG, "Nomor WhatsApp-nya salah, yang mengangkat bukan orang warung ini.", ""),
    (Tip.Kind.MOVED, "Sejak lebaran pindah ke gang sebelah, dekat musala.", "tetangga@contoh.id"),
    (Tip.Kind.CLOSED, "Rumahnya sudah kosong sejak Maret.", ""),
)


def visitors():
    """What visitors of the directory report, in each officer's kelurahan."""
    for code in ("35.73.01.1007", "35.73.05.1004"):
        known = Submission.objects.filter(status__in=Submission.OPEN, business=OuterRef("pk"))
        rows = Business.objects.public().filter(~Exists(known), kelurahan__code=code).order_by("-name", "pk")
        for business, (kind, text, contact) in zip(rows[: len(TOLD)], TOLD, strict=False):
            Tip.receive(business=business, kind=kind, words=text, contact=contact)


def send_back(people):
    """The reviewer asks for mending, with notes on fields."""
    rows = Submission.objects.waiting().filter(kind="register").order_by("pk")[:3]
    for submission in rows:
        submission.return_for_changes(
            by=people["verifikator"],
            notes={"address": "Alamat belum lengkap. Mohon tulis nama jalan atau gang dan nomor rumahnya."},
        )
    return len(rows)


def decided_earlier(submission, *, days):
    """Let a decided submission look as if it had been decided some days ago, for the monthly sample."""
    then = timezone.now() - timedelta(days=days)
    Submission.objects.filter(pk=submission.pk).update(proposed_at=then, submitted_at=then, decided_at=then)


def backdate(submission, *, days):
    """Let a waiting submission look as if it had been sent some days ago, so that the queue has ages."""
    then = timezone.now() - timedelta(days=days, hours=3)
    Submission.objects.filter(pk=submission.pk).update(proposed_at=then, submitted_at=then)
    # The audit trail refuses updates through its own manager; only this invented past may be moved.
    QuerySet(AuditEntry).filter(target_type="submission", target_id=str(submission.pk)).update(
        recorded_at=then
    )
