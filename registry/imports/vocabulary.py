"""What offices write above a column, and which role that gives it. Data first, a little code below. Pure.

A role is not yet a field: `activity`, `detail` and `sector` share three fields, by what the list has.
Patterns run over the folded label ("No. HP/WA" -> "no hp wa"); the first that fits wins.
"""

# ruff: noqa: E501  (a pattern is read in one line)

import re
from functools import lru_cache

from rapidfuzz import fuzz, process

from umkm_portal.lib.text import fold

_BUSINESS = r"usaha|umkm|ukm|ikm|perusahaan|toko|warung|kios|outlet|kedai|lapak|industri|unit usaha|badan usaha|bisnis|rumah makan|tempat usaha|koperasi|restoran|cafe|kafe|merchant|tenant|pabrik|sentra|dagang"
_PERSON = r"pemilik|pengusaha|pimpinan|pemimpin|penanggung ?jawab|pj|direktur|pengelola|owner|pengurus|ketua|kepala|manager|manajer|pendiri"
_PEOPLE = r"pelaku|pedagang|pengrajin|perajin|pengerajin|anggota|peserta|penjual|peternak|petani|pembuat|nasabah|penerima|responden|wirausaha|binaan|mitra"

PATTERNS = [
    # Words that look like another column but are not.
    (
        "other",
        r"\b(kode|id)\b.*\b(kecamatan|kabupaten|kota|provinsi)\b|\b(subdistrict|district|region|city|province) id\b",
    ),
    ("id", r"\b(?!ktp)\w+ id$|^id (?!ktp|card|kelurahan|desa|wilayah)|^id$"),
    (
        "other",
        r"^(tanggal|tgl|date|waktu|jam) (persetujuan|pengajuan|input|entri|entry|data|survei|survey|pendataan|daftar|update)\b",
    ),
    ("other", r"^(foto|gambar|logo|scan|upload|unggah|dokumen|file|lampiran|bukti)\b"),
    (
        "other",
        r"\b(created|updated|deleted|timestamp|stempel waktu|petugas|surveyor|enumerator|pendata|verifikator)\b",
    ),
    (
        "other",
        r"\b(nama|nik|no|nomor) (kk|kepala keluarga|suami|istri|ayah|ibu)\b(?!.*kartu)(?<!no kk)(?<!nomor kk)",
    ),
    ("other", r"\b(bank|rekening|kredit|pinjaman|kur|bpjs|asuransi)\b"),
    ("email", r"\be ?mail\b|\bsurel\b|alamat email"),
    ("website", r"\b(website|web ?site|situs|homepage)\b|^(alamat )?web$|^url$|^link (web|toko)"),
    ("instagram", r"\binstagram\b|^(akun )?ig$|\big\b(?!.*(fb|facebook))"),
    ("facebook", r"\bfacebook\b|\bfb\b|\btik ?tok\b"),
    (
        "marketplace",
        r"\bmarket ?place\b|\bshopee\b|\btokopedia\b|\btoko online\b|\be ?commerce\b|toko daring",
    ),
    ("other", r"\bmedia sosial\b|\bmedsos\b|\bsosmed\b"),
    (
        "consent",
        # Of being shown, not of taking part or of lending: whether they "bersedia mengikuti pelatihan" is no consent.
        r"\b(persetujuan|bersedia|kesediaan|setuju|izin|consent)\b.*\b(di)?(tampil|publi[ks]|muat|umum|sebar|lihat|buka|terbuka)"
        r"|\b(persetujuan|consent) (nama|foto|telepon|nomor|no|alamat|titik|lokasi)\b",
    ),
    # Numbers of papers.
    ("kk", r"\b(no|nomor) (kk|kartu keluarga)\b|^kk$|^kartu keluarga$"),
    (
        "address_home",
        r"alamat.*\b(ktp|rumah|tinggal|domisili|pemilik|pengusaha|pribadi|pimpinan|owner|penanggung)\b",
    ),
    ("name_owner", r"^nama (sesuai|di|pada) ktp$|^nama ktp$"),
    (
        "nik",
        r"\bnik\b|\b(no|nomor|id) (e )?ktp\b|^(e )?ktp$|nomor induk kependudukan|^no identitas$|^nomor identitas$",
    ),
    ("nib_date", r"(tanggal|tgl|tahun).*\bnib\b"),
    ("nib", r"\bnib\b|nomor induk berusaha"),
    ("npwp", r"\bnpwp\b"),
    ("pirt", r"\bp ?irt\b|\bpp irt\b|\bspp? ?p? ?irt\b"),
    ("halal", r"\bhalal\b"),
    ("bpom_md", r"\bbpom\b|\bb pom\b|\bmd\b"),
    ("sni", r"\bsni\b"),
    ("merek", r"\b(hki|haki|paten)\b|(no|nomor|sertifikat|pendaftaran|daftar) (merek|merk)\b"),
    ("permit", r"\b(legalitas|perizinan|perijinan|siup|tdp|iumk|situ|skdu|sku|izin|ijin|iui|tdi)\b"),
    # Names.
    ("name_mixed", rf"^nama ({_BUSINESS})( (dan|atau|dan atau))? (nama )?({_PERSON})\b"),
    ("name_mixed", rf"^nama ({_PERSON})( (dan|atau))? (nama )?(usaha|perusahaan|toko|umkm) "),
    (
        "name_owner",
        rf"^(nama )?(lengkap )?({_PERSON})\b(?!.*\b(alamat|hp|telp|telepon|nik|kelamin|pendidikan)\b)",
    ),
    ("name_owner", rf"\b({_PERSON}) name\b|^contact person$|^nama contact person$|^nama kontak$|^nama orang"),
    ("name_people", rf"^(nama )?({_PEOPLE})( (usaha|umkm|ukm|ikm))?( .*)?$"),
    ("name", rf"^nama (merek |merk |brand )?({_BUSINESS})\b(?!.*\b(produk|jenis)\b)"),
    (
        "name",
        r"\b(business|company|store|shop|umkm|usaha) ?name\b|^(umkm|ukm|ikm|perusahaan|toko|store|shop|supplier|nama tempat)$|^nama unit$|^name of business$",
    ),
    ("brand", r"^(nama )?(merk|merek|brand)\b|^brand name$"),
    ("name_group", r"^nama (kelompok|kub|kube|poktan|komunitas|paguyuban)( (usaha|tani|wanita tani))?$"),
    ("name_bare", r"^nama( lengkap| lengkap dan gelar)?$|^name$|^full ?name$|^nm$"),
    ("region_name", r"^nama (kelurahan|desa|kecamatan|kota|kabupaten|provinsi|wilayah|kab)\b"),
    # Place.
    ("rt_rw", r"^(?!.*alamat)(?:.*\brt\b.*\brw\b|rtrw$)"),
    ("rt_home", r"\brt\b.*\b(domisili|pemilik|tinggal|rumah|ktp)\b"),
    ("rw_home", r"\brw\b.*\b(domisili|pemilik|tinggal|rumah|ktp)\b"),
    ("rt", r"^(no |nomor |kode )?rt( usaha| lokasi| tempat usaha)?$"),
    ("rw", r"^(no |nomor |kode )?rw( usaha| lokasi| tempat usaha)?$"),
    ("kelurahan_home", r"\b(kelurahan|desa|kel)\b.*\b(domisili|pemilik|tinggal|rumah|ktp)\b"),
    ("kecamatan_home", r"\b(kecamatan|kec)\b.*\b(domisili|pemilik|tinggal|rumah|ktp)\b"),
    ("kelurahan_code", r"\b(kode|id)\b.*\b(kelurahan|desa|wilayah)\b"),
    (
        "kelurahan",
        r"^(nama )?(kelurahan|desa|kel|ds|kal|kalurahan|village|nagari|gampong|pekon)\b(?!.*kecamatan)",
    ),
    ("kelurahan_kecamatan", r"^(kelurahan|desa|kel)\b.*\b(kecamatan|kec)\b"),
    ("kecamatan", r"^(nama )?(kecamatan|kec|kapanewon|kemantren|distrik|subdistrict|district)\b"),
    ("city", r"^(nama )?(kota|kab|kabupaten|city|kab kota|kabupaten kota|kota kabupaten)\b(?! (lahir|asal))"),
    ("province", r"^(nama )?(provinsi|prov|propinsi|province)\b"),
    ("postal", r"\bkode ?pos\b|^postal code$|^zip$"),
    (
        "place_kind",
        r"\b(jenis|status|kepemilikan|bentuk|tipe)\b.*\b(tempat|lokasi)\b|^tempat usaha$|^jenis lapak$",
    ),
    (
        "stall",
        r"\b(no|nomor|blok|kode)\b.*\b(kios|stan|stand|lapak|los|petak|meja|counter|bedak|ruko)\b|^(kios|stan|stand|bedak|los|lapak|petak)( no| nomor)?$",
    ),
    (
        "coordinates",
        r"\bkoordinat\b(?! (x|y|lintang|bujur))|\bcoordinates?\b|\blat ?(long|lng|lon)\b|\btitik (lokasi|gps)\b|\bgeo ?tag\b|^gps$|\blat(itude)? (dan )?long",
    ),
    (
        "latitude",
        r"^(titik |garis |koordinat |koord )?(lat|latitude|lintang|y|garis lintang)( usaha| lokasi| y)?$|^latitude\b",
    ),
    (
        "longitude",
        r"^(titik |garis |koordinat |koord )?(lon|long|lng|longitude|bujur|x|garis bujur)( usaha| lokasi| x)?$|^longitude\b",
    ),
    (
        "address",
        r"\balamat\b|^(lokasi|jalan|jl|address|business address|letak|tempat)( usaha| perusahaan| lengkap)?$|\baddress\b|^nama jalan",
    ),
    (
        "address_extra",
        r"^(dusun|dukuh|lingkungan|kampung|perumahan|gang|blok|no rumah|nomor rumah|lingkungan dusun|nama pasar|pasar)\b",
    ),
    # Reaching them.
    (
        "phone",
        r"\b(hp|telp|tlp|tlpn|telpon|telepon|telephone|wa|whats ?app|handphone|hand phone|ponsel|kontak|contact|phone|mobile|seluler|tel|cp)\b",
    ),
    # Money and people.
    (
        "workers_male",
        r"\b(tenaga kerja|karyawan|pegawai|pekerja|naker|tk|kary)\b.*\b(l|lk|laki|pria|laki laki)$",
    ),
    (
        "workers_female",
        r"\b(tenaga kerja|karyawan|pegawai|pekerja|naker|tk|kary)\b.*\b(p|pr|perempuan|wanita|w)$",
    ),
    (
        "workers",
        r"\b(tenaga kerja|karyawan|pegawai|pekerja|naker|kary|workers?|employees?)\b|^(jml|jumlah|jmlh) tk$|^tk$",
    ),
    (
        "turnover",
        r"\b(omset|omzet|omzset|omset|pendapatan|penghasilan|turnover|revenue)\b|\b(hasil|nilai|volume|rata rata) penjualan\b|^penjualan\b",
    ),
    ("investment", r"\binvestasi\b"),
    ("capital", r"\bmodal\b|\bpermodalan\b"),
    ("assets", r"\b(aset|asset|assets|aktiva|kekayaan)\b"),
    (
        "founded",
        r"\b(tahun|thn|th|tanggal|tgl|bulan)\b.*\b(berdiri|mulai|pendirian|didirikan|beroperasi|operasi|usaha)\b|^(berdiri|mulai usaha|berdiri sejak|sejak|established)\b|^pendirian$",
    ),
    ("hours", r"\bjam (buka|operasional|kerja|usaha|operasi)\b|^opening hours$"),
    # The owner.
    ("sex", r"\b(jenis kelamin|kelamin|gender|sex|jns kelamin|jenkel)\b|^l p$|^jk$|^lk pr$|^l atau p$"),
    ("born_on", r"\b(tanggal|tgl|ttl)\b.*\blahir\b|^ttl$|^tempat tanggal lahir$"),
    ("education", r"\bpendidikan\b"),
    ("disability", r"\bdisabilitas\b|\bdifabel\b"),
    # What it does.
    (
        "scale",
        r"\bskala\b|\b(klasifikasi|kelas|golongan|kriteria|ukuran|tingkat) (usaha|umkm|ukm|industri)\b",
    ),
    (
        "legal_form",
        r"\b(bentuk|status) (usaha|badan|hukum|perusahaan)\b|\bbadan (hukum|usaha)\b|\bjenis (pengelolaan|badan)\b|^bentuk$",
    ),
    ("kbli", r"\bkbli\b|\bkblui\b"),
    (
        "sector",
        r"\b(sektor|sub ?sektor|sector|kategori|category|kelompok|klaster|lapangan usaha|klasifikasi|cabang industri|jenis industri|bidang industri)\b|business type|^bidang$",
    ),
    (
        "detail",
        r"\b(rincian|uraian|deskripsi|keterangan|description|detail)\b.*\b(usaha|kegiatan|produk|kgiatan|barang|jualan)\b|^kegiatan\b|^aktivitas\b|\bkegiatan (usaha|utama)\b|^deskripsi$",
    ),
    (
        "detail",
        r"\b(produk|product|products|komoditi|komoditas|komodity|barang|dagangan|jualan|hasil produksi|jenis produksi|produksi utama)\b(?!.*\b(jumlah|kapasitas|nilai|harga)\b)(?<!harga produk)(?<!nilai produksi)",
    ),
    (
        "activity",
        r"\b(jenis|bidang|macam|tipe|nama jenis|usaha di|bergerak)\b.*\b(usaha|kegiatan|dagang|bidang|dibidang|umkm|ukm|ikm|jasa)\b|^bergerak dibidang$|^(usaha|jenis|profesi|pekerjaan usaha|activity)$",
    ),
    (
        "operating_state",
        r"\b(status|kondisi|keadaan|keaktifan)\b|^(aktif|masih aktif|aktif tidak|aktif tidak aktif)\b|\bkeaktifan\b",
    ),
    ("note", r"^(ket|keterangan|catatan|remarks?|notes?|lain lain|info)\b"),
    (
        "number",
        r"^(no|nomor|no urut|nomor urut|nomer|nr|num|number|urut|n o|index|indeks|row|baris|no induk|no reg|no anggota)$",
    ),
    ("id", r"\bid$|^id\b|^(objectid|fid|gid|uuid|uid|kode|kode usaha|kode umkm|code)$"),
]
_COMPILED = [(role, re.compile(pattern)) for role, pattern in PATTERNS]

# For labels with a slip of the pen: the nearest of these, when it is near enough.
PHRASES = {
    "nama usaha": "name", "nama perusahaan": "name", "nama umkm": "name", "nama toko": "name",
    "nama pemilik": "name_owner", "pemilik": "name_owner", "nama pengusaha": "name_owner",
    "penanggung jawab": "name_owner", "alamat": "address", "alamat usaha": "address",
    "alamat perusahaan": "address", "alamat lengkap": "address", "alamat rumah": "address_home",
    "alamat pemilik": "address_home", "kelurahan": "kelurahan", "kecamatan": "kecamatan",
    "kelurahan desa": "kelurahan", "kabupaten": "city", "provinsi": "province",
    "jenis usaha": "activity", "bidang usaha": "activity", "jenis produk": "detail", "produk": "detail",
    "komoditi": "detail", "nama produk": "detail", "kategori": "sector", "kategori usaha": "sector",
    "sektor usaha": "sector", "no telepon": "phone", "nomor telepon": "phone", "telepon": "phone",
    "no handphone": "phone", "whatsapp": "phone", "omzet": "turnover", "omset": "turnover",
    "omzet per bulan": "turnover", "omset per tahun": "turnover", "tenaga kerja": "workers",
    "jumlah tenaga kerja": "workers", "jumlah karyawan": "workers", "tahun berdiri": "founded",
    "modal usaha": "capital", "latitude": "latitude", "longitude": "longitude", "koordinat": "coordinates",
    "keterangan": "note", "jenis kelamin": "sex", "pendidikan": "education", "legalitas": "permit",
    "instagram": "instagram", "website": "website", "status usaha": "operating_state",
    "nomor induk berusaha": "nib", "skala usaha": "scale", "bentuk usaha": "legal_form",
}  # fmt: skip

NAME_ROLES = ("name", "name_mixed", "brand", "name_people", "name_bare", "name_group")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_UNIT = re.compile(
    r"\((rp|rupiah|orang|org|idr|unit|wajib|opsional|jika ada|bila ada|contoh[^)]*)\.?\)", re.IGNORECASE
)


_ASIDE = re.compile(r"\([^()]{12,}\)")
_EITHER = re.compile(
    r"^\s*nama\s+(pemilik|pengusaha|owner)\s*[/&]\s*(nama\s+)?(usaha|umkm|ukm|ikm|toko|perusahaan)\b",
    re.IGNORECASE,
)


def folded_label(label):
    """A label as the patterns read it; a longer aside in brackets explains the column and names none."""
    text = str(label)
    text = _ASIDE.sub(" ", text) if _ASIDE.sub("", text).strip() else text
    if not re.search(r"\s", text.strip()):
        text = _CAMEL.sub(" ", text)
    return fold(_UNIT.sub(" ", text))


@lru_cache(maxsize=4096)
def role_of(label):
    """The role of one label, or "" when nobody knows it."""
    text = folded_label(label)
    if not text or len(text) > 120:
        return ""
    if _EITHER.match(str(label)):
        return "name_mixed"
    for role, pattern in _COMPILED:
        if pattern.search(text):
            return role
    if len(text) >= 5:
        near = process.extractOne(text, PHRASES.keys(), scorer=fuzz.ratio, score_cutoff=84)
        if near and _word_by_word(text, near[0]):
            return PHRASES[near[0]]
    return ""


def _word_by_word(text, phrase):
    """A slip of the pen changes a letter of a word, not the word: "jasa perusahaan" is no "nama perusahaan"."""
    ours, theirs = text.split(), phrase.split()
    if len(ours) != len(theirs):
        return text.replace(" ", "") == phrase.replace(" ", "") or len(ours) == len(theirs) == 1
    return all(fuzz.ratio(a, b) >= 74 for a, b in zip(ours, theirs, strict=True))


_PERIODS = (
    ("day", r"\b(hari|harian|perhari|hr)\b"),
    ("week", r"\b(minggu|mingguan|perminggu|pekan)\b"),
    ("month", r"\b(bulan|bulanan|perbulan|bln)\b"),
    ("year", r"\b(tahun|tahunan|pertahun|thn|th|annual|setahun)\b"),
)


def period_of(label):
    """day, week, month, year or "" as a label (or an answer) tells it."""
    text = folded_label(label)
    for period, pattern in _PERIODS:
        if re.search(pattern, text):
            return period
    return ""
