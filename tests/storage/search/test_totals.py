"""Totals of calls as searches say them: exact where they can be."""

import pytest

from appliance.model.rows import Total
from appliance.storage.connection import Database
from appliance.storage.search import Limits, Question, keys, search
from tests.storage.search.stored import HOUR, NOON, SECOND, a_call, store_calls

CALLS = [
    a_call(f"{n}", started=NOON + (n % 2 - 1) * 24 * HOUR + n * SECOND, to_user=f"1{n % 3}", user_agent=f"ua {n % 5}")
    for n in range(60)
]


@pytest.mark.parametrize("many", [False, True])
@pytest.mark.parametrize(
    ("line", "legs", "count"),
    [
        ("", "joined", 60),
        ("to:11", "joined", 20),
        ("to:1*", "joined", 60),
        ("to:10 ua:*3", "joined", 4),
        ("to:10 OR to:12", "apart", 40),
        ("state:completed", "joined", 60),
        ("status:2xx", "apart", 60),
        ("ua:*3", "joined", 12),
    ],
)
async def test_the_total_is_of_all_days(
    database: Database, monkeypatch: pytest.MonkeyPatch, many: bool, line: str, legs: str, count: int
) -> None:
    await store_calls(database, CALLS)
    if many:
        monkeypatch.setattr(keys, "MOST_KEYS", 3)
    question = Question(line, NOON - 48 * HOUR, NOON + 48 * HOUR, "calls", limit=2, legs=legs)
    assert (await search(database, "hep1", question)).total == Total(count, exact=True)
    some = Limits(count_rows=3)
    assert (await search(database, "hep1", question, some)).total == Total(3, exact=False)


async def test_without_time_to_count_it_is_at_least_what_is_shown(database: Database) -> None:
    await store_calls(database, CALLS)
    question = Question("ua:*3", NOON - 48 * HOUR, NOON + 48 * HOUR, "calls", limit=2)
    assert (await search(database, "hep1", question, Limits(count_seconds=0))).total == Total(2, exact=False)
