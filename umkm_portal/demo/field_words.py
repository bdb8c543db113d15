"""What invented officers, visitors and forums say in the demo city. No line is about anybody real."""

NOTES = {
    "production": [
        "Pesanan naik menjelang akhir tahun, tenaga dan alur kerjanya belum cukup.",
        "Hasil goreng sering tidak sama renyahnya.",
    ],
    "equipment": [
        "Alat potong masih manual, minta dilihat dulu sebelum diusulkan.",
        "Oven rusak sejak bulan lalu, produksi berkurang separuh.",
    ],
    "material": [
        "Harga bahan naik, minta dihubungkan dengan pemasok.",
        "Sulit mendapat bahan baku yang seragam.",
    ],
    "marketing": [
        "Ingin ikut pameran, belum punya foto produk.",
        "Baru jual ke tetangga, minta dibantu masuk toko oleh-oleh.",
    ],
    "packaging": [
        "Kemasan masih plastik bening, minta contoh kemasan berdiri.",
        "Label belum ada, toko tidak mau menerima.",
        "Kemasan cepat masuk angin, kerupuk lembek dalam tiga hari.",
    ],
    "licence": [
        "Belum punya sertifikat halal, diminta toko.",
        "P-IRT habis bulan depan, minta dibantu perpanjang.",
        "NIB belum ada, tidak bisa mengurus sendiri lewat ponsel.",
    ],
    "capital": ["Butuh tambahan modal untuk pesanan Lebaran.", "Pernah ditolak bank, belum tahu sebabnya."],
    "training": ["Minta pelatihan pembukuan sederhana.", "Ingin belajar memotret produk dengan ponsel."],
    "other": ["Tempat usaha terdampak perbaikan jalan."],
}
FOUND = {
    "production": [
        "Lancar, dua kali produksi seminggu.",
        "Dapur sempit, alur kerja bersilangan.",
        "Produksi setiap hari.",
    ],
    "marketing": [
        "Dijual di rumah dan titip di tiga warung.",
        "Sudah punya WhatsApp, belum pernah memotret produk.",
        "Ramai saat akhir pekan.",
    ],
    "needs": ["Contoh kemasan dan label.", "Pendampingan halal.", "Belum ada."],
}
PROBLEMS = {
    "licence": "P-IRT sudah habis masa berlakunya; perlu penyuluhan keamanan pangan.",
    "packaging": "Kemasan belum memenuhi syarat toko; perlu contoh dan label.",
    "capital": "Butuh pinjaman untuk alat; catatan keuangannya belum ada.",
    "equipment": "Oven rusak dan tidak terjangkau perbaikannya.",
    "marketing": "Belum punya tempat jual selain rumah.",
    "training": "Ingin ikut pelatihan pembukuan.",
}
SOLVED = {
    "licence": "Penyuluhan keamanan pangan diikuti, P-IRT baru sudah terbit.",
    "packaging": "Dua puluh contoh kemasan dan label diserahkan, toko menerima.",
    "capital": "Didampingi membuat catatan keuangan, berkas masuk ke bank.",
    "equipment": "Oven diperbaiki bersama sekolah kejuruan.",
    "marketing": "Mendapat tempat di pasar RW setiap Minggu.",
    "training": "Terdaftar pada pelatihan pembukuan bulan depan.",
}
ANSWERS = {
    "helped": [
        "Sudah didatangi dan dibantu. Terima kasih laporannya.",
        "Contoh kemasan sudah diserahkan saat kunjungan.",
    ],
    "referred": ["Diteruskan ke instansi yang menangani; kelanjutannya ada di tindak lanjut."],
    "unable": ["Anggaran alat tahun ini sudah habis; dicatat untuk usulan tahun depan."],
    "gone": ["Usahanya sudah tidak memerlukan."],
}
SAID = {
    "packaging": [
        "Minta bantuan kemasan supaya keripik tahan lama.",
        "Ibu-ibu RT minta pelatihan membuat label sendiri.",
    ],
    "marketing": ["Minta pasar Minggu di lapangan RW.", "Produk warga minta dipajang di kantor kelurahan."],
    "equipment": ["Minta satu oven dipakai bergantian satu RT.", "Minta mesin jahit untuk kelompok ibu-ibu."],
    "training": ["Minta pelatihan jual lewat ponsel.", "Minta pelatihan masak aman dan bersih."],
    "licence": [
        "Minta petugas datang membantu NIB bersama-sama di balai.",
        "Minta halal gratis untuk warung kecil.",
    ],
    "capital": ["Minta pinjaman ringan tanpa agunan untuk pedagang keliling."],
    "material": ["Minta beli kedelai bersama supaya lebih murah."],
}
PUBLIC = {
    "packaging": [
        "Contoh kemasan dan label dibagikan kepada kelompok warga.",
        "Pelatihan label dijadwalkan triwulan depan.",
    ],
    "marketing": [
        "Pasar Minggu dibuka setiap pekan di lapangan RW.",
        "Rak produk warga disiapkan di kantor kelurahan.",
    ],
    "equipment": ["Oven bersama diusulkan dalam anggaran tahun depan."],
    "training": ["Pelatihan diadakan dua gelombang di kecamatan."],
    "licence": ["Layanan NIB dan halal datang ke balai kelurahan sebulan sekali."],
    "capital": ["Warga dihubungkan dengan bank daerah; syaratnya dijelaskan di balai RW."],
    "material": ["Pembelian bahan bersama dicoba lewat koperasi."],
}
ORGANISATIONS = [
    # short name, name, kind, what it helps with
    (
        "Diskopindag",
        "Dinas Koperasi, Perindustrian dan Perdagangan",
        "own",
        ["production", "equipment", "packaging", "training", "other"],
    ),
    ("Dinkes", "Dinas Kesehatan", "opd", ["licence"]),
    ("Disnaker-PMPTSP", "Dinas Tenaga Kerja, Penanaman Modal dan PTSP", "opd", ["licence", "training"]),
    ("Sahabat UMKM", "Sahabat UMKM Kota Malang", "friends", ["production", "marketing"]),
    ("BPR Tugu Artha", "PT BPR Tugu Artha Sejahtera", "bank", ["capital"]),
]
HELPER = {
    "licence": "Dinkes",
    "packaging": "Diskopindag",
    "capital": "BPR Tugu Artha",
    "equipment": "Diskopindag",
    "marketing": "Sahabat UMKM",
    "training": "Disnaker-PMPTSP",
}
UNKNOWN = [
    "Warung baru di gang tiga",
    "Penjual jamu keliling",
    "Dapur katering rumahan",
    "Kios pulsa depan masjid",
]
PLACES = ["Balai RW", "Kantor kelurahan", "Rumah ketua RT", "Gedung serbaguna"]
GOALS = [
    ("Sertifikat halal terbit", "halal"),
    ("P-IRT dan label baru", "pirt"),
    ("Kemasan berdiri untuk toko oleh-oleh", "packaging"),
    ("Catatan keuangan harian", "books"),
    ("Merek terdaftar", "brand"),
]
