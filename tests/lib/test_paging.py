"""Paging by key: what was typed into a token by hand is refused before it reaches the database."""

import pytest

from programs.models import Mentoring
from tests.factories import make_business
from umkm_portal.lib.paging import BadCursor, Keyset, encode_cursor

pytestmark = pytest.mark.django_db


def page(**token):
    return Keyset(Mentoring.objects.all(), "-started_at", 1, **token)


@pytest.mark.parametrize("which", ["after", "before"])
@pytest.mark.parametrize(
    "key",
    ["0001-01-01T00:00:00+07:00", "9999-12-31T23:59:59-10:00", "0001-01-01", "2026-01-01T00:00:00", "x", 1],
)
def test_a_moment_no_row_can_have_is_not_one_of_our_tokens(key, which):
    with pytest.raises(BadCursor):
        page(**{which: encode_cursor(key, 5)})


def test_the_tokens_of_a_page_lead_on_and_back(operator):
    business = make_business()
    first, second = (Mentoring.start(business=business, goal=g, mentor="Ani", by=operator) for g in "ab")
    newest = page()
    older = page(after=newest.next_cursor)
    assert (newest.rows, older.rows) == ([second], [first])
    assert page(before=older.previous_cursor).rows == [second]
