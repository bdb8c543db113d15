"""Spellings of one word share a key, or lie one edit apart; different words do not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.search.sound import distance, edits_allowed, sound, variants, words_of

SAME = [
    ("krupuk", "kerupuk"),
    ("catering", "katering"),
    ("klontong", "kelontong"),
    ("copy", "kopi"),
    ("photo", "foto"),
    ("video", "fideo"),
    ("bu", "ibu"),
    ("pak", "bapak"),
    ("pk", "bp"),
    ("mbak", "mba"),
    ("mb", "mbak"),
    ("djaja", "jaja"),
    ("tjap", "cap"),
    ("soerabaia", "surabaya"),
    ("sauto", "soto"),
    ("batick", "batik"),
    ("donnat", "donat"),
    ("yoghurt", "ioghurt"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_spellings_of_one_word_share_a_key(one, other):
    assert sound(one) == sound(other)


@pytest.mark.parametrize(
    ("one", "other"), [("ketring", "katering"), ("kajoetangan", "kayutangan"), ("tempe", "temep")]
)
def test_the_rest_is_one_edit_away(one, other):
    assert distance(sound(one), sound(other), 1) == 1
    assert variants(sound(one)) & variants(sound(other))


@pytest.mark.parametrize(
    ("one", "other"), [("bakso", "baso"), ("tahu", "tape"), ("kopi", "kue"), ("es", "as")]
)
def test_different_words_keep_different_keys(one, other):
    assert sound(one) != sound(other)


def test_words_keep_their_order_and_apostrophes_do_not_part_them():
    assert words_of("Kripik “Ma'ruf” & Kripik dan TEMPE") == ["kripik", "maruf", "tempe"]


WORDS = st.text("abcdeghiklmnoprstuwy", min_size=5, max_size=12)


@given(WORDS, st.data())
def test_two_keys_as_near_as_allowed_share_a_variant(word, data):
    """The table of variants finds every neighbour: insert, drop, replace or swap as often as allowed."""
    other = list(word)
    for _edit in range(edits_allowed(word)):
        at = data.draw(st.integers(0, len(other) - 2))
        letter = data.draw(st.sampled_from("abcdeghiklmnoprstuwy"))
        match data.draw(st.sampled_from(("insert", "drop", "replace", "swap"))):
            case "insert":
                other.insert(at, letter)
            case "drop" if len(other) > 4:
                del other[at]
            case "replace":
                other[at] = letter
            case _:
                other[at], other[at + 1] = other[at + 1], other[at]
    other = "".join(other)
    most = min(edits_allowed(word), edits_allowed(other))
    if distance(word, other, most) <= most:
        assert variants(word) & variants(other)
