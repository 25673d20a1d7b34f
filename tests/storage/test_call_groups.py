"""Groups of calls are those that a loop over the calls themselves counts."""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest

from appliance.calls.measures import Tally
from appliance.model.rows import CallRow, CallState
from appliance.storage import call_groups
from appliance.storage.call_groups import By
from appliance.storage.connection import Database
from appliance.storage.search import Question
from tests.storage.search.stored import HOUR, NOON, SECOND, a_call, store_calls

DAY = 24 * HOUR
EVER = Question("", NOON - 48 * HOUR, NOON + 48 * HOUR)
STATUS = {CallState.COMPLETED: 200, CallState.BUSY: 486, CallState.FAILED: 503, CallState.SETUP: None}


def made(seed: int) -> list[CallRow]:
    """Calls of two days, some of two legs."""
    chance, found = random.Random(seed), []
    for number in range(60):
        state = chance.choice(list(STATUS))
        first = a_call(
            f"c{number}",
            started=NOON + chance.randrange(-12 * HOUR, 20 * HOUR),
            state=state,
            status=STATUS[state],
            source_ip=chance.choice(["10.0.0.1", "10.0.0.2", "10.1.0.1"]),
            destination_ip=chance.choice(["10.9.0.1", "10.9.0.2"]),
            from_country=chance.choice(["DE", "LV", ""]),
            user_agent=chance.choice(["Phone", "Softphone é"]),
            talk_ms=chance.choice([None, 1000, 2500]),
            pdd_ms=chance.choice([None, 100, 300]),
        )
        if chance.random() < 0.3:
            second = replace(first, callid=f"d{number}", started=first.started + SECOND, source_ip="10.9.0.1", leg=1)
            found += [replace(one, legs=2, joined=1000 + number) for one in (first, second)]
        else:
            found.append(first)
    return found


KEYS: dict[By, Callable[[CallRow], str]] = {
    "source": lambda row: row.source_ip,
    "destination": lambda row: row.destination_ip,
    "from_country": lambda row: row.from_country,
    "user_agent": lambda row: row.user_agent,
    "hour": lambda row: str(row.started // HOUR * HOUR),
    "day": lambda row: str(row.started // DAY * DAY),
}


def counted(calls: list[CallRow], by: By) -> dict[str, Tally]:
    found: dict[str, Tally] = {}
    for row in calls:
        if row.leg and by not in call_groups.APART:
            continue
        tally = found.setdefault(KEYS[by](row), Tally())
        talked, waited = row.talk_ms, row.pdd_ms
        tally.add(
            Tally(Counter({(row.state.value, row.status or 0): 1}), talked or 0, talked is not None, waited or 0,
                  waited is not None)
        )  # fmt: skip
    return found


@pytest.mark.parametrize("by", KEYS)
@pytest.mark.parametrize("seed", [1, 2])
async def test_they_are_what_a_loop_counts(database: Database, by: By, seed: int) -> None:
    calls = made(seed)
    await store_calls(database, calls)
    assert await call_groups.counted(database, EVER, by) == call_groups.Groups(counted(calls, by))


async def test_a_query_narrows_and_groups_of_one_name_are_one(database: Database) -> None:
    calls = made(3)
    await store_calls(database, calls)
    found = await call_groups.counted(database, replace(EVER, line="state:busy"), "source", lambda ip: ip[:5])
    busy = [row for row in calls if row.state is CallState.BUSY]
    assert {name: tally.total for name, tally in found.tallies.items()} == Counter(row.source_ip[:5] for row in busy)


async def test_what_cannot_be_counted_is_said(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    await store_calls(database, made(4))
    texts = await call_groups.counted(database, replace(EVER, line="text:x"), "source")
    assert texts.tallies == {} and "cannot be counted" in texts.notes[0]
    late = await call_groups.counted(database, EVER, "source", seconds=0)
    assert late.tallies == {} and "2026-11-23 to 2026-11-24" in late.notes[0]
    monkeypatch.setattr(call_groups, "MOST_ROWS", 2)
    many = await call_groups.counted(database, EVER, "source")
    assert "2026-11-24 has too many groups" in many.notes[0]
