"""How a list and its rows read on a page: words for states, counts with their meaning, columns."""

# ruff: noqa: E501  (a table of words)

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

ROLE_WORDS = {
    "name": lazy("Nama usaha"), "name_owner": lazy("Nama pemilik"), "nik": "NIK", "kk": "KK", "nib": "NIB",
    "npwp": "NPWP", "pirt": "P-IRT", "halal": lazy("Halal"), "bpom_md": "BPOM MD", "sni": "SNI", "merek": lazy("Merek"),
    "address": lazy("Alamat usaha"), "address_home": lazy("Alamat pemilik"), "address_extra": lazy("Bagian alamat"),
    "rt": "RT", "rw": "RW", "rt_rw": "RT/RW", "kelurahan": lazy("Kelurahan"), "kecamatan": lazy("Kecamatan"),
    "kelurahan_kecamatan": lazy("Kelurahan dan kecamatan"), "kelurahan_code": lazy("Kode kelurahan"),
    "kelurahan_home": lazy("Kelurahan pemilik"), "kecamatan_home": lazy("Kecamatan pemilik"),
    "rt_home": lazy("RT pemilik"), "rw_home": lazy("RW pemilik"), "city": lazy("Kota/kabupaten"),
    "phone": lazy("Telepon"), "email": lazy("Surel"), "website": lazy("Situs web"), "instagram": "Instagram",
    "marketplace": lazy("Toko daring"), "hours": lazy("Jam buka"), "activity": lazy("Jenis usaha"),
    "detail": lazy("Produk atau kegiatan"), "sector": lazy("Bidang menurut daftar"), "kbli": "KBLI",
    "scale": lazy("Skala"), "legal_form": lazy("Bentuk usaha"), "place_kind": lazy("Jenis tempat"),
    "stall": lazy("Nomor kios"), "operating_state": lazy("Keadaan"), "turnover": lazy("Omzet"),
    "capital": lazy("Modal"), "assets": lazy("Aset"), "investment": lazy("Investasi"), "workers": lazy("Tenaga kerja"),
    "workers_male": lazy("Tenaga kerja laki-laki"), "workers_female": lazy("Tenaga kerja perempuan"),
    "founded": lazy("Tahun berdiri"), "latitude": lazy("Lintang"), "longitude": lazy("Bujur"),
    "coordinates": lazy("Koordinat"), "sex": lazy("Jenis kelamin"), "born_on": lazy("Tanggal lahir"),
    "education": lazy("Pendidikan"), "disability": lazy("Disabilitas"), "consent": lazy("Persetujuan"),
    "number": lazy("Nomor urut"),
}  # fmt: skip
STATE_KEYS = {
    "reading": "reading", "ready": "ready", "sending": "applying", "failed": "failed", "submitted": "submitted",
    "approved": "applying", "applying": "applying", "applied": "applied", "rejected": "rejected", "withdrawn": "withdrawn",
}  # fmt: skip


def figures(row):
    """What a list of uploads shows of one."""
    return {
        "upload": row,
        "url": row.get_absolute_url(),
        "status": STATE_KEYS.get(row.status, "ready"),
        "records": row.counts.get("records"),
        "accepted": row.counts.get("accepted"),
    }


def counts_shown(row):
    """[(label, number, meaning)] of the counts, in the order they add up."""
    counts = row.counts
    if not counts:
        return []
    return [
        (
            _("baris"),
            counts["records"],
            _("Baris di bawah judul kolom, tanpa baris kosong, jumlah dan tanda tangan."),
        ),
        (_("diterima"), counts["accepted"], _("Akan dikirim untuk verifikasi.")),
        (
            _("ditolak"),
            counts["rejected"],
            _("Tanpa nama usaha, atau selnya tidak cocok dengan judul kolom."),
        ),
        (
            _("ganda"),
            counts["duplicates"],
            _("Sama dengan baris lain atau dengan usaha yang sudah tercatat."),
        ),
        (_("mirip"), counts["candidates"], _("Diterima, tetapi mirip usaha lain; perlu dilihat orang.")),
        (_("perubahan"), counts["changed"], _("Diterima sebagai nilai baru pada usaha yang sudah tercatat.")),
        (_("peringatan"), counts["warnings"], _("Diterima, dengan sel yang perlu diperiksa.")),
    ]


def columns_shown(row):
    """[{letter, label, meaning}]: what each column was taken for; "" where its words are only kept."""
    return [
        {"letter": letter, "label": label, "meaning": ROLE_WORDS.get(role, "")}
        for letter, label, role in row.columns
    ]


def row_shown(row):
    """One row's outcome and messages; no value of any cell."""
    told = [{"column": letter, "label": label, "text": text} for letter, label, text in row.messages]
    if row.reason and not any(m["text"] == row.reason for m in told):
        told.insert(0, {"column": "", "label": "", "text": row.reason})
    if row.outcome == "accepted" and row.candidate_of:
        text = _("Mirip dengan baris %(row)s. Periksa apakah usaha yang sama.") % {"row": row.candidate_of}
        told.append({"column": "", "label": "", "text": text})
    elif row.outcome == "accepted" and row.business_id and not row.changed:
        told.append({"column": "", "label": "", "text": _("Mirip dengan usaha yang sudah tercatat.")})
    keys = {"accepted": "approved", "rejected": "rejected", "duplicate": "withdrawn"}
    word = _("Perubahan") if row.changed else row.get_outcome_display()
    return {"number": row.number, "status": keys[row.outcome], "word": word, "messages": told}
