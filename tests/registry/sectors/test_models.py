"""Searching KBLI by what people type, and subsectors by day."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, transaction

from registry.sectors.models import Kbli, ProductCentre, Subsector

pytestmark = pytest.mark.django_db


@pytest.fixture
def bundled():
    call_command("load_reference", verbosity=0)


def keys(text, version=None):
    return set(map(str, Kbli.objects.leaves().search(text, version=version)))


def test_words_are_found_in_the_version_asked_for(bundled):
    assert keys("tempe", "2025") == {"2025:10307", "2025:47244"}
    assert "2020:10391" in keys("tempe", "2020")
    assert keys("tempe") == keys("tempe", "2020") | keys("tempe", "2025")


def test_every_word_must_be_there_in_any_order(bundled):
    assert keys("KEDELAI, tempe", "2025") == {"2025:10307"}
    assert "2025:47244" not in keys("KEDELAI, tempe", "2025")


def test_when_no_title_holds_every_word_those_with_most_of_them_are_found(bundled):
    assert keys("keripik tempe", "2025") == keys("keripik", "2025") | keys("tempe", "2025")
    assert keys("tempe kedelai rotan", "2025") == {"2025:10307"}
    assert keys("tempe zzzzqqqq", "2025") == keys("tempe", "2025")


def test_a_word_of_everyday_counts_only_as_a_whole_word(bundled):
    assert keys("kos", "2025") == {"2025:55909", "2025:68112"}


def test_a_word_matches_from_its_beginning(bundled):
    assert "2025:10794" in keys("kerup", "2025")
    assert "2025:10794" not in keys("puk", "2025")


def test_leading_digits_and_whole_keys_find_codes(bundled):
    assert keys("1030", "2025") == {f"2025:1030{n}" for n in range(1, 10)}
    assert keys("2025:10307") == {"2025:10307"}


@pytest.mark.parametrize("typed", ["krupuk", "kripik", "kerupukk", "keripik krupuk"])
def test_a_typing_error_finds_the_closest_word(bundled, typed):
    assert "2025:10794" in keys(typed, "2025")


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("laundry", "2020:96200"),
        ("laundry", "2025:96100"),
        ("katering", "2025:56210"),
        ("kelontong", "2020:47112"),
        ("mebel kayu", "2025:31011"),
        ("warung", "2020:56102"),
    ],
)
def test_words_people_use_find_the_official_title(bundled, typed, key):
    assert key in keys(typed)


@pytest.mark.parametrize("typed", ["zzzzqqqq", "a b c d e f g h i j", "%", "'; drop"])
def test_strange_words_find_nothing_or_something_but_never_fail(bundled, typed):
    assert len(keys(typed, "2025")) <= Kbli.objects.leaves().filter(version="2025").count()


def test_nothing_typed_asks_for_everything(bundled):
    assert Kbli.objects.search("").count() == Kbli.objects.search(" ,. ").count() == Kbli.objects.count()
    assert keys("zzzzqqqq") == set()


def test_a_code_stands_once_in_each_version():
    row = {"code": "56102", "section": "I", "title": "a", "title_folded": "a"}
    Kbli.objects.create(version="2020", **row)
    Kbli.objects.create(version="2025", **row)

    with pytest.raises(IntegrityError), transaction.atomic():
        Kbli.objects.create(version="2025", **row)


def test_a_key_that_is_none_does_not_exist():
    for text in ("", "10307", "2025:10307"):
        with pytest.raises(Kbli.DoesNotExist):
            Kbli.objects.at(text)


def test_only_five_digits_are_a_leaf():
    assert [Kbli(code=code).is_leaf for code in ("C", "10", "103", "1030", "10307")] == [False] * 4 + [True]


def test_subsectors_are_on_the_list_from_their_first_to_their_last_day():
    Subsector.objects.create(slug="dahulu", name="Dahulu", ends_on=date(2026, 6, 30))
    Subsector.objects.create(slug="baru", name="Baru", starts_on=date(2026, 7, 1))
    Subsector.objects.create(slug="selalu", name="Selalu")

    assert {s.slug for s in Subsector.objects.on(date(2026, 6, 30))} == {"dahulu", "selalu"}
    assert {s.slug for s in Subsector.objects.on(date(2026, 7, 1))} == {"baru", "selalu"}


@pytest.mark.parametrize("rws", ["14", [0], [1000], [14, 14], ["14"], [True], {"14": 1}])
def test_rw_of_a_centre_are_different_numbers(rws):
    with pytest.raises(ValidationError):
        ProductCentre(name="Sanan", product="tempe", rws=rws).full_clean()


def test_a_centre_may_have_no_rw_and_no_kelurahan():
    ProductCentre(name="Sanan", product="tempe").full_clean()
