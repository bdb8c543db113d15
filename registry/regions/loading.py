"""Bringing the region tables to what a file says: regions, aliases, tile map, holidays.

Every function takes a path, changes all or nothing, may be repeated, and returns the lines to print.
Outlines are in boundaries.py. Called by the load commands only.
"""

import re
from datetime import date
from decimal import Decimal, InvalidOperation

from django.db import transaction
from django.utils.translation import gettext as _

from registry.regions.kemendagri import official_name
from registry.regions.models import Holiday, Region, RegionAlias
from umkm_portal.lib.errors import Refused
from umkm_portal.lib.reference_files import Problems, read_csv, upsert
from umkm_portal.lib.text import fold

REGION_COLUMNS = ("kecamatan_code", "kecamatan", "kelurahan_code", "kelurahan")
PLACE_COLUMNS = ("postal_code", "lat", "lon", "bps_code_2016")

KECAMATAN_CODE = re.compile(r"\d{2}\.\d{2}\.\d{2}", re.ASCII)
KELURAHAN_CODE = re.compile(r"\d{2}\.\d{2}\.\d{2}\.\d{4}", re.ASCII)

# Indonesia, with room at the edges: a point outside is a mistake, most often latitude and longitude swapped.
LATITUDES = (Decimal(-12), Decimal(7))
LONGITUDES = (Decimal(94), Decimal(142))
SIX_PLACES = Decimal("0.000001")


def dotted(code):
    """A Kemendagri code with its dots, also when a file writes it as digits only: "3573011007"."""
    digits = code.replace(" ", "")
    if digits.isascii() and digits.isdigit() and len(digits) in (4, 6, 10):
        parts = (digits[:2], digits[2:4], digits[4:6], digits[6:10])
        return ".".join(part for part in parts if part)
    return digits


# ---- regions ---------------------------------------------------------------------------------


def load_regions(path, city_name=""):
    """Load the kecamatan and kelurahan of one city; the city's row is made from the code prefix.

    A cell left empty does not erase what is known. Regions that the file does not name stay.
    Raises Refused, having changed nothing.
    """
    rows = read_csv(path, REGION_COLUMNS, PLACE_COLUMNS)
    problems = Problems()
    kecamatan, kelurahan = {}, {}
    for row in rows:
        _read_region(row, kecamatan, kelurahan, problems)
    problems.refuse("regions-file")
    city = _one_city(kecamatan)
    with transaction.atomic():
        known = {region.code: region for region in Region.objects.within(city)}
        name = city_name.strip() or (known[city].name if city in known else official_name(city))
        if not name:
            raise Refused(
                "city-name-missing",
                _("Nama kota berkode %(region)s tidak dikenal; sebutkan dengan --city-name."),
                region=city,
            )
        counts = [_upsert_level(known, {city: {"name": name[:100]}}, Region.Level.CITY)]
        counts.append(_upsert_level(known, kecamatan, Region.Level.KECAMATAN))
        counts.append(_upsert_level(known, kelurahan, Region.Level.KELURAHAN))
    lines = [
        f"{label}: {count}"
        for label, count in zip((name, _("Kecamatan"), _("Kelurahan")), counts, strict=True)
    ]
    absent = len(set(known) - {city} - set(kecamatan) - set(kelurahan))
    if absent:
        lines.append(_("%(absent)s wilayah lain kota ini dibiarkan.") % {"absent": absent})
    return lines


def _read_region(row, kecamatan, kelurahan, problems):
    above, code = dotted(row["kecamatan_code"]), dotted(row["kelurahan_code"])
    if not KECAMATAN_CODE.fullmatch(above):
        problems.add(row, _("kode kecamatan tidak berbentuk 35.73.01"))
    elif not KELURAHAN_CODE.fullmatch(code):
        problems.add(row, _("kode kelurahan tidak berbentuk 35.73.01.1001"))
    elif not code.startswith(above + "."):
        problems.add(
            row,
            _("kelurahan %(code)s bukan bagian dari kecamatan %(above)s") % {"code": code, "above": above},
        )
    elif code in kelurahan:
        problems.add(row, _("kode %(code)s muncul dua kali") % {"code": code})
    elif not row["kecamatan"] or not row["kelurahan"]:
        problems.add(row, _("nama kecamatan atau kelurahan kosong"))
    elif max(len(row["kecamatan"]), len(row["kelurahan"])) > 100:
        problems.add(row, _("nama lebih dari 100 huruf"))
    elif kecamatan.setdefault(above, {"name": row["kecamatan"]})["name"] != row["kecamatan"]:
        problems.add(row, _("kecamatan %(code)s memiliki dua nama") % {"code": above})
    else:
        kelurahan[code] = {"name": row["kelurahan"], **_place(row, problems)}


def _place(row, problems):
    """The optional columns that are filled, checked."""
    found = {}
    if row["postal_code"]:
        found["postal_code"] = row["postal_code"]
        if not re.fullmatch(r"[1-9]\d{4}", row["postal_code"], re.ASCII):
            problems.add(row, _("kode pos bukan lima angka"))
    if row["bps_code_2016"]:
        found["bps_code_2016"] = row["bps_code_2016"]
        if not re.fullmatch(r"\d{10}", row["bps_code_2016"], re.ASCII):
            problems.add(row, _("kode BPS bukan sepuluh angka"))
    if row["lat"] or row["lon"]:
        found["latitude"] = _coordinate(row["lat"], LATITUDES)
        found["longitude"] = _coordinate(row["lon"], LONGITUDES)
        if None in found.values():
            problems.add(row, _("titik tidak terbaca atau di luar Indonesia (lintang dan bujur tertukar?)"))
    return found


def _coordinate(text, bounds):
    try:
        number = Decimal(text.replace(",", "."))
    except InvalidOperation:
        return None
    if not number.is_finite() or not bounds[0] <= number <= bounds[1]:
        return None
    return number.quantize(SIX_PLACES)


def _one_city(kecamatan):
    cities = sorted({code[:5] for code in kecamatan})
    if len(cities) != 1:
        raise Refused(
            "regions-several-cities",
            _("Berkas memuat lebih dari satu kota (%(codes)s); muat satu berkas per kota."),
            codes=", ".join(cities[:5]),
        )
    return cities[0]


def _upsert_level(known, wanted, level):
    """Bring one level to what the file says; `known` then also holds the new rows, for the level below."""
    for code, values in wanted.items():
        parent = known[code.rpartition(".")[0]] if level != Region.Level.CITY else None
        values.update(code=code, level=level, parent_id=parent.pk if parent else None)
    counts = upsert(Region, known, wanted)
    known.update({region.code: region for region in Region.objects.filter(code__in=list(wanted))})
    return counts


def _regions_by_code(codes):
    return {region.code: region for region in Region.objects.filter(code__in=codes)}


# ---- other names, tile map -------------------------------------------------------------------


def load_aliases(path):
    """Load other spellings and kampung names (alias, kelurahan_code, kind)."""
    rows = read_csv(path, ("alias", "kelurahan_code"), ("kind",))
    regions = _regions_by_code({dotted(row["kelurahan_code"]) for row in rows})
    problems, wanted = Problems(), {}
    for row in rows:
        region = regions.get(dotted(row["kelurahan_code"]))
        folded = fold(row["alias"])
        if region is None:
            problems.add(row, _("kelurahan %(code)s belum dimuat") % {"code": row["kelurahan_code"][:20]})
        elif not folded or len(row["alias"]) > 100 or len(folded) > 100 or len(row["kind"]) > 20:
            problems.add(row, _("ejaan kosong atau terlalu panjang"))
        else:  # two spellings that fold alike are one: "Oro Oro Dowo", "Oro-Oro Dowo"
            wanted.setdefault(
                (region.pk, folded),
                {"region_id": region.pk, "alias": row["alias"], "folded": folded, "kind": row["kind"]},
            )
    problems.refuse("aliases-file")
    with transaction.atomic():
        known = {
            (alias.region_id, alias.folded): alias
            for alias in RegionAlias.objects.filter(region__in=regions.values())
        }
        counts = upsert(RegionAlias, known, wanted)
    return [_("Ejaan lain: %(counts)s") % {"counts": counts}]


def load_tiles(path):
    """Load the place of each kelurahan in the tile map (kelurahan_code, column, row)."""
    rows = read_csv(path, ("kelurahan_code", "column", "row"))
    regions = _regions_by_code({dotted(row["kelurahan_code"]) for row in rows})
    problems, wanted, taken = Problems(), {}, set()
    for row in rows:
        code = dotted(row["kelurahan_code"])
        tile = tuple(_small_number(row[name]) for name in ("column", "row"))
        if code not in regions:
            problems.add(row, _("kelurahan %(code)s belum dimuat") % {"code": code[:20]})
        elif None in tile:
            problems.add(row, _("kolom dan baris petak harus angka 0 sampai 99"))
        elif code in wanted or (code[:5], tile) in taken:
            problems.add(row, _("kelurahan atau petak muncul dua kali"))
        else:
            taken.add((code[:5], tile))
            wanted[code] = {"tile_column": tile[0], "tile_row": tile[1]}
    problems.refuse("tiles-file")
    with transaction.atomic():
        counts = upsert(Region, regions, wanted)
    return [_("Petak peta: %(counts)s") % {"counts": counts}]


def _small_number(text):
    return int(text) if re.fullmatch(r"\d{1,2}", text, re.ASCII) else None


# ---- holidays --------------------------------------------------------------------------------

YES, NO = {"ya", "1", "true"}, {"tidak", "0", "false"}


def load_holidays(path):
    """Load days on which the office does not work (on, name, is_decreed)."""
    rows = read_csv(path, ("on", "name", "is_decreed"))
    problems, wanted = Problems(), {}
    for row in rows:
        day = _iso_day(row["on"])
        if day is None:
            problems.add(row, _("tanggal tidak berbentuk 2026-12-25"))
        elif day in wanted:
            problems.add(row, _("tanggal %(day)s muncul dua kali") % {"day": day})
        elif not row["name"] or len(row["name"]) > 150:
            problems.add(row, _("nama hari libur kosong atau lebih dari 150 huruf"))
        elif row["is_decreed"].lower() not in YES | NO:
            problems.add(row, _("is_decreed harus ya atau tidak"))
        else:
            wanted[day] = {"on": day, "name": row["name"], "is_decreed": row["is_decreed"].lower() in YES}
    problems.refuse("holidays-file")
    with transaction.atomic():
        known = {holiday.on: holiday for holiday in Holiday.objects.filter(on__in=list(wanted))}
        counts = upsert(Holiday, known, wanted)
    return [_("Hari libur: %(counts)s") % {"counts": counts}]


def _iso_day(text):
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
