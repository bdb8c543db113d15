"""Two cities that differ only in private values answer every public address alike, unless something leaks."""

import datetime

import pytest
import time_machine
from django.db.models import Q
from rest_framework.throttling import SimpleRateThrottle

from registry.businesses import filters, finding
from registry.businesses import public as rows
from registry.businesses.models import Business, BusinessQuerySet
from registry.directory import api, listing, public
from tests.privacy import differential

pytestmark = [pytest.mark.django_db, pytest.mark.once]
NOW = datetime.datetime(2026, 11, 20, 3, 0, tzinfo=datetime.UTC)


def show(*columns):
    """A leak: `columns` are told whatever the owner agreed to, and leave the database for everybody."""

    def leak(patch):
        honest = public.consented_facts
        forget_columns(patch)
        for column in set(columns) & set(rows.SEALED):
            patch.setitem(rows.SEALED, column, Q(pk__isnull=False))
        patch.setattr(
            public, "consented_facts", lambda b: honest(b) | {name: getattr(b, name) for name in columns}
        )

    return leak


def forget_columns(patch):
    """Under a leak the statements of what is public are compiled anew, not remembered from before it."""
    for statement in rows.STATEMENTS:
        patch.setattr(statement, "_compiled", {})


def find_by_owner(patch):
    honest = finding.hits_of

    def hits_of(reading, among=None, most=None):
        hits, more = honest(reading, among, most)
        owned = Business.objects.public().filter(filters.owned_by(reading.text))
        return hits + [finding.Hit(b.pk, b.facet_key, b.name, b.search_keys) for b in owned], more

    patch.setattr(finding, "hits_of", hits_of)


def sort_by_capital(patch):
    patch.setitem(listing.SORTS, "nama", ("capital_idr", "Nama"))


def filter_like_staff(patch):
    patch.setattr(api.BusinessViewSet, "filterset_class_for", lambda self, user: filters.BusinessFilter)


def list_who_opted_out(patch):
    forget_columns(patch)
    patch.setattr(
        BusinessQuerySet, "public", lambda self: self.filter(merged_into=None, kelurahan__isnull=False)
    )


LEAKS = {
    "the owner's name": show("owner_name"),
    "the phone": show("phone"),
    "the address": show("address"),
    "the RW": show("rw"),
    "the exact place": show("latitude", "longitude"),
    "who opted out": list_who_opted_out,
    "a search by the owner's name": find_by_owner,
    "an order by capital": sort_by_capital,
    "a filter by what only staff see": filter_like_staff,
}
ASKED_UNDER_A_LEAK = ("rw=11", "rt=3", "q=zqanama", "urut=nama", "q=keripik")


def under_a_leak(asked):
    """The few questions that a leak is looked for with: lists, pages, a search, a filter, an order."""
    there = [
        (path, query)
        for path, query in asked
        if path.startswith(("/direktori/", "/api/v1/businesses/")) and "/foto/" not in path
    ]
    plain = [question for question in there if not question[1]]
    found = [q for q in there if q[1].startswith(ASKED_UNDER_A_LEAK)]
    pages = [q for q in plain if q[0] != "/direktori/"][::4]
    return [("/direktori/", ""), *pages[:10], *found[:12]]


@pytest.fixture(scope="module")
def told(django_db_setup, django_db_blocker):
    """{leak or None: {side: answers}}, the clock standing still."""
    found = {None: {}} | {leak: {} for leak in LEAKS}
    with (
        pytest.MonkeyPatch.context() as patch,
        time_machine.travel(NOW, tick=False),
        django_db_blocker.unblock(),
    ):
        patch.setattr(SimpleRateThrottle, "allow_request", lambda self, request, view: True)
        sides = []
        for side in ("b", "a"):
            differential.empty()
            differential.build(side)
            sides.append(differential.known())
        asked = differential.questions(sides)
        for side in ("a", "b"):
            if side == "b":
                differential.empty()
                differential.build(side)
            found[None][side] = differential.answers(asked)
            for leak, open_it in LEAKS.items():
                with pytest.MonkeyPatch.context() as leaking:
                    open_it(leaking)
                    found[leak][side] = differential.answers(under_a_leak(asked))
        differential.empty()
    return found


def told_apart(sides):
    """The questions that tell one side from the other, and in what."""
    found = []
    for question, (status, headers, body) in sides["a"].items():
        other_status, other_headers, other_body = sides["b"][question]
        parts = [
            *(["status"] if status != other_status else []),
            *sorted(n for n in {*headers, *other_headers} if headers.get(n) != other_headers.get(n)),
            *(["body"] if body != other_body else []),
        ]
        if parts:
            found.append(f"{question[0]}?{question[1]}: {', '.join(parts)}")
    return found


def test_no_public_address_tells_the_two_cities_apart(told, capsys):
    sides = told[None]
    statuses = sorted({status for status, _headers, _body in sides["a"].values()})
    with capsys.disabled():
        print(f"\ndifferential: {len(sides['a'])} questions, answers {statuses}")

    assert told_apart(sides) == []


def test_the_questions_reach_what_there_is(told):
    """Lists with rows, pages of businesses, pictures, refusals: not a thousand times "not found"."""
    found = told[None]["a"]
    for path, least in (("/direktori/", 8), ("/api/v1/businesses/", 8), ("/direktori/foto/", 1)):
        good = [q for q, (status, _h, body) in found.items() if q[0].startswith(path) and status == 200]
        assert len(good) >= least, path
    assert b"Keripik None" in found["/direktori/", ""][2]
    assert b"Nama Yang Boleh" in b"".join(body for _s, _h, body in found.values())


def test_the_two_cities_do_differ(django_db_blocker, told):
    """No private text is on both sides, but for single digits and choices."""
    a, b = (set(differential.private_texts(side)) for side in ("a", "b"))
    assert len(a - b) > 250
    assert len(b - a) > 250


@pytest.mark.parametrize("leak", LEAKS)
def test_a_leak_on_purpose_is_seen(told, leak):
    """Negative control."""
    assert told_apart(told[leak])


def test_a_difference_in_a_header_alone_is_seen():
    one = {("/", ""): (200, {"ETag": "1"}, b"x")}
    other = {("/", ""): (200, {"ETag": "2"}, b"x")}
    assert told_apart({"a": one, "b": other}) == ["/?: ETag"]
