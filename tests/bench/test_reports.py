"""What the measurements count and how they judge: on made-up outcomes, without a minute of load."""

import random

import pytest

from bench import load, run, visitors


def test_three_in_ten_visits_are_to_addresses_nobody_asked_for():
    paths = [f"/{number}" for number in range(5000)]
    planned = load.plan(paths, 50, 60, random.Random(1))
    seen, fresh = set(), 0
    for _due, number in planned["visits"]:
        fresh += number not in seen
        seen.add(number)

    many = len(planned["visits"])
    assert 2700 < many < 3300
    assert 0.26 < fresh / many < 0.34
    dues = [due for due, _number in planned["visits"]]
    assert dues == sorted(dues)


def outcome(seconds, status=200):
    return [[n / 10, n, took, status, 100, []] for n, took in enumerate(seconds)]


@pytest.mark.parametrize(
    ("seconds", "status", "holds"),
    [
        ([0.1] * 100, 200, True),
        ([0.1] * 98 + [2, 2], 200, False),
        ([0.1] * 100, 500, False),
        ([0.1] * 100, 0, False),
    ],
)
def test_a_rate_holds_when_99_of_100_are_in_time_and_none_failed(seconds, status, holds):
    result = load.judged({"outcome": outcome(seconds, status), "cpu": 1, "wall": 10})
    assert load.holds(result) is holds


def test_an_answer_in_pieces_is_put_together():
    assert visitors.unchunked(b"5\r\nhello\r\n6;x=1\r\n world\r\n0\r\n\r\n") == b"hello world"


def found(**changes):
    """A run in which every bar holds, but for `changes` = {case: cold ms}."""
    names = (
        "API list of 50", "API at the middle row", "directory page", "directory at the middle row",
        "two filters with facets", "two-word search", "misspelled search", "business page",
    )  # fmt: skip
    cases = [
        {
            "name": name,
            "queries": 5,
            "ways": {
                "cold": {"ms": changes.get(name.replace(" ", "_").replace("-", "_"), 20)},
                "sql": {"ms": 10},
                "floor": {"ms": 10},
            },
        }
        for name in names
    ]
    return {
        "rows": 1_000_000,
        "cases": cases,
        "deep": {name: {"first": 20, "middle": changes.get(name, 20)} for name in ("API", "directory")},
        "drf": {"ours": 10, "theirs": 200},
        "facets": {"ours": 10, "theirs": 100, "wrong": [], "text": {"tried": 8, "differ": []}},
    }


def missed(found, few=None):
    few = few or {case["name"]: 5 for case in found["cases"]}
    return [what for what, _value, _bar, holds in run.bars(found, few) if not holds]


def test_every_bar_can_be_missed():
    assert missed(found()) == []
    assert missed(found(API_list_of_50=41)) == ["API list, times the floor"]
    assert missed(found(directory_page=121)) == ["directory page, times the floor"]
    assert missed(found(two_word_search=31)) == ["two-word search, times the indexed SQL"]
    assert missed(found(misspelled_search=61)) == ["misspelled search, times the indexed SQL"]
    assert missed(found(API=25)) == ["API at the middle row, times the first"]

    slow = found()
    slow["drf"]["theirs"] = 90
    slow["facets"]["theirs"] = 40
    slow["facets"]["wrong"] = ["scale"]
    assert missed(slow) == [
        "ModelViewSet, times the API list",
        "GROUP BY, times the kept facets",
        "facets equal to a recount",
    ]
    few = {case["name"]: 4 for case in found()["cases"]}
    assert missed(found(), few) == ["queries at 2,000 and at 1,000,000 rows"]
