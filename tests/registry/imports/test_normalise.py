"""One answer at a time; nothing raises, nothing is invented."""

# ruff: noqa: E501  (one case, one line)

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.imports import amounts, normalise
from registry.imports.amounts import Money, money, when, workers

JT = 10**6


@pytest.mark.parametrize(
    ("told", "first", "others"),
    [
        ("0812-3456-7890", "6281234567890", ""),
        ("+62 812 3456 7890", "6281234567890", ""),
        (81234567890.0, "6281234567890", ""),
        ("081234567890 / 085700001111", "6281234567890", "6285700001111"),
        ("081234567890, 081234567890", "6281234567890", ""),
        ("0341-551234", "62341551234", ""),
        ("(0341) 551234", "62341551234", ""),
        ("-", "", ""),
        ("tidak ada", "", ""),
        ("0", "", ""),
        ("551234", "", "551234"),
    ],
)
def test_phones(told, first, others):
    read = normalise.phones(told)
    assert (read.first, read.others) == (first, others)


@pytest.mark.parametrize(
    ("told", "answer", "low", "high"),
    [
        ("Rp 1.500.000,00", "exact", 1_500_000, None),
        ("1,5 juta", "exact", 1_500_000, None),
        ("500rb", "exact", 500_000, None),
        ("2 M", "exact", 2_000_000_000, None),
        ("Rp.300 Juta < Omset <= Rp.2,5 Milliar", "band", 300 * JT, 2_500 * JT),
        ("50-100 juta", "band", 50 * JT, 100 * JT),
        ("Omset <= Rp.300 Juta", "band", None, 300 * JT),
        ("KBU <= Rp.50 Juta", "band", None, 50 * JT),
        ("> 50 juta", "band", 50 * JT, None),
        ("tidak tahu", "unknown", None, None),
        ("tidak bersedia menjawab", "refused", None, None),
        ("-", "", None, None),
        ("", "", None, None),
        (0, "exact", 0, None),
        ("0", "exact", 0, None),
        (2500000.0, "exact", 2_500_000, None),
        ("1,500,000", "exact", 1_500_000, None),
        ("1.500.000,-", "exact", 1_500_000, None),
        ("kurang lebih 3 jt", "exact", 3 * JT, None),
        ("Modal Sendiri", "", None, None),
    ],
)
def test_money(told, answer, low, high):
    read = money(told)
    assert (read.answer, read.low, read.high) == (answer, low, high)


def test_money_by_the_day_as_an_estimate():
    assert money("±500rb/hari") == Money("exact", 500_000, None, "day", True)


@pytest.mark.parametrize(
    ("told", "low", "high"),
    [
        (3, 3, None), (3.0, 3, None), ("3 orang", 3, None), ("1-5 Tenaga Kerja", 1, 5), ("6 s/d 19", 6, 19),
        ("L: 2 P: 3", 5, None), ("2 L, 1 P", 3, None), ("> 20", 20, None), ("-", None, None), ("sendiri", None, None),
    ],
)  # fmt: skip
def test_workers(told, low, high):
    read = workers(told)
    assert (read.low, read.high) == (low, high)


@pytest.mark.parametrize(
    ("told", "day", "year"),
    [
        ("31/12/2025", dt.date(2025, 12, 31), 2025), ("31 Des 2025", dt.date(2025, 12, 31), 2025),
        ("5 Agustus 2019", dt.date(2019, 8, 5), 2019), ("2019-08-05", dt.date(2019, 8, 5), 2019),
        (45000, dt.date(2023, 3, 15), 2023), (2015, None, 2015), ("2015", None, 2015), ("Tahun 2015", None, 2015),
        (dt.datetime(2020, 1, 2), dt.date(2020, 1, 2), 2020), ("-", None, None), ("lama", None, None),
    ],
)  # fmt: skip
def test_dates(told, day, year):
    read = when(told, latest=dt.date(2026, 11, 22))
    assert (read.day, read.year) == (day, year)


@pytest.mark.parametrize("told", ["31/02/2020", "1/1/0001", 9999999, "12/12/2999", "1500", 3015])
def test_absurd_dates_are_odd(told):
    assert when(told, latest=dt.date(2026, 11, 22)).problem == "odd"


@pytest.mark.parametrize(
    ("told", "rt", "rw"),
    [
        ("003/005", 3, 5), ("RT 02 RW 05", 2, 5), ("RT02/14", 2, 14), ("RT:01", 1, None), ("RT 001/RW 001", 1, 1),
        ("Jl. Cendana, RT.04 RW.09", 4, 9), ("RT 27 RW 09", 27, 9), ("rt/rw 02/03", 2, 3), ("RT IV RW II", 4, 2),
        ("asrama tentaraRT 002", 2, None), ("Jl. Mawar 10", None, None), ("RT 004/ RW 002", 4, 2), ("Kartini 5", None, None),
    ],
)  # fmt: skip
def test_neighbourhoods(told, rt, rw):
    assert normalise.neighbourhood(told) == (rt, rw)


def test_a_nik_is_never_repaired():
    assert normalise.national_id("3573011508800001") == ("3573011508800001", "")
    assert normalise.national_id(3573011508800000.0) == ("", "damaged")
    assert normalise.national_id("3,57301E+15") == ("", "damaged")
    assert normalise.national_id("357301150880001")[1] == "wrong"
    assert normalise.national_id("tidak bersedia") == ("", "refused")
    assert normalise.national_id("menyusul") == ("", "later")
    assert normalise.national_id("-") == ("", "")


def test_licences():
    assert normalise.licence("0220001234567", "nib").number == "0220001234567"
    assert normalise.licence("Ada", "nib").status == "has"
    assert normalise.licence("belum ada", "halal").status == "none"
    assert normalise.licence("Proses", "halal").note == "proses"
    assert normalise.licence("non halal", "halal").status == "non_halal"
    assert normalise.licence("tidak tahu", "pirt").status == "unknown"
    assert normalise.licence("-", "pirt").status == ""
    assert normalise.licence("3573011508800001", "nib").problem == "sealed"


def test_consent_is_taken_for_yes_only():
    assert normalise.consents("Bersedia nama pemilik ditampilkan", "Ya") == ["owner_name"]
    assert normalise.consents("Persetujuan tampil telepon", "tidak") == []
    assert normalise.consents("Persetujuan tampil telepon", "") == []


def test_states_and_forms():
    assert normalise.operating_state("Aktif") == "active"
    assert normalise.operating_state("Tidak Aktif") == "closed"
    assert normalise.operating_state("tutup sementara") == "temporary"
    assert normalise.scale("Usaha Mikro") == "micro" and normalise.scale("Mikro/Kecil") == ""
    assert (
        normalise.legal_form_of_name("UD. Maju") == "ud" and normalise.legal_form_of_name("Udang Segar") == ""
    )


@pytest.mark.parametrize("told", ["", "-", "tidak ada", "belum ada nama", "#REF!", "...", None])
def test_no_usable_name(told):
    assert normalise.business_name(told)[0] == ""


anything = st.one_of(st.text(max_size=60), st.floats(), st.integers(), st.booleans(), st.dates(), st.none())


@given(anything)
def test_normalisers_never_raise(value):
    normalise.phones(value)
    normalise.national_id(value)
    normalise.licence(value, "nib")
    normalise.neighbourhood(value)
    normalise.unit_number(value)
    normalise.coordinates(value, value)
    normalise.coordinate_pair(value)
    normalise.operating_state(value)
    normalise.sex(value)
    normalise.handle(value)
    normalise.business_name(value)
    money(value)
    workers(value)
    when(value)


@given(st.integers(0, 10**12))
def test_a_whole_sum_reads_back(amount):
    told = f"Rp {amount:,}".replace(",", ".")
    assert amounts.money(told).low == amount
