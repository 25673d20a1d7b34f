from collections import Counter
from dataclasses import replace

import pytest

from appliance.model.kinds import Kind
from appliance.model.rows import CallState
from appliance.query.errors import QueryError
from appliance.storage.connection import Database
from appliance.storage.search import Question, search
from appliance.storage.search.histogram import Slots, counted
from tests.storage.measured import STREAM, report
from tests.storage.search.asking import locked
from tests.storage.search.stored import HOUR, NOON, SECOND, Sent, a_call, store, store_calls

CALLS = [
    a_call("one", pdd_ms=100, talk_ms=3000),
    a_call("two", started=NOON + HOUR, state=CallState.BUSY, status=486, talk_ms=None, pdd_ms=12_345),
    a_call("three", started=NOON + HOUR + 1, state=CallState.SETUP, status=None, talk_ms=None, pdd_ms=None),
    a_call("next day", started=NOON + 13 * HOUR, pdd_ms=100, talk_ms=5000),
    a_call("out of range", started=NOON + 15 * HOUR),
]
ASKED = Question("", NOON, NOON + 14 * HOUR, "calls")
HOURS = Slots(HOUR)


def by_hour(slots: dict[int, Counter[str]]) -> dict[int, dict[str, int]]:
    return {(HOURS.start(number) - NOON) // HOUR: dict(names) for number, names in slots.items()}


async def test_calls_are_counted_over_days_with_what_their_figures_need(database: Database) -> None:
    await store_calls(database, CALLS)
    found = await counted(database, ASKED, HOURS)
    assert found is not None
    assert by_hour(found.slots) == {0: {"completed": 1}, 1: {"busy": 1, "setup": 1}, 13: {"completed": 1}}
    assert found.statuses == {("completed", 200): 2, ("busy", 486): 1, ("setup", 0): 1}
    assert (found.talked_ms, found.talks) == (8000, 2)
    assert found.pdds_ms == {100: 2, 12_300: 1}


async def test_the_same_rows_are_counted_as_the_search_finds(database: Database) -> None:
    legs = [replace(call, legs=2, joined=7, leg=n) for n, call in enumerate(CALLS[:2])]
    await store_calls(database, [*legs, *CALLS[2:]])
    for question in (
        ASKED,
        replace(ASKED, legs="apart"),
        replace(ASKED, line="callid:two"),
        replace(ASKED, line="status:2xx"),
    ):
        found = await counted(database, question, HOURS)
        page = await search(database, "hep1", question)
        assert found is not None and sum(found.statuses.values()) == len(page.rows) > 0


async def test_messages_are_told_apart_by_class_and_others_by_kind(database: Database) -> None:
    methods = [b"INVITE", b"180", b"200", b"200", b"BYE", b""]
    await store(database, [Sent(at=NOON + n, columns={"method": method}) for n, method in enumerate(methods)])
    await store(database, [Sent(at=NOON + 9, kind=Kind.LOG)], block=2)
    messages = await counted(database, replace(ASKED, view="messages"), HOURS)
    logs = await counted(database, replace(ASKED, view="logs"), HOURS)
    assert messages is not None and logs is not None
    assert by_hour(messages.slots) == {0: {"request": 2, "1xx": 1, "2xx": 2, "other": 1}}
    assert by_hour(logs.slots) == {0: {"log": 1}}


async def test_reports_are_told_apart_by_how_the_stream_was(database: Database) -> None:
    values = [
        {"mos": 4.2},
        {"mos": 3.7},
        {"mos": 2.0},
        {"mos": None, "loss_percent": 0.5},
        {"mos": None, "loss_percent": None},
    ]
    for n, more in enumerate(values):
        await report(database, [replace(STREAM, **more)], row=(n + 1) << 16)  # type: ignore[arg-type]
    found = await counted(database, replace(ASKED, view="quality"), HOURS)
    assert found is not None
    assert by_hour(found.slots) == {0: {"good": 2, "fair": 1, "bad": 1, "unknown": 1}}


async def test_slots_begin_with_the_hours_of_a_zone(database: Database) -> None:
    await store_calls(database, [a_call("one", started=NOON), a_call("two", started=NOON + 20 * 60 * SECOND)])
    kathmandu = Slots(HOUR, (5 * 60 + 45) * 60 * SECOND)
    found = await counted(database, ASKED, kathmandu)
    assert found is not None
    assert [kathmandu.start(number) - NOON for number in sorted(found.slots)] == [-45 * 60 * SECOND, 15 * 60 * SECOND]
    assert kathmandu.of(NOON) == min(found.slots)


async def test_what_is_not_counted_in_time_or_only_by_reading_is_not_told(database: Database) -> None:
    await store_calls(database, CALLS)
    await store(database, [Sent(at=NOON)])
    assert await counted(database, replace(ASKED, line="text:x", view="messages"), HOURS) is None
    async with locked(database, "calls_20261123"):
        assert await counted(database, ASKED, HOURS, seconds=0.2) is None


async def test_a_line_that_cannot_be_asked_is_told(database: Database) -> None:
    with pytest.raises(QueryError):
        await counted(database, replace(ASKED, line="form:x"), HOURS)
