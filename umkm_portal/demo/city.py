"""The demo city as an office's workbook: about 2,000 invented businesses over all kelurahan, by seed."""

import random
from datetime import date
from pathlib import Path

import xlsxwriter

from registry.models import Region
from umkm_portal.demo import words

SEED = 20261122
TOTAL = 2000
HEADER = [
    "No.", "Nama Usaha", "Nama Pemilik", "NIK", "Jenis Kelamin", "No. HP Pemilik", "Alamat Usaha",
    "RT", "RW", "Kelurahan", "Kecamatan", "Produk", "Jenis Usaha", "KBLI 2025", "Tempat Usaha",
    "Tahun Berdiri", "Tenaga Kerja", "Skala Usaha", "Modal Usaha (Rp)", "Omzet per Bulan", "NIB",
    "P-IRT", "No. Sertifikat Halal", "Lintang", "Bujur", "Persetujuan tampil nama pemilik",
    "Persetujuan tampil nomor HP", "Persetujuan tampil alamat", "Persetujuan tampil foto",
    "Persetujuan tampil titik lokasi",
]  # fmt: skip
SUBSECTOR_WORDS = {
    "kuliner": "Kuliner", "fesyen": "Fesyen", "kriya": "Kriya", "fotografi": "Fotografi",
    "desain_komunikasi_visual": "Desain Komunikasi Visual", None: "",
}  # fmt: skip


class Maker:
    """Draws one business after another from a seeded source; the same seed gives the same city."""

    def __init__(self, seed=SEED, total=TOTAL):
        self.draw = random.Random(seed)
        self.total = total
        self.serial = 0
        self.kelurahan = list(Region.objects.kelurahan().select_related("parent").order_by("code"))

    def plan(self):
        """[(region, trade, rw or None)] for the whole city, sentra first, then by each kelurahan's weight."""
        by_code = {r.code: r for r in self.kelurahan}
        placed = [
            (by_code[code], trade, rws)
            for code, trade, count, rws in words.CENTRES
            if code in by_code
            for _ in range(max(1, count * self.total // TOTAL))
        ]
        trades = [t for t, spec in words.TRADES.items() if spec[0]]
        shares = [words.TRADES[t][0] for t in trades]
        weights = [self.draw.uniform(0.4, 1.6) for _ in self.kelurahan]
        rest = max(0, self.total - len(placed) - len(self.kelurahan))
        homes = self.kelurahan + self.draw.choices(self.kelurahan, weights, k=rest)
        placed += [(region, self.draw.choices(trades, shares)[0], None) for region in homes]
        self.draw.shuffle(placed)
        return placed

    def rows(self):
        """One list of cells per business, in the order of HEADER."""
        for number, (region, trade, rws) in enumerate(self.plan(), start=1):
            yield [number, *self.business(region, trade, rws)]

    def person(self):
        female = self.draw.random() < 0.62
        first = self.draw.choice(words.FEMALE if female else words.MALE)
        honorific = self.draw.choice(["Bu", "Bu", "Mbak"] if female else ["Pak", "Cak", "Pak"])
        return (
            first,
            f"{first} {self.draw.choice(words.FAMILY)}",
            f"{honorific} {first}",
            "P" if female else "L",
        )

    def business(self, region, trade, rws):
        draw = self.draw
        self.serial += 1
        _share, subsector, kbli, _picture, names, activity, _products = words.TRADES[trade]
        first, owner, called, sex = self.person()
        name = draw.choice(names).format(p=called, s=self.sign(), f=first)
        if self.serial % 900 == 7:
            name = words.LONG_NAMES[self.serial // 900 % len(words.LONG_NAMES)]
        consents = self.consents()
        micro = draw.random() < 0.955
        founded = draw.choice([*range(1996, 2021), *range(2021, 2026), *range(2021, 2026)])
        latitude = longitude = ""
        if (consents[4] == "ya" or draw.random() < 0.3) and region.latitude is not None:
            latitude = f"{float(region.latitude) + draw.uniform(-0.004, 0.004):.6f}"
            longitude = f"{float(region.longitude) + draw.uniform(-0.004, 0.004):.6f}"
        nib = (
            f"{draw.choice('0129')}{self.serial:06d}{draw.randrange(10**6):06d}"
            if draw.random() < 0.34
            else ""
        )
        food = subsector == "kuliner"
        return [
            name,
            owner,
            self.nik(sex),
            sex,
            f"0812-0000-{self.serial % 10_000:04d}" if draw.random() < 0.82 else draw.choice(["-", ""]),
            self.street(),
            f"{draw.randrange(1, 13):02d}",
            f"{draw.choice(rws) if rws else draw.randrange(1, 19):02d}",
            region.name,
            region.parent.name,
            activity,
            SUBSECTOR_WORDS[subsector],
            kbli if kbli and draw.random() < 0.6 else "",
            draw.choices(
                ["Rumah", "Kios", "Stan pasar", "PKL", "Keliling", "Daring"], [48, 22, 10, 10, 5, 5]
            )[0],
            founded,
            self.workers(micro),
            ("Mikro" if micro else "Kecil") if draw.random() < 0.85 else "",
            self.capital(micro),
            self.turnover(micro),
            nib,
            f"2{draw.randrange(10**8):08d}{self.serial:04d}{draw.randrange(25, 32)}"
            if food and draw.random() < 0.22
            else "",
            f"ID3511{self.serial:05d}{draw.randrange(10**6):06d}" if food and draw.random() < 0.3 else "",
            latitude,
            longitude,
            *consents,
        ]

    def sign(self):
        """A shop's name: one word of luck, often with a second."""
        second = self.draw.choice(words.SECOND) if self.draw.random() < 0.65 else ""
        return f"{self.draw.choice(words.SIGNS)} {second}".strip()

    def street(self):
        gate = self.draw.choice(["No. ", "Gg. III No. ", "Blok B-"])
        return f"Jl. {self.draw.choice(words.STREETS)} {gate}{self.draw.randrange(1, 180)}"

    def consents(self):
        """Five answers; one owner in three has not been asked."""
        kind = self.draw.random()
        if kind < 0.35:
            return [""] * 5
        if kind < 0.5:
            return ["tidak"] * 5
        return ["ya" if self.draw.random() < p else "tidak" for p in (0.5, 0.85, 0.55, 0.8, 0.4)]

    def nik(self, sex):
        """A well-formed number that belongs to nobody: no province has code 99."""
        if self.draw.random() > 0.32:
            return self.draw.choice(["", "", "menyusul", "-"])
        born = date(self.draw.randrange(1956, 2003), self.draw.randrange(1, 13), self.draw.randrange(1, 29))
        day = born.day + (40 if sex == "P" else 0)
        return f"990101{day:02d}{born:%m%y}{self.serial:04d}"

    def workers(self, micro):
        return (
            self.draw.choice([1, 1, 1, 2, 2, 3, 4, "2 orang", "1-5 orang", ""])
            if micro
            else self.draw.randrange(6, 26)
        )

    def capital(self, micro):
        if not micro:
            return self.draw.choice(["1,4 M", 1_800_000_000, "Rp 2.500.000.000", "3 milyar"])
        amount = self.draw.randrange(2, 180) * 500_000
        return self.draw.choice(
            [amount, f"Rp {amount:,}".replace(",", "."), f"{amount / 1e6:g} juta".replace(".", ","), ""]
        )

    def turnover(self, micro):
        if not micro:
            return self.draw.choice([f"{self.draw.randrange(180, 420)} juta", "250 juta"])
        return self.draw.choice(
            [
                f"{self.draw.randrange(2, 28)} juta",
                f"Rp {self.draw.randrange(20, 280) * 100_000:,}".replace(",", "."),
                f"±{self.draw.randrange(1, 9) * 100}rb/hari",
                "5-10 juta",
                "tidak tahu",
                "tidak bersedia menjawab",
                "",
            ]
        )


def write_workbook(path, *, seed=SEED, total=TOTAL):
    """Write the city to an XLSX the way an office would send it, and return how many businesses it holds."""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    book = xlsxwriter.Workbook(path)
    page = book.add_worksheet("Data UMKM")
    page.merge_range(0, 0, 0, len(HEADER) - 1, "PENDATAAN UMKM KOTA MALANG (CONTOH, BUKAN DATA SEBENARNYA)")
    page.write(1, 0, "Diskopindag Kota Malang, 2026")
    page.write_row(3, 0, HEADER)
    count = 0
    for count, row in enumerate(Maker(seed, total).rows(), start=1):
        page.write_row(3 + count, 0, row)
    book.close()
    return count
