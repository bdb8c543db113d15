"""What an address is about: one thing of Purwantoro and the same of Dinoyo (world.py makes them)."""

from dataclasses import dataclass

from registry.regions.roles import Role
from tests.access.who import FOLLOWS_LISTS, R


@dataclass(frozen=True)
class Row:
    """One thing of Purwantoro and the same of Dinoyo (world.py makes them).

    `seen_by`: roles that see it at all (others get 404 though they hold the permission); `own_only`: roles
    that see it only when they made it themselves. `placed`: whether it lies in a kelurahan.
    """

    seen_by: frozenset = frozenset(Role)
    own_only: frozenset = frozenset()
    placed: bool = True


CITY_STAFF = frozenset({R.OPERATOR, R.VERIFIKATOR})
ROWS = {
    # a business with an owner, a consent for photos and a published photo
    "business": Row(),
    "person": Row(),
    # a draft belongs to the kelurahan's post; of the city's staff only the author sees their own
    "draft": Row(seen_by=frozenset({R.PETUGAS}) | CITY_STAFF, own_only=CITY_STAFF),
    # sent by the officer of the kelurahan, waiting for a decision, with a photo
    "waiting": Row(),
    # sent back to the officer of the kelurahan, with notes
    "returned": Row(),
    # a list uploaded by an operator, waiting for a decision
    "list": Row(placed=False),
    # the same list to who acts on it for its uploader: nobody but the uploader
    "upload": Row(placed=False, own_only=frozenset({R.OPERATOR})),
    "photo": Row(),
    # a move to this kelurahan, which its officer has to agree to
    "move": Row(seen_by=frozenset({R.PETUGAS})),
    # decided: applied, turned down, passed by the rule for light corrections
    "approved": Row(),
    "rejected": Row(),
    "light": Row(),
    # a change of many by an operator, waiting; who follows lists sees it
    "batch": Row(seen_by=FOLLOWS_LISTS.roles, placed=False),
    # an operator's own: nobody else's business
    "job": Row(seen_by=frozenset({R.OPERATOR}), own_only=frozenset({R.OPERATOR}), placed=False),
    "view": Row(seen_by=frozenset({R.OPERATOR}), own_only=frozenset({R.OPERATOR}), placed=False),
    "post": Row(placed=False),
    # what the address names besides rows of ours
    "region": Row(placed=False),
    "sector": Row(placed=False),
    "subsector": Row(placed=False),
    "kelurahan": Row(placed=False),
    "centre": Row(placed=False),
    "section": Row(placed=False),
    # what a visitor said about the business
    "tip": Row(),
    # "masih aktif?": an answer by the officer of the kelurahan; the same to who takes it back
    "check": Row(),
    "own-check": Row(seen_by=frozenset({R.PETUGAS}), own_only=frozenset({R.PETUGAS})),
    "sheet": Row(),
    # messages to owners, and a personal link
    "outreach": Row(),
    "owner-link": Row(),
    # a need that waits, one that is answered, a day with a planned visit and a recorded one with a photo
    "need": Row(),
    # the same to who puts a photo to it; one that has its photo
    "own-need": Row(seen_by=frozenset({R.PETUGAS}), own_only=frozenset({R.PETUGAS})),
    "pictured-need": Row(),
    # the names of its businesses, for picking on a phone
    "names": Row(),
    "answered-need": Row(),
    "visit-day": Row(),
    "day-ahead": Row(),  # on which nobody went yet
    "visit": Row(),
    "visited": Row(),
    # a problem handed to the office that the accounts of other offices act for, and one it solved
    "follow-up": Row(),
    "solved": Row(),
    "mentoring": Row(),
    # said at a forum of the kelurahan, not answered yet
    "proposal": Row(),
    # monthly reports of the kelurahan: being written, handed to the lurah, sent
    "monthly": Row(),
    "monthly-handed": Row(),
    "monthly-sent": Row(),
}
