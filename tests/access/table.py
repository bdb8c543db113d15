"""Who may do what, at every address of the portal: the one table the access matrix is made from.

A new route goes into table_pages.py or table_api.py, under its URL name, in one line; the suite fails and
prints the line until it does.

    "business-confirm": page(POST=CONFIRMS, row="business", send={"on": "today"}),

`GET=`, `POST=`, ... name who may use that method; every method left out must answer 405. `row` names the
thing the address is about (ROWS): outside one's reach it answers 404. `send` is a body that would do the
thing, so that a refusal is seen to come from the guard and not from an empty form. Refused are: a visitor
(to the sign-in page; 401 on the API) and whoever is not named (403). A single answer that everybody let in
gets whatever happens stands in `always`.

Who may do what is told here as the office tells it (docs/panduan, a guide for each role), and not
read from registry/regions/roles.py: where the two differ, the suite says so.
"""

from dataclasses import dataclass

from tests.access.table_api import API
from tests.access.table_pages import PAGES
from tests.access.who import KEEPS_REFERENCES, SIGNED_IN, Who

TABLE = PAGES | API

# ---- third parties' routes, by prefix ------------------------------------------------------------


@dataclass(frozen=True)
class Group:
    """Routes of a third party under one rule for all methods. `open_to_all`: names without a guard."""

    prefix: str
    who: Who
    open_to_all: frozenset = frozenset()
    closed_to_all: tuple = ()  # names that contain one of these are refused to everybody


GROUPS = [
    Group(
        "account_",
        SIGNED_IN,
        frozenset(
            {
                "account_login",
                "account_logout",
                "account_signup",
                "account_inactive",
                "account_reset_password",
            }
        ),
    ),
    # The second step of signing in is met by who is not yet signed in.
    Group("mfa_", SIGNED_IN, frozenset({"mfa_authenticate"})),
    # Only aliases and holidays are ever deleted; businesses, accounts and posts never.
    Group(
        "admin:",
        KEEPS_REFERENCES,
        frozenset({"admin:login", "admin:logout"}),
        tuple(
            f"_{model}_delete"
            for model in (
                "user",
                "post",
                "region",
                "kbli",
                "subsector",
                "productcentre",
                "organisation",
                "membership",
                "officeholder",
                "officeaddress",
            )
        ),
    ),
]
