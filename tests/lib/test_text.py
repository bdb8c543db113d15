"""Which runs of figures may be an identity number, and so never stand in free text."""

import pytest

from umkm_portal.lib.text import fold, has_long_digits, mask_long_digits


@pytest.mark.parametrize(
    "text",
    [
        "3573014408800099",
        "NIK: 3573 0144 0880 0099.",
        "3573.0144.0880.0099",
        "35.73.01.440880.0099",
        "357301440880009",
    ],
)
def test_an_identity_number_is_seen_however_it_is_written(text):
    assert has_long_digits(text)
    assert "0099" not in mask_long_digits(text)


@pytest.mark.parametrize(
    "text",
    [
        "-7.575141666666667",
        "Jl. Solo, -7.575141666666667, 110.82545555555556",
        "0812-3456-7890",
        "NIB 0123456789012",
    ],
)
def test_coordinates_phones_and_a_nib_are_none(text):
    assert not has_long_digits(text)


def test_folding_keeps_words_and_drops_everything_else():
    assert fold("  Kué Kering, “Bu Ani” & Co. ") == "kue kering bu ani co"
