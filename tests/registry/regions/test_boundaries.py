"""load_boundaries: a GeoJSON layer joined by code, whatever its property is called."""

import json

import pytest
from django.core.management import CommandError, call_command

from registry.regions.boundaries import outlines_version
from registry.regions.models import Boundary, Region

pytestmark = pytest.mark.django_db

SQUARE = [[[112.64, -7.95], [112.65, -7.95], [112.65, -7.96], [112.64, -7.95]]]


@pytest.fixture
def city(tmp_path):
    path = tmp_path / "wilayah.csv"
    path.write_text(
        "kecamatan_code,kecamatan,kelurahan_code,kelurahan,bps_code_2016\n"
        "35.73.01,Blimbing,35.73.01.1007,Purwantoro,3573040005\n"
        "35.73.01,Blimbing,35.73.01.1005,Blimbing,3573040007\n"
    )
    call_command("load_regions", str(path), verbosity=0)


@pytest.fixture
def load(tmp_path, capsys, city):
    def run(document, *arguments):
        capsys.readouterr()
        path = tmp_path / "batas.geojson"
        path.write_text(document if isinstance(document, str) else json.dumps(document))
        call_command("load_boundaries", str(path), *arguments)
        return capsys.readouterr().out

    return run


def layer(*properties, coordinates=SQUARE, kind="Polygon"):
    return {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": p, "geometry": {"type": kind, "coordinates": coordinates}}
            for p in properties
        ],
    }


@pytest.mark.parametrize(
    "properties",
    [
        {"kelurahan_code": "35.73.01.1007", "kecamatan_code": "35.73.01"},
        {"kode": "3573011007"},
        {"KODE": 3573011007},
        {"KD_KEL": "35.73.01.1007", "kd_kec": "357301", "nama": "Purwantoro"},
        {"kode_bps": "3573040005"},
        {"id": 7, "KDEPUM": "35.73.01.1007"},
    ],
)
def test_the_property_that_joins_is_found(load, properties):
    load(layer(properties))

    assert Boundary.objects.get().region.code == "35.73.01.1007"


def test_a_kecamatan_layer_joins_kecamatan(load):
    said = load(layer({"kecamatan_code": "35.73.01", "kecamatan": "Blimbing"}), "--source", "Bappeda 2026")

    boundary = Boundary.objects.get()
    assert (boundary.region.level, boundary.source) == ("kecamatan", "Bappeda 2026")
    assert said == "Batas wilayah: 1 baru, 0 diperbarui, 0 tetap (lewat properti kecamatan_code)\n"


def test_what_did_not_join_is_said(load):
    said = load(layer({"kode": "35.73.01.1007"}, {"kode": "35.79.01.1001"}, {"nama": "tanpa kode"}))

    assert "Bentuk tanpa wilayah (2): 35.79.01.1001, -" in said
    assert "Wilayah tanpa bentuk (1): 35.73.01.1005 Blimbing" in said


def test_loading_again_keeps_source_and_day_and_a_new_outline_replaces(load):
    load(layer({"kode": "35.73.01.1007"}), "--source", "lama")
    day = Boundary.objects.get().loaded_on

    assert "0 baru, 0 diperbarui, 1 tetap" in load(layer({"kode": "35.73.01.1007"}), "--source", "baru")
    assert (Boundary.objects.get().source, Boundary.objects.get().loaded_on) == ("lama", day)

    wider = [[[112.60, -7.95], *SQUARE[0][1:3], [112.60, -7.95]]]
    said = load(layer({"kode": "35.73.01.1007"}, coordinates=wider), "--source", "baru")
    assert "0 baru, 1 diperbarui, 0 tetap" in said
    assert Boundary.objects.get().source == "baru"
    assert Boundary.objects.get().geometry["coordinates"] == wider


def test_parts_with_one_code_become_one_outline(load):
    load(layer({"kode": "35.73.01.1007"}, {"kode": "35.73.01.1007"}))

    geometry = Boundary.objects.get().geometry
    assert geometry == {"type": "MultiPolygon", "coordinates": [SQUARE, SQUARE]}


def test_heights_and_false_precision_are_dropped(load):
    ring = [
        [112.6412345678, -7.95, 440],
        [112.65, -7.95, 440],
        [112.65, -7.96, 440],
        [112.6412345678, -7.95, 440],
    ]
    load(layer({"kode": "35.73.01.1007"}, coordinates=[ring]))

    assert Boundary.objects.get().geometry["coordinates"][0][0] == [112.64123, -7.95]


FLAT = [[112.64, -7.95], [112.65, -7.95], [112.66, -7.95], [112.64, -7.95]]
SWAPPED = [[y, x] for x, y in SQUARE[0]]


def crs(name):
    return {"type": "name", "properties": {"name": name}}


NOT_DEGREES = [[[680_000.0, 9_120_000.0]] * 4]


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ("", "Berkas kosong"),
        ("{", "bukan JSON"),
        ("[" * 100_000, "bukan JSON"),
        ('{"features": [{"a": NaN}]}', "bukan JSON"),
        ("[]", "bukan GeoJSON"),
        ('{"features": {}}', "bukan GeoJSON"),
        ('{"features": [1]}', "bukan GeoJSON"),
        ('{"features": []}', "tidak memuat satu pun wilayah"),
        (layer({"kode": "99.99.99.9999"}), "Tidak ada bentuk yang cocok .* Properti: kode"),
        (layer({"kode": "9" * 5000}), "Tidak ada bentuk yang cocok"),
        (layer(None, {"kode": ["35.73.01.1007"]}), "Tidak ada bentuk yang cocok"),
        (layer({"kode": "35.73.01.1007"}, kind="Point"), "bukan Polygon"),
        (layer({"kode": "35.73.01.1007"}, coordinates=None), "bukan Polygon"),
        (layer({"kode": "35.73.01.1007"}, coordinates=[]), "tidak utuh"),
        (layer({"kode": "35.73.01.1007"}, coordinates=[[[112.64, -7.95]]]), "tidak utuh"),
        (layer({"kode": "35.73.01.1007"}, coordinates=[SQUARE[0][:3]]), "tidak kembali ke titik pertama"),
        (layer({"kode": "35.73.01.1007"}, coordinates=[[[112.64, -7.95]] * 5]), "tidak utuh"),
        (layer({"kode": "35.73.01.1007"}, coordinates=[FLAT]), "tidak utuh"),
        (layer({"kode": "35.73.01.1007"}, coordinates=[SWAPPED]), "lintang dan bujur tertukar"),
        (layer({"kode": "35.73.01.1007"}, coordinates=[[["112.64", "-7.95"]] * 4]), "tidak terbaca"),
        (layer({"kode": "35.73.01.1007"}, coordinates=[[[True, False]] * 4]), "tidak terbaca"),
        (layer({"kode": "35.73.01.1007"}, coordinates=[[[112.64]] * 4]), "tidak terbaca"),
        (layer({"kode": "35.73.01.1007"}, coordinates=[[None]]), "tidak terbaca"),
        (layer({"kode": "35.73.01.1007"}, coordinates=[{"0": 1}]), "tidak utuh"),
        (layer({"kode": "35.73.01.1007"}, coordinates="x"), "bukan Polygon"),
        (layer({"kode": "35.73.01.1007"}) | {"crs": crs("urn:ogc:def:crs:EPSG::32749")}, "sistem koordinat"),
        (layer({"kode": "35.73.01.1007"}) | {"crs": [1]}, "sistem koordinat"),
        (layer({"kode": "35.73.01.1007"}, coordinates=[[1, 2]]), "tidak terbaca"),
        (layer({"kode": "35.73.01.1007"}, coordinates=[[{"x": 1}]]), "tidak terbaca"),
        (layer({"kode": "35.73.01.1007"}, coordinates=[[["a", "b"]] * 4]), "tidak terbaca"),
        (layer({"kode": "35.73.01.1007"}, coordinates=NOT_DEGREES), "di luar Indonesia"),
        (json.dumps(layer({"kode": "35.73.01.1007"})).replace("112.65", "1e999"), "di luar Indonesia"),
        (json.dumps(layer({"kode": "35.73.01.1007"})).replace("112.65", "1" * 400), "tidak terbaca"),
    ],
)
def test_a_bad_layer_gets_a_message_and_changes_nothing(load, document, said):
    with pytest.raises(CommandError, match=said):
        load(document)

    assert not Boundary.objects.exists()


@pytest.mark.parametrize(
    ("limit", "said"), [("MAX_FEATURES", "lebih dari 1"), ("MAX_POINTS", "terlalu banyak")]
)
def test_a_layer_beyond_the_limits_is_refused(load, monkeypatch, limit, said):
    monkeypatch.setattr(f"registry.regions.boundaries.{limit}", 1)

    with pytest.raises(CommandError, match=said):
        load(layer({"kode": "35.73.01.1007"}, {"kode": "35.73.01.1005"}))


def test_outlines_go_with_no_region_loaded(tmp_path):
    path = tmp_path / "batas.geojson"
    path.write_text(json.dumps(layer({"kode": "35.73.01.1007"})))

    assert not Region.objects.exists()
    with pytest.raises(CommandError, match="Tidak ada bentuk yang cocok"):
        call_command("load_boundaries", str(path))


def test_every_broken_outline_is_named_and_none_is_loaded(load):
    document = layer({"kode": "35.73.01.1007"}, {"kode": "35.73.01.1005"}, {"kode": "35.73.01"})
    document["features"][0]["geometry"]["coordinates"] = [SWAPPED]
    document["features"][1]["geometry"] = None

    with pytest.raises(CommandError) as refused:
        load(document)

    said = str(refused.value).splitlines()
    assert said[0] == "Batas wilayah tidak dimuat:"
    assert said[1].startswith("35.73.01.1007 Purwantoro: lintang dan bujur tertukar")
    assert said[2] == "35.73.01.1005 Blimbing: bukan Polygon atau MultiPolygon"
    assert not Boundary.objects.exists()


def test_a_broken_outline_leaves_the_ones_loaded_before(load):
    load(layer({"kode": "35.73.01.1007"}))

    with pytest.raises(CommandError):
        load(layer({"kode": "35.73.01.1007"}, {"kode": "35.73.01.1005"}, coordinates=[SWAPPED]))

    assert Boundary.objects.get().geometry["coordinates"] == SQUARE


def test_points_that_fall_together_are_one(load):
    ring = [SQUARE[0][0], [112.640001, -7.950001], *SQUARE[0][1:]]
    load(layer({"kode": "35.73.01.1007"}, coordinates=[ring]))

    assert Boundary.objects.get().geometry["coordinates"] == SQUARE


def test_the_usual_names_of_degrees_are_known(load):
    load(layer({"kode": "35.73.01.1007"}) | {"crs": crs("urn:ogc:def:crs:OGC:1.3:CRS84")})

    assert Boundary.objects.exists()


def test_the_version_moves_with_every_change_and_with_nothing_else(load):
    load(layer({"kode": "35.73.01.1007"}))
    first = outlines_version()

    load(layer({"kode": "35.73.01.1007"}), "--source", "lain")
    assert outlines_version() == first

    load(layer({"kode": "35.73.01.1007"}, coordinates=[[[112.60, -7.95], *SQUARE[0][1:3], [112.60, -7.95]]]))
    second = outlines_version()
    assert second != first

    Boundary.objects.all().delete()
    assert outlines_version() not in (first, second)


def test_a_file_of_fifty_megabytes_is_not_read(load, tmp_path):
    path = tmp_path / "besar.geojson"
    with path.open("wb") as file:
        file.truncate(50 * 1024 * 1024)

    with pytest.raises(CommandError, match="lebih besar dari 40 MB"):
        call_command("load_boundaries", str(path))
