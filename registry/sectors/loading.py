"""Bringing the sector tables to what a file says: KBLI, subsectors, product centres.

Every function takes a path, changes all or nothing, may be repeated, and returns the lines to print.
Called by the load commands only.
"""

import re
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from registry.regions.models import Region
from registry.sectors import kbli
from registry.sectors.models import Kbli, ProductCentre, Subsector
from umkm_portal.lib.reference_files import Problems, read_csv, upsert
from umkm_portal.lib.text import fold

MAX_TITLE = 300  # folding may lengthen a title a little; the column holds 400


def load_kbli(path):
    """Load a KBLI table (kbli_version, code, section, title; the section may be missing or empty).

    Titles printed in capitals are put into readable letter case. Codes that the file does not name stay,
    since businesses may carry them. Raises Refused, having changed nothing.
    """
    rows = read_csv(path, ("kbli_version", "code", "title"), ("section",))
    problems, wanted = Problems(), {}
    for row in rows:
        values = _read_kbli(row, problems)
        if values is None:
            continue
        key = (values["version"], values["code"])
        if wanted.setdefault(key, values) != values:
            problems.add(row, _("kode %(code)s memiliki dua judul") % {"code": kbli.key(*key)})
    problems.refuse("kbli-file")
    counts = {}
    with transaction.atomic():
        for version in sorted({version for version, _code in wanted}):
            known = {(row.version, row.code): row for row in Kbli.objects.filter(version=version)}
            of_version = {key: values for key, values in wanted.items() if key[0] == version}
            counts[version] = upsert(Kbli, known, of_version)
    return [f"KBLI {version}: {count}" for version, count in counts.items()]


def _read_kbli(row, problems):
    version, code, title = row["kbli_version"], row["code"].upper(), kbli.readable_title(row["title"])
    section = row["section"].upper()
    if version not in kbli.VERSIONS:
        problems.add(row, _("versi KBLI harus salah satu dari %(all)s") % {"all": ", ".join(kbli.VERSIONS)})
    elif not kbli.CODE.fullmatch(code):
        problems.add(row, _("kode harus satu huruf atau dua sampai lima angka (angka nol di depan hilang?)"))
    elif not (own := kbli.section_of(version, code)) or section not in ("", own):
        problems.add(row, _("kode %(code)s tidak ada dalam kategori itu") % {"code": code})
    elif not title or len(title) > MAX_TITLE or not fold(title):
        problems.add(row, _("judul kosong atau lebih dari %(most)s huruf") % {"most": MAX_TITLE})
    else:
        return {
            "version": version,
            "code": code,
            "section": own,
            "title": title,
            "title_folded": fold(title)[:400],
        }
    return None


def load_subsectors(path):
    """Load the creative-economy subsectors (slug, name, name_en, starts_on, ends_on), in the file's order."""
    rows = read_csv(path, ("slug", "name"), ("name_en", "starts_on", "ends_on"))
    problems, wanted = Problems(), {}
    for row in rows:
        days = {name: _day(row, name, problems) for name in ("starts_on", "ends_on")}
        if not re.fullmatch(r"[a-z0-9_-]{1,50}", row["slug"]) or row["slug"] in wanted:
            problems.add(row, _("slug kosong, salah bentuk, atau muncul dua kali"))
        elif not row["name"] or max(len(row["name"]), len(row["name_en"])) > 100:
            problems.add(row, _("nama kosong atau lebih dari 100 huruf"))
        elif days["starts_on"] and days["ends_on"] and days["ends_on"] < days["starts_on"]:
            problems.add(row, _("hari terakhir mendahului hari pertama"))
        else:
            names = {"slug": row["slug"], "name": row["name"], "name_en": row["name_en"]}
            wanted[row["slug"]] = {**names, "position": len(wanted) + 1, **days}
    problems.refuse("subsectors-file")
    with transaction.atomic():
        counts = upsert(Subsector, {row.slug: row for row in Subsector.objects.all()}, wanted)
    return [_("Subsektor: %(counts)s") % {"counts": counts}]


def _day(row, name, problems):
    if not row[name]:
        return None
    try:
        return date.fromisoformat(row[name])
    except ValueError:
        problems.add(row, _("%(name)s bukan tanggal") % {"name": name})
        return None


def load_product_centres(path):
    """Load sentra and planned clusters (name, product, kelurahan_code, rws as "14;15", planned, note).

    The kelurahan may be empty; a code that is not loaded is refused.
    """
    rows = read_csv(path, ("name", "product"), ("kelurahan_code", "rws", "planned", "note"))
    regions = {
        region.code: region
        for region in Region.objects.kelurahan().filter(code__in={row["kelurahan_code"] for row in rows})
    }
    problems, wanted = Problems(), {}
    for row in rows:
        rws = [part for part in re.split(r"[;, ]+", row["rws"]) if part]
        code = row["kelurahan_code"]
        if not row["name"] or not row["product"] or row["name"] in wanted:
            problems.add(row, _("nama atau produk kosong, atau nama muncul dua kali"))
        elif max(len(row["name"]) - 50, len(row["product"]), len(row["note"]) - 200) > 100:
            problems.add(row, _("isian terlalu panjang"))
        elif code and code not in regions:
            problems.add(row, _("kelurahan %(code)s belum dimuat") % {"code": code[:20]})
        elif not all(re.fullmatch(r"[1-9]\d{0,2}", rw, re.ASCII) for rw in rws) or len(set(rws)) != len(rws):
            problems.add(row, _("RW harus angka 1 sampai 999 tanpa pengulangan"))
        elif row["planned"].lower() not in ("", "ya", "tidak"):
            problems.add(row, _("planned harus ya atau tidak"))
        else:
            wanted[row["name"]] = {
                "name": row["name"],
                "product": row["product"],
                "kelurahan_id": regions[code].pk if code else None,
                "rws": [int(rw) for rw in rws],
                "planned": row["planned"].lower() == "ya",
                "note": row["note"],
            }
    problems.refuse("product-centres-file")
    with transaction.atomic():
        known = {row.name: row for row in ProductCentre.objects.filter(name__in=list(wanted))}
        counts = upsert(ProductCentre, known, wanted)
    return [_("Sentra: %(counts)s") % {"counts": counts}]
