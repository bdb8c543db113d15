"""/api/v1/businesses/: what a visitor, each role and a stranger see of one business."""

import uuid

import pytest

from tests.api.clients import ask, get
from tests.factories import make_business, make_officer, make_submission, nik

pytestmark = pytest.mark.django_db

PUBLIC = {
    "uuid", "slug", "url", "name", "activity", "description", "kelurahan", "kecamatan", "kbli", "subsector",
    "other_subsectors", "operating_state", "season_months", "opening_hours", "last_confirmed_on",
    "existence_verified_on", "products", "licences", "owner_name", "phone", "address", "stall", "rt", "rw",
    "latitude", "longitude", "photos",
}  # fmt: skip
ROW = {
    "uuid", "slug", "name", "activity", "legal_form", "kelurahan", "rt", "rw", "address", "stall",
    "place_kind", "latitude", "longitude", "kbli", "subsector", "scale", "scale_basis", "scale_on",
    "industry_class", "workers", "workers_upper", "operating_state", "has_nib", "has_halal", "has_pirt",
    "last_confirmed_on", "existence_verified_at", "identity_verified_at", "curated_on",
    "assisted_on", "version", "recorded_at", "changed_at",
}  # fmt: skip
WHOLE = ROW | {
    "description", "website", "instagram", "marketplace", "opening_hours", "other_subsectors", "sector_told",
    "founded_on", "founded_year", "workers_told", "season_months", "public_opt_out",
    "existence_verified_how", "identity_verified_how", "licences", "products", "photos", "consents", "scales",
}  # fmt: skip
ROW_PERSON = {"owner_name", "phone", "phone_of"}
PERSON = ROW_PERSON | {"phone_other", "email", "owners"}
ROW_MONEY = {"turnover_answer", "annual_sales_idr", "capital_idr", "capital_upper_idr"}
MONEY = ROW_MONEY | {
    "capital_told", "turnover_idr", "turnover_upper_idr", "turnover_period", "turnover_days_per_week",
    "turnover_is_estimate", "turnover_told", "investment_idr",
}  # fmt: skip
ROLES = {
    "petugas": ("Purwantoro", PERSON | MONEY),
    "lurah": ("Purwantoro", PERSON),
    "camat": ("Kec. Blimbing", PERSON),
    "operator": ("Kota", PERSON | MONEY),
    "verifikator": ("Kota", PERSON | MONEY),
    "program": ("Kota", PERSON),
    "keuangan": ("Kota", set()),
    "kepala": ("Kota", PERSON | MONEY),
    "auditor": ("Kota", PERSON | MONEY),
}
SECRETS = ("Wiji Lestari", "6281234567890", "Gang Mawar", "112.64", "9000001", nik(7))


@pytest.fixture
def keripik(petugas, verifikator):
    """A business in Purwantoro with everything recorded and no consent given."""
    owner = str(uuid.uuid4())
    return make_business(
        by=petugas,
        decided_by=verifikator,
        name="Keripik Sanan",
        address="Gang Mawar 7",
        rt=3,
        rw=15,
        latitude="-7.95",
        longitude="112.64",
        phone="081234567890",
        phone_of="owner",
        email="wiji@contoh.id",
        capital_idr=9_000_001,
        items=[
            {"kind": "owner", "uuid": owner, "values": {"name": "Wiji Lestari", "disability": "netra"}},
            {"kind": "licence", "values": {"kind": "nib", "number": "0123456789012"}},
            {"kind": "product", "values": {"name": "Keripik tempe", "price_idr": 12000}},
        ],
        sealed={owner: {"nik": nik(7)}},
    )


def consent(business, by, decided_by, *groups):
    items = [{"kind": "consent", "values": {"group": group, "channel": "paper"}} for group in groups]
    submission = make_submission(by=by, kind="change", business=business, items=items, submit=True)
    submission.approve(by=decided_by)


# ---- a visitor -----------------------------------------------------------------------------------


def test_a_visitor_reads_what_is_public_and_nothing_else(keripik):
    for told in (get(None, f"businesses/{keripik.uuid}/"), get(None, "businesses/")["results"][0]):
        assert set(told) == PUBLIC
        assert told["kelurahan"] == {"code": "35.73.01.1007", "name": "Purwantoro"}
        assert [p["name"] for p in told["products"]] == ["Keripik tempe"]
        assert [told[n] for n in ("owner_name", "phone", "address", "rt", "latitude", "photos")] == [
            "", "", "", None, None, [],
        ]  # fmt: skip
        for secret in SECRETS:
            assert secret not in str(told)


def test_consent_shows_its_group_and_withdrawal_hides_it(keripik, petugas, verifikator):
    consent(keripik, petugas, verifikator, "phone", "owner_name", "address", "exact_place")
    told = get(None, f"businesses/{keripik.uuid}/")
    assert (told["owner_name"], told["phone"], told["address"], told["rt"], told["latitude"]) == (
        "Wiji Lestari", "6281234567890", "Gang Mawar 7", 3, "-7.950000",
    )  # fmt: skip

    for row in keripik.consents.all():
        row.withdraw(by=petugas)

    told = get(None, f"businesses/{keripik.uuid}/")
    assert [told[n] for n in ("owner_name", "phone", "address", "rt", "latitude")] == ["", "", "", None, None]


def test_what_is_closed_unplaced_or_opted_out_is_not_public(keripik, operator, petugas, verifikator):
    closing = make_submission(by=petugas, kind="close", business=keripik, submit=True)
    closing.approve(by=verifikator)
    hidden = make_business(by=operator, decided_by=verifikator, public_opt_out=True)

    assert get(None, "businesses/")["results"] == []
    for business in (keripik, hidden):
        assert get(None, f"businesses/{business.uuid}/", 404)["code"] == "not-found"
        get(verifikator, f"businesses/{business.uuid}/")


def test_an_account_without_a_post_sees_what_a_visitor_sees(keripik, nobody):
    assert get(nobody, f"businesses/{keripik.uuid}/") == get(None, f"businesses/{keripik.uuid}/")


def test_a_visitor_cannot_find_out_by_filtering(keripik):
    for hidden in (
        {"turnover_idr": 1},
        {"rw": 15},
        {"industry_class": "small"},
        {"verified": "none"},
        {"unplaced": "true"},
    ):
        assert set(get(None, "businesses/", 400, **hidden)) == set(hidden)
    for hidden in ({"ordering": "changed_at"}, {"ordering": "capital_idr"}):
        assert set(get(None, "businesses/", 400, **hidden)) == {"ordering"}
    for words in ("Wiji", "Mawar", "0123456789012", "081234567890"):
        assert get(None, "businesses/", q=words)["results"] == []
    assert len(get(None, "businesses/", q="keripik sanan")["results"]) == 1


# ---- staff ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ROLES)
def test_each_role_reads_its_own_set_of_fields(city, keripik, role):
    place, more = ROLES[role]
    user = make_officer(role, city[place])

    whole = get(user, f"businesses/{keripik.uuid}/")
    (row,) = get(user, "businesses/")["results"]

    assert set(whole) == WHOLE | more
    assert set(row) == ROW | (more & (ROW_PERSON | ROW_MONEY))
    assert nik(7) not in str(whole)


def test_codes_are_written_as_a_submission_writes_them(keripik, petugas):
    told = get(petugas, f"businesses/{keripik.uuid}/")

    assert (told["kelurahan"], told["kbli"], told["subsector"]) == ("35.73.01.1007", None, None)
    assert told["capital_idr"] == 9_000_001
    assert [(o["name"], o["nik_masked"], o["role"]) for o in told["owners"]] == [
        ("Wiji Lestari", "•••• 0007", "owner")
    ]
    assert [(row["kind"], row["is_valid"]) for row in told["licences"]] == [("nib", True)]


def test_a_strangers_business_is_not_found(keripik, petugas_dinoyo, city):
    assert get(petugas_dinoyo, "businesses/")["results"] == []
    assert get(petugas_dinoyo, f"businesses/{keripik.uuid}/", 404)["code"] == "not-found"
    get(make_officer("camat", city["Kec. Lowokwaru"]), f"businesses/{keripik.uuid}/", 404)


def test_nobody_writes_here(keripik, verifikator):
    for method in ("post", "put", "patch", "delete"):
        path = "businesses/" if method == "post" else f"businesses/{keripik.uuid}/"
        ask(verifikator, method, path, {"name": "Lain"}, status=405)


def test_staff_filter_by_more(keripik, petugas):
    assert len(get(petugas, "businesses/", rw=15, nib="ada", q="wiji")["results"]) == 1
    assert get(petugas, "businesses/", scale="medium")["results"] == []
    assert set(get(petugas, "businesses/", 400, scale="raksasa")) == {"scale"}


# ---- paging --------------------------------------------------------------------------------------


def test_pages_follow_each_other_in_both_directions_without_a_gap(petugas, verifikator):
    for name in ("Arang", "Batik", "Batik", "Batik", "Cobek"):
        make_business(by=petugas, decided_by=verifikator, name=name)

    for user in (None, petugas):
        seen, path, params = [], "businesses/", {"limit": 2}
        while path:
            page = get(user, path, **params)
            seen += [row["uuid"] for row in page["results"]]
            last, path, params = page, (page["next"] or "").split("/api/v1/")[-1], {}
        assert len(seen) == len(set(seen)) == 5
        back = get(user, last["previous"].split("/api/v1/")[-1])
        assert [row["uuid"] for row in back["results"]] == seen[2:4]


@pytest.mark.parametrize(("who", "queries"), [("visitor", 6), ("petugas", 3)])
def test_one_row_and_three_cost_the_same(petugas, verifikator, django_assert_num_queries, who, queries):
    user = petugas if who == "petugas" else None
    for more in (1, 2):
        for _each in range(more):
            make_business(
                by=petugas,
                decided_by=verifikator,
                items=[
                    {"kind": "owner", "values": {"name": "Wiji"}},
                    {"kind": "product", "values": {"name": "Keripik"}},
                    {"kind": "licence", "values": {"kind": "halal", "number": "ID1"}},
                ],
            )
        with django_assert_num_queries(queries):
            get(user, "businesses/")
