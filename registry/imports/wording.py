"""What is said about a cell. A sentence names the cell, never what stood in it."""

# ruff: noqa: E501  (sentences are easier to read and to translate in one piece)

from django.utils.translation import gettext as _

PLACE_MESSAGES = {
    "typo": lambda: _("Ejaan kelurahan dibaca sebagai %(name)s. Periksa."),
    "from-address": lambda: _("Kelurahan %(name)s diambil dari alamat. Periksa."),
    "kecamatan-differs": lambda: _("Kelurahan %(name)s tidak terletak di kecamatan yang tertulis. Periksa."),
    "unknown": lambda: _("Kelurahan ini tidak dikenal di kota ini; usaha belum ditempatkan."),
    "ambiguous": lambda: _(
        "Nama kelurahan ini dipakai di lebih dari satu kecamatan; usaha belum ditempatkan."
    ),
    "other-city": lambda: _("Wilayah ini di luar kota ini; usaha belum ditempatkan."),
    "none": lambda: _("Baris ini tanpa kelurahan; usaha belum ditempatkan."),
    "default-unknown": lambda: _(
        "Kelurahan yang dipilih tidak ada di data wilayah; usaha belum ditempatkan."
    ),
}
PHONE_MESSAGES = {
    "odd": lambda: _("Nomor telepon ini tidak lengkap atau tidak dikenali. Periksa."),
    "words": lambda: _("Isi kolom telepon ini bukan nomor."),
    "too-many": lambda: _(
        "Terlalu banyak nomor dalam satu sel; hanya yang pertama dipakai, isi aslinya tetap disimpan."
    ),
    "sealed": lambda: _("Sel telepon ini memuat angka sepanjang NIK, jadi isinya disegel dan tidak disalin."),
}
IDENTITY_MESSAGES = {
    "damaged": lambda: _(
        "Nomor ini tersimpan sebagai angka di Excel sehingga digit akhirnya rusak. Minta nomor aslinya; nomor ini tidak dipakai."
    ),
    "wrong": lambda: _("Nomor ini bukan 16 angka yang benar, jadi tidak dipakai. Periksa KTP atau KK-nya."),
}
PAPER_MESSAGES = {
    "odd": lambda: _("Nomor %(kind)s ini tidak sesuai bentuknya. Periksa dokumennya."),
    "damaged": lambda: _(
        "Nomor %(kind)s ini tersimpan sebagai angka di Excel sehingga digit akhirnya rusak."
    ),
    "sealed": lambda: _(
        "Sel %(kind)s ini memuat angka sepanjang NIK, jadi isinya disegel dan tidak disalin."
    ),
    "long": lambda: _("Nomor %(kind)s ini terlalu panjang; isi aslinya tetap disimpan."),
    "cell": lambda: _("Sel ini memuat angka sepanjang NIK, jadi isinya disegel dan tidak disalin."),
    "words": lambda: _("Jawaban %(kind)s ini tidak dikenali; isi aslinya tetap disimpan."),
}
