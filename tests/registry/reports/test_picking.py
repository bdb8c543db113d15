"""Picking a business on a phone without signal is as forgiving as the directory's search."""

import random

import pytest

from bench.words import TRADES
from registry.search.sound import HONORIFICS, sound, words_of

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]
NAMES = (
    "Keripik Tempe Bu Sri",
    "Katering Ibu Ani",
    "Foto Copy Jaya",
    "Toko Kelontong Ma'ruf",
    "Warung Kajoetangan",
    "Bengkel Pak Slamet",
    "Warung Sri Rejeki",
    "Jaya Constructor",
)
ASKED = {
    "kripik tempe sri": "Keripik Tempe Bu Sri",
    "keripik ibu sri": "Keripik Tempe Bu Sri",
    "bu keripik": "Keripik Tempe Bu Sri",
    "catering": "Katering Ibu Ani",
    "fotokopi": "Foto Copy Jaya",
    "klontong maruf": "Toko Kelontong Ma'ruf",
    "kayutangan": "Warung Kajoetangan",
    "bengkel selamet": "Bengkel Pak Slamet",
    "bnegkel": "Bengkel Pak Slamet",
    "katerin ani": "Katering Ibu Ani",
    "pak bengkel rejeki": None,
    "bu": "Keripik Tempe Bu Sri",
    "xyz": None,
    "jaya konstruktor": "Jaya Constructor",
    "toString valueOf": None,
}


@pytest.fixture
def page(live):
    return live.open("/lapor/kerangka/perlu-didatangi/")


def test_names_are_found_as_people_type_them(page):
    found = page.evaluate(
        """([names, asked]) => asked.map((text) =>
            OutboxParts.matches(names.map((name) => ({name})), text).map((row) => row.name))""",
        [NAMES, list(ASKED)],
    )

    first = {text: rows[0] if rows else None for text, rows in zip(ASKED, found, strict=True)}
    assert first == ASKED
    assert found[list(ASKED).index("bu")] == ["Keripik Tempe Bu Sri", "Katering Ibu Ani"]


def test_the_phone_and_the_portal_hear_the_same(page):
    chance = random.Random(7)
    drawn = {"".join(chance.choices("aaeeooudjtcphvyklrs5", k=chance.randint(1, 12))) for _n in range(3000)}
    words = sorted(drawn | set(words_of(TRADES)) | set(HONORIFICS) | {"constructor"})

    heard = page.evaluate("words => words.map((word) => OutboxParts.sound(word))", words)

    assert dict(zip(words, heard, strict=True)) == {word: sound(word) for word in words}
