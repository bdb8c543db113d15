"""/api/v1/regions/, /sectors/ and /subsectors/: open to all, read only, filtered."""

import pytest
from django.core.management import call_command

pytestmark = pytest.mark.django_db


@pytest.fixture
def bundled():
    call_command("load_reference", verbosity=0)


def get(client, path, status=200, **params):
    response = client.get(f"/api/v1/{path}", params)
    assert response.status_code == status, response.content
    return response.json()


def codes(client, **params):
    return [region["code"] for region in get(client, "regions/", **params)["results"]]


def test_a_region_says_where_it_lies(client, bundled):
    assert get(client, "regions/35.73.01.1007/") == {
        "code": "35.73.01.1007",
        "name": "Purwantoro",
        "level": "kelurahan",
        "parent": "35.73.01",
        "postal_code": "65122",
        "latitude": "-7.954127",
        "longitude": "112.644462",
        "bps_code_2016": "3573040005",
        "tile_column": 4,
        "tile_row": 3,
    }


def test_regions_are_filtered_by_level_parent_and_name(client, bundled):
    assert codes(client, level="city") == ["35.73"]
    assert len(codes(client, level="kecamatan")) == 5
    assert len(codes(client, parent="35.73.01")) == 11
    assert len(codes(client, within="35.73.01")) == 12
    assert codes(client, q="BLIMBING") == ["35.73.01", "35.73.01.1005"]
    assert codes(client, q="blimbing", level="kelurahan") == ["35.73.01.1005"]


def test_a_region_is_found_by_the_other_names_people_write(client, bundled):
    assert codes(client, q="kampung sanan") == ["35.73.01.1007"]
    assert codes(client, q="oro2 dowo") == codes(client, q="Oro-Oro Dowo") == ["35.73.02.1008"]
    assert codes(client, q="...") == []


def test_lists_continue_where_they_stopped(client, bundled):
    first = get(client, "regions/", level="kelurahan", limit=50)
    rest = client.get(first["next"]).json()

    assert len(first["results"] + rest["results"]) == 57
    assert rest["next"] is None


def test_sectors_are_searched_by_version_and_words(client, bundled):
    found = get(client, "sectors/", q="tempe kedelai", version="2025", leaf="true")["results"]

    assert found == [
        {
            "key": "2025:10307",
            "version": "2025",
            "code": "10307",
            "section": "C",
            "title": "Pembuatan Tempe Kedelai",
            "is_leaf": True,
        }
    ]
    assert get(client, "sectors/2025:10307/") == found[0]


def test_sectors_are_filtered_by_section_and_headings(client, bundled):
    divisions = get(client, "sectors/", version="2025", section="C", leaf="false")["results"]

    assert [row["code"] for row in divisions] == [*(str(n) for n in range(10, 34)), "C"]


def test_subsectors_are_in_their_order(client, bundled):
    found = get(client, "subsectors/", on="2026-11-22")["results"]

    assert len(found) == 17
    assert (found[0]["slug"], found[0]["position"]) == ("pengembang_permainan", 1)
    assert get(client, "subsectors/film_animasi_video/")["name"] == "Film, Animasi, dan Video"


@pytest.mark.parametrize(
    "path", ["regions/35.79/", "sectors/2025:99999/", "sectors/2019:10307/", "subsectors/tidak_ada/"]
)
def test_what_is_not_there_is_404(client, path):
    get(client, path, status=404)


@pytest.mark.parametrize(
    "path", ["regions/", "sectors/", "subsectors/", "regions/35.73/", "sectors/2025:10/"]
)
def test_an_unknown_parameter_is_refused(client, bundled, path):
    assert "warna" in get(client, path, status=400, warna="merah")


@pytest.mark.parametrize(
    ("path", "params"),
    [
        ("regions/", {"level": "desa"}),
        ("regions/", {"q": "a" * 101}),
        ("sectors/", {"version": "2024"}),
        ("sectors/", {"section": "CC"}),
        ("subsectors/", {"on": "kemarin"}),
    ],
)
def test_a_value_that_is_none_of_ours_is_refused(client, path, params):
    assert list(get(client, path, status=400, **params)) == list(params)


@pytest.mark.parametrize("path", ["regions/", "sectors/", "subsectors/"])
def test_nobody_writes_here(client, path):
    assert client.post(f"/api/v1/{path}", {}).status_code in (401, 403, 405)


@pytest.mark.parametrize("path", ["regions/", "sectors/", "subsectors/"])
def test_one_row_and_three_rows_cost_the_same_queries(client, bundled, django_assert_num_queries, path):
    for limit in (1, 3):
        with django_assert_num_queries(1):
            get(client, path, limit=limit)
