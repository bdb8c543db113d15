"""Identity numbers in free text are found however they are parted, and hours and money are left alone."""

import pytest

from umkm_portal.lib.text import has_long_digits, mask_long_digits


@pytest.mark.parametrize(
    "part", ["", " ", "-", ".", "\u2013", "\u2011", "\u00a0", "  ", "\n", "\u00b7", "_", "/"]
)
def test_a_number_in_groups_is_found(part):
    for groups in (("3573", "0141", "0190", "0001"), ("357301", "410190", "0001")):
        text = f"NIK {part.join(groups)} milik ibu"
        assert has_long_digits(text)
        assert mask_long_digits(text) == "NIK •••• milik ibu"


@pytest.mark.parametrize(
    "text",
    [
        "07.00–12.00, 13.00–17.00 WIB",
        "Rp12.000, Rp15.000, 20.000",
        "081234567890 / 081234567891",
        "-7.575141666666667",
        "2019, 2020, 2021, 2022",
    ],
)
def test_hours_money_phones_and_points_are_left(text):
    assert mask_long_digits(text) == text
