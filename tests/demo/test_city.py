"""The demo city is believable, the same for the same seed, and only where it may be."""

from collections import Counter

import pytest
from django.core.management import CommandError, call_command

from umkm_portal import bootstrap
from umkm_portal.demo import accounts, city, words
from umkm_portal.demo.pictures import SHAPES, draw_picture


@pytest.fixture
def malang(db):
    call_command("load_reference", verbosity=0)


def test_the_city_covers_every_kelurahan_and_keeps_its_proportions(malang):
    rows = list(city.Maker().rows())
    column = {label: index for index, label in enumerate(city.HEADER)}
    kelurahan = Counter(row[column["Kelurahan"]] for row in rows)
    food = sum(row[column["Jenis Usaha"]] == "Kuliner" for row in rows) / len(rows)
    with_nib = sum(bool(row[column["NIB"]]) for row in rows) / len(rows)

    assert len(rows) == city.TOTAL
    assert len(kelurahan) == 57
    assert 0.5 < food < 0.65
    assert 0.25 < with_nib < 0.45
    assert any(len(row[column["Nama Usaha"]]) > 80 for row in rows)


def test_the_same_seed_gives_the_same_city(malang):
    assert list(city.Maker(seed=3, total=120).rows()) == list(city.Maker(seed=3, total=120).rows())
    assert list(city.Maker(seed=3, total=120).rows()) != list(city.Maker(seed=4, total=120).rows())


def test_its_identity_numbers_belong_to_no_province(malang):
    column = city.HEADER.index("NIK")
    numbers = [row[column] for row in city.Maker().rows() if row[column].isdigit()]

    assert len(numbers) > 400
    assert len(set(numbers)) == len(numbers)
    assert all(len(n) == 16 and n.startswith("99") for n in numbers)


def test_every_trade_has_a_picture():
    for spec in words.TRADES.values():
        assert spec[3] in SHAPES
    assert draw_picture("bag", 1).size > 2_000


def test_demo_accounts_are_refused_outside_debug(settings, db):
    settings.DEBUG = False
    assert accounts.for_sign_in_page() == []
    with pytest.raises(CommandError, match="DEBUG"):
        call_command("demo", no_serve=True)


def test_the_first_start_writes_fresh_secrets_for_this_user_alone(tmp_path, monkeypatch):
    monkeypatch.delenv("SECRET_KEY", raising=False)
    one, two = (bootstrap.write_demo_environment(tmp_path / n / ".env") for n in "ab")

    assert oct(one.stat().st_mode & 0o777) == "0o600"
    assert one.read_text() != two.read_text()
    kept = one.read_text()
    bootstrap.write_demo_environment(one)
    assert one.read_text() == kept
