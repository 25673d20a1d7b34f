"""Joined legs as one row: found by any leg, each once, in pages that neither miss nor repeat."""

import random
from collections.abc import Sequence
from dataclasses import replace

import pytest

from appliance.calls.joins.leg import place_of
from appliance.ingest.joining import number_of
from appliance.model.rows import CallRow, CallState
from appliance.storage.connection import Database
from appliance.storage.search import Question, keys, search
from tests.storage.search.asking import callids
from tests.storage.search.stored import HOUR, NOON, SECOND, Sent, a_call, store, store_calls

WHOLE = (NOON - 48 * HOUR, NOON + 48 * HOUR)


def joined(*legs: CallRow) -> list[CallRow]:
    """As the settler marks them."""
    ordered = sorted(legs, key=place_of)
    number = number_of(place_of(ordered[0]))
    return [replace(row, legs=len(legs), leg=place, joined=number) for place, row in enumerate(ordered)]


LATE = NOON + 12 * HOUR - SECOND
CALLS = [
    *joined(
        a_call("in", to_user="100", state=CallState.COMPLETED),
        a_call("out", started=NOON + SECOND, to_user="200", source_ip="10.9.9.9", state=CallState.FAILED, status=503),
    ),
    *joined(
        a_call("evening", started=LATE, to_user="300"),
        a_call("night", started=LATE + 2 * SECOND, to_user="400", causes=("Q.850/34",)),
    ),
    a_call("alone", started=NOON + 2 * SECOND, to_user="200"),
]
SENT = [
    Sent(at=NOON, callid=b"in"),
    Sent(at=NOON + SECOND, callid=b"out", columns={"contact_user": b"gateway"}),
    Sent(at=LATE + 2 * SECOND, callid=b"night", columns={"contact_user": b"gateway"}),
]


@pytest.mark.parametrize("many", [False, True])
@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("", "evening alone in"),
        ("to:100", "in"),
        ("to:200", "alone in"),
        ("to:400", "evening"),
        ("to:300;400", "evening"),
        ("NOT to:200", "evening"),
        ("to:100 to:200", "in"),
        ("to:100 NOT to:200", ""),
        ("callid:out", "in"),
        ("callid:night", "evening"),
        ("out", "in"),
        ("src:10.9.9.9", "in"),
        ("q850:34", "evening"),
        ("contact:gateway", "evening in"),
        ("NOT contact:gateway", "alone"),
        ("contact:gateway to:100", "in"),
        ("legs:2", "evening in"),
        ("legs:1", "alone"),
        ("state:failed", ""),
        ("status:503", ""),
        ("NOT state:failed", "evening alone in"),
    ],
)
async def test_a_joined_call_is_found_by_any_leg_and_shown_by_its_first(
    database: Database, monkeypatch: pytest.MonkeyPatch, many: bool, line: str, found: str
) -> None:
    if many:
        monkeypatch.setattr(keys, "MOST_KEYS", -1)
    await store_calls(database, CALLS)
    await store(database, SENT)
    assert await callids(database, line, "calls") == found.split()


async def test_legs_apart_are_each_a_row(database: Database) -> None:
    await store_calls(database, CALLS)
    page = await search(database, "hep1", Question("", *WHOLE, "calls", legs="apart"))
    assert [(row.callid, row.legs) for row in page.rows if isinstance(row, CallRow)] == [
        ("night", 2), ("evening", 2), ("alone", 1), ("out", 2), ("in", 2)
    ]  # fmt: skip
    assert page.total.count == 5


async def test_a_call_is_in_range_by_the_start_of_its_first_leg(database: Database) -> None:
    await store_calls(database, CALLS)
    only_second = Question("", NOON + SECOND, NOON + 2 * SECOND, "calls")
    assert (await search(database, "hep1", only_second)).rows == ()
    only_first = replace(only_second, line="to:200", from_us=NOON, to_us=NOON + SECOND)
    assert [row.callid for row in (await search(database, "hep1", only_first)).rows if isinstance(row, CallRow)] == [
        "in"
    ]


async def pages(database: Database, question: Question) -> tuple[list[CallRow], set[int]]:
    """All rows, page by page, and the totals that the pages say."""
    rows: list[CallRow] = []
    totals: set[int] = set()
    while True:
        page = await search(database, "hep1", question)
        rows += [row for row in page.rows if isinstance(row, CallRow)]
        totals.add(page.total.count)
        assert page.total.exact
        if page.next is None:
            return rows, totals
        assert len(page.rows) == question.limit
        question = replace(question, cursor=page.next)


def made(chance: random.Random) -> list[CallRow]:
    """Calls of two days, many of one moment, in groups of one to four legs."""
    calls: list[CallRow] = []
    for group in range(chance.randint(20, 45)):
        at = LATE + chance.choice([-1, 0, 1, 2]) * SECOND + chance.choice([0, 0, 1]) * chance.randint(0, 5 * SECOND)
        legs = [
            a_call(
                f"{group}-{leg}",
                started=at + leg * chance.choice([0, 1, SECOND]),
                to_user=chance.choice(["1", "2", "3"]),
            )
            for leg in range(chance.randint(1, 4))
        ]
        calls += joined(*legs) if len(legs) > 1 else legs
    return calls


def expected(calls: Sequence[CallRow], legs: str, wanted: str) -> list[str]:
    ordered = sorted(calls, key=place_of, reverse=True)
    if legs == "apart":
        return [row.callid for row in ordered if wanted in ("*", row.to_user)]
    groups = {row.callid.split("-")[0] for row in calls if wanted in ("*", row.to_user)}
    return [row.callid for row in ordered if row.leg == 0 and row.callid.split("-")[0] in groups]


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("legs", ["joined", "apart"])
async def test_pages_neither_miss_nor_repeat_a_call(database: Database, seed: int, legs: str) -> None:
    chance = random.Random(seed)
    calls = made(chance)
    await store_calls(database, calls)
    for wanted in ("*", "1", "2"):
        limit = chance.randint(1, 9)
        rows, totals = await pages(database, Question(f"to:{wanted}", *WHOLE, "calls", limit=limit, legs=legs))
        assert [row.callid for row in rows] == expected(calls, legs, wanted)
        assert totals == {len(rows)} or not rows
