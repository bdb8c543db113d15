"""What the filters of staff and public find, and how they answer what they can not read."""

import pytest
from django.http import QueryDict
from django.test import RequestFactory

from registry.businesses.filters import BusinessFilter, PublicBusinessFilter
from registry.models import Business
from tests.factories import make_business, make_kbli, make_subsector

pytestmark = pytest.mark.django_db


@pytest.fixture
def tempe():
    make_kbli()
    make_subsector()
    return make_business(
        name="Kripik Témpe Bu Wiji",
        activity="keripik tempe",
        kbli="2025:10307",
        subsector="kuliner",
        rw=15,
        rt=5,
        items=[
            {"kind": "owner", "values": {"name": "Sulastri Handayani"}},
            {"kind": "licence", "values": {"kind": "nib", "status": "has", "number": "0123456789012"}},
            {"kind": "product", "values": {"name": "Marning jagung"}},
        ],
    )


@pytest.fixture
def bengkel():
    return make_business(name="Bengkel Las Jaya", activity="las pagar", kelurahan="35.73.05.1004")


def found(query, user=None, filterset=BusinessFilter):
    request = RequestFactory().get("/")
    if user:
        request.user = user
    made = filterset(QueryDict(query), Business.objects.all(), request=request)
    assert not made.errors
    return sorted(made.qs.values_list("name", flat=True))


TEMPE, BENGKEL = "Kripik Témpe Bu Wiji", "Bengkel Las Jaya"


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("q=TEMPE", [TEMPE]),
        ("q=t%C3%A9mpe+krip", [TEMPE]),
        ("q=marning", [TEMPE]),
        ("q=0123456789012", [TEMPE]),
        ("q=0123", [TEMPE]),
        ("q=las+tempe", []),
        ("q=empe", []),
        ("q=%25", []),
        ("q=_", []),
        ("kecamatan=35.73.05", [BENGKEL]),
        ("kelurahan=35.73.05.1004&kelurahan=35.73.01.1007", [BENGKEL, TEMPE]),
        ("subsector=kuliner", [TEMPE]),
        ("kbli=2025:10307", [TEMPE]),
        ("kbli=2020:10307", []),
        ("kbli=103", [TEMPE]),
        ("kbli=c", [TEMPE]),
        ("rw=15&rt=5", [TEMPE]),
        ("nib=ada", [TEMPE]),
        ("nib=tidak", [BENGKEL]),
        ("scale=unknown", [BENGKEL, TEMPE]),
        ("scale=micro", []),
        ("verified=none", [BENGKEL, TEMPE]),
        ("verified=existence", []),
        ("confirmed=recent", [BENGKEL, TEMPE]),
        ("confirmed=stale", []),
        ("unplaced=true", []),
        ("operating_state=active&operating_state=closed", [BENGKEL, TEMPE]),
        ("changed_after=2020-01-01", [BENGKEL, TEMPE]),
        ("changed_after=2199-01-01T00:00:00%2B07:00", []),
    ],
)
def test_each_filter_finds_what_its_words_say(tempe, bengkel, query, names):
    assert found(query) == names


def test_owners_are_searched_only_for_who_may_read_persons(tempe, operator, nobody):
    assert found("q=sulastri", operator) == [TEMPE]
    assert found("q=sulastri", nobody) == []
    assert found("q=sulastri", operator, PublicBusinessFilter) == []


def test_the_public_filters_by_public_columns_only():
    assert list(PublicBusinessFilter.base_filters) == [
        "q",
        "kecamatan",
        "kelurahan",
        "subsector",
        "sector",
        "kbli",
        "operating_state",
        "halal",
        "pirt",
        "nib",
        "scale",
    ]


def test_the_public_finds_no_licence_number_and_no_closed_business(tempe):
    assert found("q=0123456789012", filterset=PublicBusinessFilter) == []
    made = PublicBusinessFilter(QueryDict("operating_state=closed"), Business.objects.all())
    assert list(made.errors) == ["operating_state"]


def test_halal_missing_leaves_out_what_needs_no_certificate():
    def halal(status):
        return [{"kind": "licence", "values": {"kind": "halal", "status": status}}]

    make_business(name="Sate", items=halal("non_halal"))
    make_business(name="Las", items=halal("not_required"))
    make_business(name="Roti", items=halal("none"))
    make_business(name="Soto")
    make_business(name="Bakso", items=halal("has"))

    assert found("halal=tidak") == ["Roti", "Soto"]
    assert found("halal=ada") == ["Bakso"]
    assert found("halal=nonhalal") == ["Sate"]


@pytest.mark.parametrize(
    "query",
    [
        "q=" + "a" * 5000,
        "kelurahan=99",
        "kelurahan=" + "9" * 3000,
        "subsector=%27",
        "kbli=%3Cscript%3E",
        "rw=x",
        "rw=-1",
        "rw=" + "9" * 4000,
        "halal=mungkin",
        "unplaced=maybe",
        "operating_state=sleeping",
        "changed_after=kemarin",
        "changed_after=0001-01-01T00:00:00%2B14:00",
        "changed_after=9999-12-31T23:59:59-12:00",
    ],
)
def test_what_can_not_be_read_is_named(query):
    made = BusinessFilter(QueryDict(query), Business.objects.all())

    list(made.qs)
    assert len(made.unread()) == 1


def test_an_unknown_name_is_named_and_the_pages_own_are_not():
    made = BusinessFilter(QueryDict("sort=name&after=x&kelurahn=1"), Business.objects.all())

    assert made.unread(("sort", "after")) == ["“kelurahn” bukan filter di halaman ini."]


def test_a_chip_takes_off_one_value_and_turns_back_to_the_first_page(tempe, bengkel):
    made = BusinessFilter(
        QueryDict("kelurahan=35.73.01.1007&kelurahan=35.73.05.1004&q=tempe&after=abc&sort=changed"),
        Business.objects.all(),
    )

    assert [(str(c["kind"]), c["label"]) for c in made.chips()] == [
        ("Cari", "tempe"),
        ("Kelurahan", "Purwantoro"),
        ("Kelurahan", "Dinoyo"),
    ]
    assert made.chips()[1]["url"] == "?kelurahan=35.73.05.1004&q=tempe&sort=changed"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("id35110000123456", "ID 3511-0000-123456"),
        ("ID 3511 0000 1234", "id35110000123456"),
        ("0123 4567 89012", "0123456789012"),
        ("0123.4567", "0123456789012"),
        ("2.13.3573", "2133573010001-29"),
    ],
)
def test_a_licence_number_is_found_however_it_is_written(typed, stored, bengkel):
    kind = {"I": "halal", "0": "nib"}.get(stored[0].upper(), "lainnya")
    business = make_business(
        name="Roti", items=[{"kind": "licence", "values": {"kind": kind, "status": "has", "number": stored}}]
    )

    assert found(f"q={typed}") == [business.name]


def test_words_beside_a_number_are_no_number(tempe, bengkel):
    assert found("q=tempe+0123") == [TEMPE]
    assert found("q=las+0123") == []


@pytest.mark.parametrize(
    "typed", ["ma'ruf", "Ma’ruf", "maruf+amin", "S.Pd", "s.pd.", "h.+ma'ruf", "amin,+S.Pd"]
)
def test_owners_with_marks_in_their_names_are_found(typed, operator):
    make_business(name="Soto", items=[{"kind": "owner", "values": {"name": "H. Ma'ruf Amin, S.Pd."}}])
    make_business(name="Bakso", items=[{"kind": "owner", "values": {"name": "Rufina Pardi"}}])

    assert found(f"q={typed}", operator) == (["Soto"] if "maruf" not in typed else [])
