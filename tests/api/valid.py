"""What each operation of the API takes, so that generated requests reach the acts behind it.

`OPERATIONS` {"METHOD /path": Operation}: who may, which rows, which bodies. The schema says what is allowed
in general; here stands what is right in the world of world.py.
"""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from hypothesis import strategies as st

from registry.businesses.choices import LegalForm, PhoneOf, PlaceKind, VerificationHow
from registry.models import Check
from registry.reports.needs import Need
from tests.api.world import PURWANTORO, listed, picture
from tests.factories import PASSWORD, nik

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZé’&"
words = st.lists(st.text(LETTERS, min_size=2, max_size=9), min_size=1, max_size=4).map(" ".join)
VALUES = {
    "activity": words,
    "description": words,
    "address": words,
    "stall": words,
    "opening_hours": st.sampled_from(["08.00–16.00", "24 jam", "Senin–Jumat", ""]),
    "rt": st.integers(1, 30) | st.none(),
    "rw": st.integers(1, 20) | st.none(),
    "legal_form": st.sampled_from([*LegalForm.values, ""]),
    "place_kind": st.sampled_from([*PlaceKind.values, ""]),
    "phone": st.integers(10_000_000, 99_999_999).map("0812{}".format),
    "phone_of": st.sampled_from([*PhoneOf.values, ""]),
    "website": st.sampled_from(["https://contoh.id", "contoh.id/keripik", ""]),
    "instagram": st.sampled_from(["keripik.sanan", "@keripik", ""]),
    "kbli": st.sampled_from(["2025:10307", None]),
    "subsector": st.sampled_from(["kuliner", None]),
    "founded_year": st.integers(1950, 2025) | st.none(),
    "founded_on": st.dates(date(1960, 1, 1), date(2025, 12, 31)).map(date.isoformat) | st.none(),
    "workers": st.integers(0, 500) | st.none(),
    "capital_idr": st.integers(0, 10**12) | st.none(),
    "turnover_idr": st.integers(0, 10**12) | st.none(),
    "turnover_period": st.sampled_from(["day", "week", "month", "year", ""]),
    "public_opt_out": st.booleans(),
}
some_values = st.fixed_dictionaries({}, optional=VALUES)
registered = st.fixed_dictionaries(
    {"name": words, "activity": words, "kelurahan": st.just(PURWANTORO)},
    optional={name: value for name, value in VALUES.items() if name != "activity"},
)
items = st.lists(
    st.one_of(
        st.fixed_dictionaries({"kind": st.just("product"), "values": st.fixed_dictionaries({"name": words})}),
        st.fixed_dictionaries(
            {
                "kind": st.just("licence"),
                "values": st.fixed_dictionaries(
                    {
                        "kind": st.just("nib"),
                        "number": st.integers(10**12, 10**13 - 1).map(str),
                    }
                ),
            }
        ),
        st.fixed_dictionaries({"kind": st.just("owner"), "values": st.fixed_dictionaries({"name": words})}),
    ),
    max_size=3,
)
registration = st.fixed_dictionaries(
    {"kind": st.just("register"), "values": registered},
    optional={"items": items, "note": words, "submit": st.booleans(), "uuid": st.uuids().map(str)},
)
content = st.fixed_dictionaries({"values": registered}, optional={"items": items, "note": words})
reason = st.fixed_dictionaries({"reason": words})
nothing = st.just({})


def change(world):
    return st.fixed_dictionaries(
        {
            "kind": st.just("change"),
            "business": st.sampled_from([str(b.uuid) for b in world.businesses]),
            "values": some_values,
        },
        optional={"note": words},
    )


def proposal(world):
    return registration | change(world)


def few(rows):
    return st.lists(rows, min_size=1, max_size=3)


def decision(world):
    return st.fixed_dictionaries(
        {
            "uuid": st.sampled_from([str(row.uuid) for row in world.sent]),
            "act": st.sampled_from(["approve", "return", "reject"]),
            "if_match": st.just("*"),
            "reason": words,
        }
    )


def an_answer(world):
    """What somebody found at one of the world's businesses."""
    return st.fixed_dictionaries(
        {
            "business": st.sampled_from([str(b.uuid) for b in world.businesses]),
            "answer": st.sampled_from(Check.Answer.values),
        },
        optional={"uuid": st.uuids().map(str), "note": words, "via": st.sampled_from(["walk", "chat"])},
    )


def upload(world):
    return st.fixed_dictionaries({"file": st.integers(100, 999).map(listed)})


a_proposal = st.fixed_dictionaries(
    {
        "uuid": st.uuids().map(str),
        "forum": st.sampled_from(["ngombe", "musrenbang", "muskelsus", "other"]),
        "held_on": st.dates(date(2026, 3, 1), date(2026, 9, 1)).map(date.isoformat),
        "kelurahan": st.just(PURWANTORO),
        "need": st.sampled_from(Need.values),
        "text": words,
    },
    optional={"rt": st.integers(1, 30), "rw": st.integers(1, 20), "place": words},
)
an_answer_to_a_proposal = st.fixed_dictionaries(
    {"outcome": st.sampled_from(["taken", "done", "declined"]), "answer": words},
    optional={"public_line": words},
)


@dataclass(frozen=True)
class Operation:
    """`roles` who may; `path(world)` a list of fitting path parameters; `body(world)` a strategy or None.

    `row(world, parameters)` is the submission whose ETag an act names.
    """

    roles: tuple
    path: object = lambda world: [{}]
    body: object = lambda world: None
    row: object = None


EVERYONE = ("petugas", "lurah", "operator", "verifikator", "auditor")
PROPOSERS = ("petugas",)
CONFIRMERS = ("petugas", "operator", "verifikator")
FOLLOWERS = ("operator", "verifikator", "auditor")


def of(*names):
    """Path parameters {"uuid": …} of all rows that the world keeps under these names."""
    return lambda world: [{"uuid": str(row.uuid)} for name in names for row in getattr(world, name)]


def among(name):
    return lambda world, given: next(r for r in getattr(world, name) if str(r.uuid) == given["uuid"])


def act(name, roles, body=nothing):
    return Operation(roles, of(name), lambda world: body, among(name))


def business(roles, body):
    return Operation(roles, of("businesses"), lambda world: body)


def pairs(name, key):
    return lambda world: [{"uuid": str(a.uuid), key: str(b.uuid)} for a, b in getattr(world, name)]


def fixed(**values):
    return lambda world: [values]


# ---- the field -------------------------------------------------------------------------------------------

REPORTERS = ("petugas", "operator")


def a_report(world):
    told = {"uuid": st.uuids().map(str), "need": NEEDS}
    more = {
        "urgency": st.integers(1, 3),
        "note": words,
        "told_place": words,
        "rt": st.integers(1, 30),
        "rw": st.integers(1, 20),
        "accuracy_m": st.integers(0, 500),
    }
    business = st.sampled_from([str(b.uuid) for b in world.businesses])
    return st.one_of(
        st.fixed_dictionaries(told | {"kelurahan": st.just(PURWANTORO), "told_name": words}, optional=more),
        st.fixed_dictionaries(told | {"business": business}, optional=more),
    )


NEEDS = st.sampled_from(["licence", "packaging", "capital"])
FOUND = dict.fromkeys(("production", "marketing", "problems", "needs", "who"), words)
OFFICE = st.sampled_from(["DINKES", "DISNAKER"])
problem = st.fixed_dictionaries(
    {"uuid": st.uuids().map(str), "need": NEEDS, "problem": words, "organisation": OFFICE},
    optional={"working_days": st.integers(1, 30)},
)
found = st.fixed_dictionaries({}, optional=FOUND | {"follow_ups": st.lists(problem, max_size=2)})
on_the_way = st.fixed_dictionaries(
    {
        "uuid": st.uuids().map(str),
        "on": st.dates(date(2025, 1, 1), date(2026, 1, 1)).map(date.isoformat),
        "told_name": words,
        "kelurahan": st.just(PURWANTORO),
    },
    optional=FOUND | {"rw": st.integers(1, 20)},
)
visit_day = st.fixed_dictionaries(
    {"on": st.dates(date(2035, 1, 1), date(2036, 1, 1)).map(date.isoformat)},
    optional={"title": words, "who": words, "organisations": st.lists(OFFICE, max_size=2)},
)
session = st.fixed_dictionaries(
    {
        "on": st.dates(date(2025, 1, 1), date(2026, 1, 1)).map(date.isoformat),
        "service": st.sampled_from(["nib", "halal"]),
    },
    optional={"note": words},
)


def uuids_of(rows):
    return st.sampled_from([str(row.uuid) for row in rows])


def new_problem(world):
    about = st.one_of(
        st.fixed_dictionaries({"visit": uuids_of(world.visits)}),
        st.fixed_dictionaries({"request": uuids_of(world.needs)}),
        st.fixed_dictionaries({"business": uuids_of(world.businesses)}),
    )
    return st.tuples(problem, about).map(lambda both: both[0] | both[1])


def series(world):
    return st.fixed_dictionaries({"business": uuids_of(world.businesses), "goal": words, "mentor": words})


STAFF = ("operator",)
WHAT = st.sampled_from(["curated", "assisted"])
ON = st.dates(date(2020, 1, 1), date(2026, 1, 1)).map(date.isoformat)
OPERATIONS = {
    "GET /batches/": Operation(EVERYONE),
    "GET /batches/{uuid}/": Operation(FOLLOWERS, of("batches")),
    "GET /batches/{batch}/rows/": Operation(
        FOLLOWERS, lambda world: [{"batch": str(row.uuid)} for row in world.batches]
    ),
    "POST /batches/{uuid}/approve/": Operation(("verifikator",), of("batches"), lambda world: None),
    "POST /batches/{uuid}/reject/": Operation(("verifikator",), of("batches"), lambda world: reason),
    "GET /businesses/": Operation(EVERYONE),
    "GET /businesses/{uuid}/": Operation(EVERYONE, of("businesses")),
    "POST /businesses/{uuid}/confirm/": business(
        ("petugas", "operator", "verifikator"), st.fixed_dictionaries({}, optional={"on": ON})
    ),
    "POST /businesses/{uuid}/verify/": business(
        ("verifikator",),
        st.fixed_dictionaries(
            {
                "what": st.sampled_from(["existence", "identity"]),
                "how": st.sampled_from(VerificationHow.values),
            }
        ),
    ),
    "POST /businesses/{uuid}/recognise/": business(
        ("verifikator",), st.fixed_dictionaries({"what": WHAT}, optional={"on": ON, "note": words})
    ),
    "POST /businesses/{uuid}/unrecognise/": business(
        ("verifikator",), st.fixed_dictionaries({"what": st.just("curated"), "reason": words})
    ),
    "POST /businesses/{uuid}/consents/{consent}/withdraw/": Operation(
        ("petugas", "operator", "verifikator"), pairs("consents", "consent")
    ),
    "GET /businesses/{uuid}/photos/{photo}/": Operation(EVERYONE, pairs("published", "photo")),
    "GET /checks/": Operation(EVERYONE),
    "POST /checks/": Operation(CONFIRMERS, body=an_answer),
    "GET /checks/{uuid}/": Operation(EVERYONE, of("checks")),
    "POST /checks/bulk/": Operation(
        CONFIRMERS, body=lambda world: st.fixed_dictionaries({"checks": few(an_answer(world))})
    ),
    "POST /checks/{uuid}/take-back/": Operation(PROPOSERS, of("checks"), lambda world: nothing),
    "GET /imports/": Operation(FOLLOWERS),
    "POST /imports/": Operation(("operator",), body=upload),
    "GET /imports/{uuid}/": Operation(FOLLOWERS, of("ready", "uploads")),
    "GET /imports/{upload}/rows/": Operation(
        FOLLOWERS, lambda world: [{"upload": str(row.uuid)} for row in [*world.ready, *world.uploads]]
    ),
    "POST /imports/{uuid}/submit/": Operation(("operator",), of("ready")),
    "POST /imports/{uuid}/withdraw/": Operation(("operator",), of("uploads")),
    "POST /imports/{uuid}/approve/": Operation(("verifikator",), of("uploads")),
    "POST /imports/{uuid}/reject/": Operation(("verifikator",), of("uploads"), lambda world: reason),
    "GET /me/": Operation(EVERYONE),
    "GET /monthly-reports/": Operation(EVERYONE),
    "POST /monthly-reports/": Operation(
        PROPOSERS,
        body=lambda world: st.fixed_dictionaries(
            {"kelurahan": st.just(PURWANTORO), "month": st.sampled_from(world.months)}
        ),
    ),
    "GET /monthly-reports/{uuid}/": Operation(EVERYONE, of("begun", "handed", "signed")),
    "PATCH /monthly-reports/{uuid}/": Operation(
        PROPOSERS, of("begun"), lambda world: st.fixed_dictionaries({"note": words})
    ),
    "POST /monthly-reports/{uuid}/submit/": Operation(PROPOSERS, of("begun")),
    "POST /monthly-reports/{uuid}/approve/": Operation(
        ("lurah",),
        of("handed"),
        lambda world: st.fixed_dictionaries(
            {"letter_number": words, "letter_on": st.just(timezone.localdate().isoformat())}
        ),
    ),
    "POST /monthly-reports/{uuid}/return/": Operation(("lurah",), of("handed"), lambda world: reason),
    "POST /monthly-reports/{uuid}/receive/": Operation(("operator",), of("signed")),
    "POST /monthly-reports/{uuid}/correct/": Operation(PROPOSERS, of("signed"), lambda world: reason),
    "GET /visit-requests/": Operation(EVERYONE),
    "POST /visit-requests/": Operation(REPORTERS, body=a_report),
    "GET /visit-requests/{uuid}/": Operation(EVERYONE, of("waiting_needs")),
    "POST /visit-requests/{uuid}/withdraw/": Operation(
        REPORTERS, of("waiting_needs"), lambda world: st.fixed_dictionaries({}, optional={"reason": words})
    ),
    "GET /visit-requests/{uuid}/photo/": Operation(EVERYONE, of("pictured_needs")),
    "PUT /visit-requests/{uuid}/photo/": Operation(
        PROPOSERS, of("waiting_needs"), lambda world: st.just({"file": picture()})
    ),
    "GET /visits/": Operation(EVERYONE),
    "POST /visits/": Operation(STAFF, body=lambda world: on_the_way),
    "GET /visits/{uuid}/": Operation(EVERYONE, of("visits")),
    "POST /visits/{uuid}/record/": Operation(STAFF, of("visits"), lambda world: found),
    "POST /visits/{uuid}/miss/": Operation(
        STAFF, of("visits"), lambda world: st.fixed_dictionaries({}, optional={"reason": words})
    ),
    "POST /visits/{uuid}/proposed/": Operation(
        ("petugas", "operator"),
        of("visits"),
        lambda world: st.fixed_dictionaries({"submission": st.uuids().map(str)}),
    ),
    "POST /visits/{uuid}/photos/": Operation(STAFF, of("visits"), lambda world: st.just({"file": picture()})),
    "GET /visits/{uuid}/photos/{photo}/": Operation(EVERYONE, pairs("recorded", "photo")),
    "GET /visit-days/": Operation(EVERYONE),
    "POST /visit-days/": Operation(STAFF, body=lambda world: visit_day),
    "GET /visit-days/{uuid}/": Operation(EVERYONE, of("days")),
    "PATCH /visit-days/{uuid}/": Operation(
        STAFF, of("days"), lambda world: st.fixed_dictionaries({}, optional={"title": words, "who": words})
    ),
    "POST /visit-days/{uuid}/move/": Operation(
        STAFF,
        of("days"),
        lambda world: st.fixed_dictionaries(
            {"on": st.dates(date(2035, 1, 1), date(2036, 1, 1)).map(date.isoformat)}
        ),
    ),
    "POST /visit-days/{uuid}/add/": Operation(
        STAFF,
        of("days"),
        lambda world: st.fixed_dictionaries(
            {"requests": st.lists(uuids_of(world.needs[:3]), min_size=1, max_size=2, unique=True)}
        ),
    ),
    "POST /visit-days/{uuid}/remove/": Operation(
        STAFF, of("days"), lambda world: st.fixed_dictionaries({"visit": uuids_of(world.visits)})
    ),
    "POST /visit-days/{uuid}/cancel/": Operation(STAFF, of("days"), lambda world: nothing),
    "GET /follow-ups/": Operation(EVERYONE),
    "POST /follow-ups/": Operation(STAFF, body=new_problem),
    "GET /follow-ups/{uuid}/": Operation(EVERYONE, of("problems", "solved")),
    "POST /follow-ups/{uuid}/hand-over/": Operation(
        STAFF,
        of("problems"),
        lambda world: st.fixed_dictionaries({"organisation": st.just("DISNAKER"), "reason": words}),
    ),
    "POST /follow-ups/{uuid}/reply/": Operation(
        STAFF, of("problems"), lambda world: st.fixed_dictionaries({"text": words})
    ),
    "POST /follow-ups/{uuid}/close/": Operation(
        STAFF, of("problems"), lambda world: st.fixed_dictionaries({"evidence": words})
    ),
    "POST /follow-ups/{uuid}/drop/": Operation(STAFF, of("problems"), lambda world: reason),
    "POST /follow-ups/{uuid}/reopen/": Operation(STAFF, of("solved"), lambda world: reason),
    "GET /follow-ups/{uuid}/photo/": Operation(EVERYONE, of("solved")),
    "GET /mentorings/": Operation(EVERYONE),
    "POST /mentorings/": Operation(STAFF, body=series),
    "GET /mentorings/{uuid}/": Operation(EVERYONE, of("mentorings")),
    "POST /mentorings/{uuid}/sessions/": Operation(STAFF, of("mentorings"), lambda world: session),
    "POST /mentorings/{uuid}/end/": Operation(
        STAFF, of("mentorings"), lambda world: st.just({"result": "reached"})
    ),
    "GET /people/": Operation(EVERYONE),
    "GET /people/{uuid}/": Operation(EVERYONE, lambda world: [{"uuid": uuid} for uuid in world.people]),
    "POST /people/lookup/": Operation(
        ("petugas", "operator", "verifikator"),
        body=lambda world: st.fixed_dictionaries({"nik": st.integers(1, 60).map(nik)}),
    ),
    "GET /needs/": Operation(EVERYONE),
    "GET /proposals/": Operation(EVERYONE),
    "POST /proposals/": Operation(("petugas", "operator"), body=lambda world: a_proposal),
    "GET /proposals/{uuid}/": Operation(EVERYONE, of("proposals")),
    "PATCH /proposals/{uuid}/": Operation(
        ("petugas", "operator"),
        of("proposals"),
        lambda world: st.fixed_dictionaries(
            {}, optional={"text": words, "place": words, "rw": st.integers(1, 20), "business": st.none()}
        ),
    ),
    "POST /proposals/{uuid}/respond/": Operation(
        ("operator",), of("proposals"), lambda world: an_answer_to_a_proposal
    ),
    "GET /regions/": Operation(EVERYONE),
    "GET /regions/{code}/": Operation(EVERYONE, fixed(code=PURWANTORO)),
    "GET /sectors/": Operation(EVERYONE),
    "GET /sectors/{key}/": Operation(EVERYONE, fixed(key="2025:10307")),
    "GET /submissions/": Operation(EVERYONE),
    "POST /submissions/": Operation(PROPOSERS, body=proposal),
    "GET /submissions/{uuid}/": Operation(EVERYONE, of("sent", "approved", "turned_down")),
    "PUT /submissions/{uuid}/": act("drafts", PROPOSERS, content),
    "PATCH /submissions/{uuid}/": act("drafts", PROPOSERS, st.fixed_dictionaries({"values": some_values})),
    "POST /submissions/{uuid}/submit/": act("drafts", PROPOSERS, None),
    "POST /submissions/{uuid}/withdraw/": act("sent", PROPOSERS, None),
    "POST /submissions/{uuid}/agree/": act("moves", PROPOSERS, None),
    "POST /submissions/{uuid}/decline/": act("moves", PROPOSERS, reason),
    "POST /submissions/{uuid}/return/": act("sent", ("verifikator",), reason),
    "POST /submissions/{uuid}/approve/": act(
        "sent", ("verifikator",), st.fixed_dictionaries({}, optional={"reason": words})
    ),
    "POST /submissions/{uuid}/reject/": act("sent", ("verifikator",), reason),
    "POST /submissions/{uuid}/reverse/": act(
        "approved", PROPOSERS, st.fixed_dictionaries({"reason": words}, optional={"submit": st.booleans()})
    ),
    "POST /submissions/{uuid}/propose-again/": act("turned_down", PROPOSERS, None),
    "POST /submissions/{uuid}/photos/": Operation(
        PROPOSERS, of("drafts"), lambda world: st.just({"file": picture()})
    ),
    "GET /submissions/{uuid}/photos/{photo}/": Operation(PROPOSERS, pairs("pictured", "photo")),
    "POST /submissions/bulk/": Operation(
        PROPOSERS,
        body=lambda world: st.fixed_dictionaries(
            {"proposals": st.lists(proposal(world), min_size=1, max_size=3)}
        ),
    ),
    "POST /submissions/decide/": Operation(
        ("verifikator",),
        body=lambda world: st.fixed_dictionaries(
            {"decisions": st.lists(decision(world), min_size=1, max_size=3)}
        ),
    ),
    "GET /subsectors/": Operation(EVERYONE),
    "GET /subsectors/{slug}/": Operation(EVERYONE, fixed(slug="kuliner")),
    "POST /tokens/": Operation(
        EVERYONE,
        body=lambda world: st.sampled_from(
            [{"username": user.username, "password": PASSWORD} for user in world.users.values()]
        ),
    ),
    "DELETE /tokens/current/": Operation(EVERYONE),
    "POST /tokens/end-all/": Operation(EVERYONE),
}
