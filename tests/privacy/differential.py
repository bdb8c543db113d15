"""Two cities that differ only in what the public may not know, made alike in everything else.

`build(side)` makes one of them ("a" or "b") through the one door, with the same keys and uuids; `questions`
are all addresses a stranger can think of, generated from the access matrix's table, from every filter and
from every private value of either side; `answers` asks them and keeps status, headers and body.
"""

import os
import random
import re
import sys
import uuid
from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.core.cache import caches
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from registry.businesses import fields
from registry.businesses.filters import BusinessFilter
from registry.models import Business, Person, Submission
from registry.submissions.actions import attach_photo, propose
from tests import factories
from tests.access.routes import all_routes
from tests.access.table import TABLE
from tests.access.world import picture

HERE = "35.73.01.1007"
# What each business's owner agreed to show; the rest of it is nobody's business. "phone-other" agreed to
# show a number that belongs to somebody else, "withdrawn" changed their mind.
AGREED = {
    "none": (),
    "owner_name": ("owner_name",),
    "phone": ("phone",),
    "phone-other": ("phone",),
    "address": ("address",),
    "exact_place": ("exact_place",),
    "photo": ("photo",),
    "withdrawn": (),
}
GROUP_FIELDS = {
    "phone": ("phone", "phone_of"),
    "address": ("address", "stall", "rt", "rw"),
    "exact_place": ("latitude", "longitude"),
    "owner_name": (),
    "photo": (),
}
PLACES = (
    "/kelurahan/purwantoro/", "/kelurahan/dinoyo/", "/sektor/kuliner/", "/sektor/industri/",
    "/sitemap-halaman.xml", "/sitemap-usaha.xml",
)  # fmt: skip
HIDDEN = ("opted-out", "closed")  # whole businesses that the public may not see


@contextmanager
def the_same_uuids():
    """`uuid4` counts from the same seed on both sides; sealing and tokens stay random."""
    drawn, real = random.Random(20261120), os.urandom

    def urandom(size):
        if sys._getframe(1).f_globals.get("__name__") == "uuid":
            return drawn.randbytes(size)
        return real(size)

    os.urandom = urandom
    try:
        yield
    finally:
        os.urandom = real


def word(side, *parts):
    """A word that only this side knows, and that no public text holds."""
    return "zq" + "".join(
        "abcdefghij"[int(c)] if c.isdigit() else c for c in f"{side}{''.join(parts)}" if c.isalnum()
    )


def private_values(side, which):
    """Everything a business can hold that no page may tell without consent; both sides in one scale band."""
    first = side == "a"
    number = str(sum(map(ord, which)) % 900 + 100)
    rank = (*AGREED, *HIDDEN).index(which) if which in (*AGREED, *HIDDEN) else 0
    return {
        "legal_form": "ud" if first else "cv",
        "rt": 3 if first else 41,
        "rw": 11 if first else 17,
        "address": f"Jl. {word(side, 'jalan', which)} {7 if first else 9}",
        "stall": f"Kios {word(side, 'kios', which)}",
        "place_kind": "rumah" if first else "kios",
        "latitude": "-7.951111" if first else "-7.962222",
        "longitude": "112.631111" if first else "112.642222",
        "phone": f"62812{1 if first else 2}{number}00{number}"[:13],
        "phone_of": "owner" if first else "family",
        "phone_other": f"0341-5{1 if first else 2}{number}",
        "email": f"{word(side, 'surel', which)}@contoh.id",
        "website": f"https://{word(side, 'situs', which)}.example",
        "instagram": word(side, "ig", which),
        "marketplace": word(side, "toko", which),
        "sector_told": "makanan ringan",  # the directory finds by it: no private fact
        "founded_on": "2022-01-02" if first else "2022-03-04",
        "workers": 2 if first else 3,
        "workers_told": word(side, "pekerja", which),
        "capital_idr": (100 + rank if first else 400 - rank) * 1_000_000,
        "capital_told": word(side, "modal", which),
        "turnover_answer": "exact",
        "turnover_idr": 300_000 if first else 500_000,
        "turnover_period": "day",
        "turnover_days_per_week": 5 if first else 6,
        "turnover_is_estimate": first,
        "turnover_told": word(side, "omzet", which),
        "investment_idr": 20_000_000 if first else 30_000_000,
    }


def owner_item(side, which):
    first = side == "a"
    identity = str(uuid.uuid4())
    values = {
        "name": f"{word(side, 'nama', which)} {word(side, 'marga', which)}",
        "phone": f"0857{1 if first else 2}{sum(map(ord, which)) % 900 + 100}4455",
        "phone_of": "owner",
        "sex": "P" if first else "L",
        "born_on": "1980-08-15" if first else "1975-02-03",
        "email": f"{word(side, 'pribadi', which)}@contoh.id",
        "address": f"Jl. {word(side, 'rumah', which)}",
        "domicile": HERE if first else "35.73.05.1004",
        "education": word(side, "sekolah", which),
        "disability": word(side, "ragam", which),
    }
    serial = sum(map(ord, which)) % 4000 + (1000 if first else 5000)
    return {"op": "add", "kind": "owner", "uuid": identity, "values": values}, {
        identity: {"nik": factories.nik(serial), "kk": factories.nik(serial, birth="010101")}
    }


def build(side):
    """The city of this side. Returns {which: uuid of its business} and every private text of this side."""
    for name in settings.CACHES:
        caches[name].clear()
    with the_same_uuids():
        city = factories.make_city()
        factories.make_kbli()
        factories.make_subsector()
        people = {}
        for role, region in (("petugas", "Purwantoro"), ("verifikator", "Kota"), ("operator", "Kota")):
            user = factories.make_user(
                word(side, "akun", role),
                name=f"{word(side, 'pegawai', role)}",
                email=f"{word(side, role)}@dinas.id",
            )
            factories.make_post(user, role, city[region])
            people[role] = user
        made = {which: _business(side, which, people) for which in (*AGREED, *HIDDEN)}
        _only_inside(side, made, people)
    return made


def _business(side, which, people):
    hidden = which in HIDDEN
    values = {
        "name": f"Keripik {which.title()}" if not hidden else f"Usaha {word(side, 'tersembunyi', which)}",
        "activity": "keripik tempe" if not hidden else word(side, "kegiatan", which),
        "description": "Cerita yang boleh dibaca." if not hidden else word(side, "cerita", which),
        "kelurahan": HERE,
        "kbli": "2025:10307",
        "subsector": "kuliner",
        "opening_hours": "08.00-16.00",
        "public_opt_out": which == "opted-out",
    } | private_values(side, which)
    agreed = AGREED.get(which, ())
    for group in agreed:
        same = private_values("a", which)
        values |= {name: same[name] for name in GROUP_FIELDS[group]}
    if which == "phone-other":
        values |= {"phone_of": "enumerator", "phone": private_values(side, which)["phone"]}
    owner, sealed = owner_item(side, which)
    if "owner_name" in agreed:
        owner["values"]["name"] = "Nama Yang Boleh"
    draft = factories.make_submission(by=people["petugas"], **{n: values[n] for n in ("name", "activity")})
    photo = attach_photo(
        draft,
        upload=SimpleUploadedFile("foto.jpg", picture(), content_type="image/jpeg"),
        by=people["petugas"],
    )
    groups = (*agreed, *(("phone",) if which == "withdrawn" else ()))
    items = [
        owner,
        {
            "op": "add",
            "kind": "licence",
            "uuid": str(uuid.uuid4()),
            "values": {
                "kind": "nib",
                "status": "has",
                "number": f"0{sum(map(ord, side + which)):012d}",
                "note": word(side, "catatannib", which),
            },
        },
        {
            "op": "add",
            "kind": "product",
            "uuid": str(uuid.uuid4()),
            "values": {"name": "Keripik", "price_idr": 15000, "unit": "bungkus"},
        },
        {
            "op": "add",
            "kind": "photo",
            "uuid": str(uuid.uuid4()),
            "values": {
                "attachment": str(photo.uuid),
                "caption": "Boleh" if "photo" in agreed else word(side, "takarir", which),
            },
        },
        *(
            {
                "op": "add",
                "kind": "consent",
                "uuid": str(uuid.uuid4()),
                "values": {"group": g, "channel": "paper"},
            }
            for g in groups
        ),
    ]
    draft.edit(
        by=people["petugas"],
        values=values,
        items=items,
        sealed=sealed,
        note=f"Ingat: {word(side, 'catatan', which)}.",
    )
    draft.submit(by=people["petugas"])
    draft.return_for_changes(by=people["verifikator"], reason=f"Tanya {word(side, 'alasan', which)}.")
    draft.submit(by=people["petugas"])
    draft.approve(by=people["verifikator"])
    business = Business.objects.get(pk=draft.business_id)
    business.verify("existence", how="visit", by=people["verifikator"])
    if which == "withdrawn":
        business.consents.get(group="phone").withdraw(by=people["petugas"])
    if which == "closed":
        factories.make_submission(by=people["petugas"], kind="close", business=business, submit=True).approve(
            by=people["verifikator"]
        )
    return business.uuid


def _only_inside(side, made, people):
    """Drafts, what waits and what was turned down: as many as may be, and other ones on each side."""
    business = Business.objects.get(uuid=made["none"])
    for number in range(2 if side == "a" else 3):
        name = f"Usaha {word(side, 'draf', str(number))}"
        owner, sealed = owner_item(side, f"draf{number}")
        factories.make_submission(by=people["petugas"], name=name, items=[owner], sealed=sealed)
    factories.make_submission(by=people["petugas"], name=f"Usaha {word(side, 'antre')}", submit=True)
    turned_down = factories.make_submission(
        by=people["petugas"], name=f"Usaha {word(side, 'tolak')}", submit=True
    )
    turned_down.reject(by=people["verifikator"], reason=f"Karena {word(side, 'sebab')}.")
    propose(
        kind="change",
        by=people["petugas"],
        business=business,
        values={"name": f"Usaha {word(side, 'gantinama')}", "address": f"Jl. {word(side, 'gantialamat')}"},
        submit=True,
    )
    _at_forums(side, business, people)
    if side == "b":
        owner, sealed = owner_item(side, "orang")
        Person.objects.create(name=f"{word(side, 'lepas')} Tanpa Usaha")


def _at_forums(side, business, people):
    """One proposal that everybody may follow, of other people on another day, and others unanswered."""
    first = side == "a"
    month = (timezone.localdate().replace(day=1) - timedelta(days=1)).replace(day=1)
    for number in range(2 if first else 3):
        proposal = factories.make_proposal(
            by=people["petugas"],
            text=f"Minta {word(side, 'usul')} {number}",
            place=f"Rumah {word(side, 'balai')}",
            rt=3 if first else 41,
            rw=11 if first else 17,
            held_on=month.replace(day=4 if first else 19),
            business=business if first else None,
        )
    proposal.respond(
        state="done", by=people["operator"], answer=word(side, "jawab"), public_line="Kemasan dibagikan."
    )


def private_texts(side, businesses=(*AGREED, *HIDDEN)):
    """Every text of this side that no stranger may search by: words, numbers, dates, as people type them."""
    found = set()
    for which in businesses:
        values = private_values(side, which)
        shown = {name for group in AGREED.get(which, ()) for name in GROUP_FIELDS[group]}
        found |= {str(v) for n, v in values.items() if n not in shown and not isinstance(v, bool)}
        owner, sealed = owner_item(side, which)
        found |= {str(v) for v in owner["values"].values()}
        found |= {part for v in owner["values"].values() for part in str(v).split()}
        found |= {n for numbers in sealed.values() for n in numbers.values()}
        found.add(f"0{sum(map(ord, side + which)):012d}")
        found |= {
            word(side, part, which) for part in ("tersembunyi", "catatan", "alasan", "catatannib", "takarir")
        }
    found |= {word(side, part) for part in ("antre", "tolak", "gantinama", "gantialamat", "sebab", "lepas")}
    return sorted(t for t in found if t)


# ---- what a stranger can ask -------------------------------------------------------------------------------


def questions(sides):
    """[(path, query)] to ask on both sides, of all that either side `known()`."""
    slugs, uuids, photos = (sorted({*one, *other}, key=str) for one, other in zip(*sides, strict=True))
    asked = []
    routes = {route.name: route for route in all_routes()}
    for name, entry in TABLE.items():
        if name not in routes or "GET" not in entry.methods:
            continue
        route = routes[name]
        public = entry.methods["GET"].everybody
        for number, identity in enumerate(uuids if public else uuids[:2]):
            values = {
                "uuid": photos[number % len(photos)] if entry.row == "photo" else identity,
                "identity": identity,
                "consent": identity,
                "photo": photos[number % len(photos)],
                "slug": slugs[number % len(slugs)],
                "code": HERE,
                "key": "2025:10307",
                "pk": 1,
                "batch": identity,
                "upload": identity,
                "token": f"{identity.hex[:22]}.{identity.hex}",  # of a link nobody signed
            }
            if name == "api-subsector-detail":
                values["slug"] = "kuliner"
            if set(route.parts) - set(values):
                break  # a part that no public route has
            asked.append((route.address(values), ""))
            if not route.parts:
                break
    for path in ("/direktori/", "/api/v1/businesses/"):
        asked += [(path, query) for query in queries(path)]
    asked += [(path, "") for path in PLACES]
    asked += other_views()
    return list(dict.fromkeys(asked))


def other_views():
    """The same rows as map, figures and file; and boxes around each private place, which must find nobody."""
    filters = ("q=keripik", f"kelurahan={HERE}", "scale=micro", "nib=ada", "halal=tidak", "turnover_idr=1")
    for path in ("/direktori/peta/", "/direktori/peta/data/", "/direktori/angka/", "/direktori/unduh/"):
        yield from ((path, query) for query in filters)
    yield "/direktori/unduh/", "berkas=csv"
    yield "/direktori/unduh/", urlencode({"berkas": "csv", "kelurahan": HERE})
    yield "/direktori/peta/", "warna=bagian&nib=ada"
    for query in ("need=packaging", f"kelurahan={HERE}", "state=new", "rt=3", "since=2026-01-01"):
        yield "/usulan-warga/", query
    for side in ("a", "b"):
        yield "/usulan-warga/", urlencode({"text": word(side, "usul")})
        place = private_values(side, "none")
        x, y = float(place["longitude"]), float(place["latitude"])
        yield "/direktori/peta/data/", f"bbox={x - 0.001:.6f},{y - 0.001:.6f},{x + 0.001:.6f},{y + 0.001:.6f}"


def queries(path):
    """Filters (those of staff too, which must be refused), sorts, and a search for each private text."""
    values = {
        "true",
        "false",
        "ada",
        "tidak",
        "micro",
        "rumah",
        "ud",
        "exact",
        "3",
        "41",
        "11",
        "17",
        "existence",
    }
    for name, spec in BusinessFilter.base_filters.items():
        choices = [c for c, _label in spec.extra.get("choices", ())] or sorted(values)
        for value in [*choices, HERE, "kuliner", "10307"]:
            yield urlencode({name: value})
    for name in (
        *fields.BUSINESS,
        "owner_name",
        "annual_sales_idr",
        "changed_at",
        "recorded_at",
        "version",
        "id",
        "pk",
    ):
        for order in (name, f"-{name}") if "api" in path else (name,):
            yield urlencode({"ordering": order} if "api" in path else {"urut": order})
    for order in ("nama", "terbaru"):
        yield urlencode({"urut": order})
    for name in (*fields.BUSINESS, "owner", "nik", "owner__name", "phone__startswith"):
        yield urlencode({name: "3"})
    api = "api" in path  # pages take longer to ask: fewer words there, of one business seen and one hidden
    whose = ("none", "withdrawn", "phone-other", "opted-out") if api else ("none", "opted-out")
    for side in ("a", "b"):
        texts = private_texts(side, whose)
        yield from (urlencode({"q": text[:200]}) for text in (texts if api else texts[::2]))
        yield from (urlencode({"search": text[:200]}) for text in texts[:5])
    yield urlencode({"q": "keripik"})
    if "api" in path:
        yield urlencode({"limit": 2})
        yield urlencode({"limit": 2, "ordering": "-name"})


# ---- what is answered --------------------------------------------------------------------------------------

# also the signed note of when a visitor's form was opened
TOKEN = re.compile(rb'name="(?:csrfmiddlewaretoken|stamp)" value="[^"]*"')


def answers(asked):
    """{(path, query): (status, headers, body)} as a visitor sees them, the CSRF token taken out."""
    client = Client(raise_request_exception=False)
    caches["pages"].clear()  # a leak opened since would hide behind the page made before it
    found = {}
    for path, query in asked:
        client.cookies.clear()
        response = client.get(path + (f"?{query}" if query else ""))
        body = b"".join(response.streaming_content) if response.streaming else response.content
        headers = {n: v for n, v in response.items() if n not in ("Set-Cookie",)}
        # where the body holds a token, its length in the header stays the same: tokens have one length
        found[path, query] = (response.status_code, headers, TOKEN.sub(b"", body))
    return found


def known():
    """(slugs, uuids, uuids of photos) of everything in this city, public or not."""
    slugs = list(Business.objects.order_by("pk").values_list("slug", flat=True))
    uuids = list(Business.objects.order_by("pk").values_list("uuid", flat=True))
    uuids += list(Person.objects.order_by("pk").values_list("uuid", flat=True))
    uuids += list(Submission.objects.order_by("pk").values_list("uuid", flat=True))
    photos = list(Business.objects.order_by("pk").values_list("photos__uuid", flat=True))
    return slugs, uuids, photos


def empty():
    """No row left, and every sequence begins again."""
    call_command("flush", interactive=False, verbosity=0)
    connection.close()
