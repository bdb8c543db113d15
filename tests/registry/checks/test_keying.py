"""Reading what is keyed from a sheet: every sign is understood or named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.checks.keying import LETTERS, read

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1a 2a 3t 4x", {1: "active", 2: "active", 3: "closed", 4: "not_found"}),
        ("1A,2s;3 p", {1: "active", 2: "temporary", 3: "moved"}),
        ("1.a 2)a 3-x\n4=t", {1: "active", 2: "active", 3: "not_found", 4: "closed"}),
        ("2-4a 1x", {2: "active", 3: "active", 4: "active", 1: "not_found"}),
        ("5a 5a", {5: "active"}),
        ("1a2t", {1: "active", 2: "closed"}),
        ("", {}),
    ],
)
def test_what_is_understood(text, expected):
    assert read(text, 10) == (expected, [])


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("4q", "huruf q"),
        ("57a", "1 sampai 10"),
        ("0a", "1 sampai 10"),
        ("3a 3t", "Nomor 3 ditulis dua kali: a dan t"),
        ("3", "“3”"),
        ("halo", "“halo”"),
        ("1aktif", "huruf aktif"),
        ("9-2a", "“9-2a”"),
        ("99999999999999a", "1 sampai 10"),
    ],
)
def test_what_is_wrong_is_named(text, named):
    _answers, problems = read(text + " 1a", 10)
    assert len(problems) == 1
    assert named in problems[0]


@given(
    st.dictionaries(st.integers(1, 200), st.sampled_from(sorted(LETTERS)), max_size=60),
    st.sampled_from(" ,\n"),
)
def test_whatever_is_written_is_read_back(answers, between):
    text = between.join(f"{number}{letter}" for number, letter in answers.items())
    assert read(text, 200) == ({n: LETTERS[letter] for n, letter in answers.items()}, [])


@given(st.text(max_size=200))
def test_no_text_breaks_it_and_nothing_outside_the_sheet_is_answered(text):
    answers, _problems = read(text, 30)
    assert set(answers) <= set(range(1, 31))
