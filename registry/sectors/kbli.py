"""KBLI codes by version: how they are written, which section they belong to, how titles read. Pure.

A code means something only with its version: 239 codes kept their number from KBLI 2020 to KBLI 2025 and
changed their meaning. Source of the sections: the tables of contents of KBLI 2020 (Peraturan BPS 2/2020)
and KBLI 2025, which replaced it on 18 December 2025.
"""

import re

from django.utils.translation import gettext_lazy as _

VERSIONS = ("2020", "2025")
CURRENT = "2025"

CODE = re.compile(r"[A-Z]|[0-9]{2,5}")
LEAF_DIGITS = 5

# Last division of each section; a division belongs to the first section whose last one is not below it.
_LAST_DIVISION = {
    "2020": "A03 B09 C33 D35 E39 F43 G47 H53 I56 J63 K66 L68 M75 N82 O84 P85 Q88 R93 S96 T98 U99",
    "2025": "A03 B09 C33 D35 E39 F43 G47 H53 I56 J60 K63 L66 M68 N75 O82 P84 Q85 R88 S93 T96 U98 V99",
}


def section_of(version, code):
    """The section letter of a code in a version, or "" when there is no such division."""
    if code.isalpha():
        return code if f" {code}" in f" {_LAST_DIVISION[version]}" else ""
    division = int(code[:2])
    if division == 0:
        return ""
    for entry in _LAST_DIVISION[version].split():
        if division <= int(entry[1:]):
            return entry[0]
    return ""


# Sections as the public knows them, the same in both versions: from J on KBLI 2025 moved its letters.
# slug: (plain words, letters in 2020, letters in 2025)
SECTORS = {
    "pertanian": (_("Pertanian dan perikanan"), "A", "A"),
    "tambang": (_("Pertambangan"), "B", "B"),
    "industri": (_("Industri dan kerajinan"), "C", "C"),
    "energi-air": (_("Energi, air dan sampah"), "DE", "DE"),
    "konstruksi": (_("Konstruksi"), "F", "F"),
    "perdagangan": (_("Perdagangan"), "G", "G"),
    "angkutan": (_("Angkutan dan gudang"), "H", "H"),
    "kuliner-penginapan": (_("Makan minum dan penginapan"), "I", "I"),
    "informasi": (_("Informasi dan komunikasi"), "J", "JK"),
    "keuangan": (_("Keuangan"), "K", "L"),
    "properti": (_("Properti"), "L", "M"),
    "profesional": (_("Jasa profesional"), "M", "N"),
    "penunjang": (_("Sewa dan penunjang usaha"), "N", "O"),
    "pemerintahan": (_("Pemerintahan"), "O", "P"),
    "pendidikan": (_("Pendidikan dan kursus"), "P", "Q"),
    "kesehatan": (_("Kesehatan"), "Q", "R"),
    "kesenian": (_("Kesenian dan rekreasi"), "R", "S"),
    "jasa-lain": (_("Jasa lain"), "S", "T"),
    "lainnya": (_("Lainnya"), "TU", "UV"),
}


def sections_of(sector):
    """{version: section letters} of a slug of SECTORS."""
    _label, old, new = SECTORS[sector]
    return {"2020": old, "2025": new}


def sector_of(version, section):
    """The slug in SECTORS of a section letter of a version, "" for none."""
    return next((slug for slug in SECTORS if section and section in sections_of(slug)[version]), "")


def key(version, code):
    """The written form of a code with its version: "2025:10307"."""
    return f"{version}:{code}"


def split_key(text):
    """(version, code) of "2025:10307". Raises ValueError when it is not written so."""
    version, colon, code = str(text).partition(":")
    if not colon or version not in VERSIONS or not CODE.fullmatch(code):
        raise ValueError("a KBLI code is written version:code")
    return version, code


# ---- titles ----------------------------------------------------------------------------------

_SMALL = (
    "dan atau dari untuk di ke dengan yang oleh bukan selain tidak termasuk serta pada atas melalui dalam "
    "kecuali bagi sebagai secara agar of and"
)
_SMALL_WORDS = frozenset(_SMALL.split())
_KEPT = "SMS IPTV ITKP NAP AKAP AKDP MICE LED LPG BBG SPA IoT CD DVD VCD PRT OPT CITES TV PAUD 3D B2 B3"
_ACRONYMS = {word.upper(): word for word in _KEPT.split()}
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_ALWAYS_SMALL = {"YTDL": "ytdl", "YBDI": "ybdi"}  # "yang tidak diklasifikasikan / berhubungan di tempat lain"


def readable_title(title):
    """A KBLI title in readable letter case; the tables print some in capitals, some mixed. Idempotent."""
    title = re.sub(r"\s+", " ", str(title)).strip()
    title = re.sub(r"(?<=[(/])\s+|\s+(?=[),;./])", "", title)

    def word(match):
        text = match.group()
        upper = text.upper()
        if upper in _ALWAYS_SMALL:
            return _ALWAYS_SMALL[upper]
        if upper in _ACRONYMS:
            return _ACRONYMS[upper]
        lower = text.lower()
        if lower in _SMALL_WORDS and match.start() > 0:
            return lower
        return lower[:1].upper() + lower[1:]

    return _WORD.sub(word, title)


# What people say at the counter, and the words that official titles use for it. Used only to widen a
# search; nothing is stored from it.
EVERYDAY_WORDS = {
    "angkringan": ("penyediaan makanan", "warung makan"),
    "baju": ("pakaian",),
    "bakso": ("penyediaan makanan", "warung makan"),
    "bakery": ("bakeri", "roti"),
    "bengkel": ("reparasi",),
    "bordir": ("sulaman", "bordir"),
    "cafe": ("kafe",),
    "camilan": ("kerupuk", "kue kering"),
    "catering": ("jasa boga",),
    "cookies": ("roti", "bakeri", "kue"),
    "gerabah": ("tanah liat",),
    "jahit": ("penjahitan", "jahit"),
    "jamu": ("obat tradisional", "obat bahan alam", "herbal"),
    "katering": ("jasa boga",),
    "kaos": ("pakaian",),
    "kelontong": ("berbagai macam barang yang utamanya makanan",),
    "kos": ("akomodasi lainnya", "hunian"),
    "konveksi": ("konveksi", "konfeksi"),
    "laundry": ("penatu", "pencucian dan pembersihan produk tekstil"),
    "mebel": ("furnitur",),
    "meubel": ("furnitur",),
    "lalapan": ("penyediaan makanan", "warung makan"),
    "ojol": ("ojek",),
    "percetakan": ("pencetakan",),
    "pracangan": ("berbagai macam barang yang utamanya makanan",),
    "sablon": ("pencetakan", "penyempurnaan tekstil"),
    "salon": ("salon kecantikan", "perawatan kecantikan"),
    "sembako": ("berbagai macam barang yang utamanya makanan", "eceran beras"),
    "snack": ("kerupuk", "kue kering"),
    "toko": ("eceran",),
    "warung": ("warung makan", "penyediaan makanan", "kedai", "berbagai macam barang yang utamanya makanan"),
}
