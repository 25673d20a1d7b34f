"""Calls by the octets of their messages: any leg's, across midnight, within limits, in pages."""

from dataclasses import replace

import pytest

from appliance.model.kinds import calls_table, day_of
from appliance.model.rows import Page
from appliance.storage.connection import Database
from appliance.storage.search import Limits, Order, Question, SearchTimeout, read_calls, search
from tests.storage.search.asking import callids, locked
from tests.storage.search.stored import HOUR, NOON, SECOND, Sent, a_call, store, store_calls
from tests.storage.search.test_any_leg import CALLS, LATE, WHOLE

LINES = b"INVITE sip:b SIP/2.0\r\nSubject: %b\r\nVia: SIP/2.0/UDP pc33;branch=z9\r\n\r\na=sendonly\r\n"
SENT = [
    Sent(at=NOON, callid=b"in", payload=LINES % b"red"),
    Sent(at=NOON + SECOND, callid=b"in", payload=LINES % b"green"),
    Sent(at=NOON + SECOND, callid=b"out", payload=LINES % b"blue"),
    Sent(at=LATE + 2 * SECOND, callid=b"night", payload=LINES % b"blue"),
    Sent(at=NOON + 2 * SECOND, callid=b"alone", payload=b"INVITE sip:b SIP/2.0\r\n\r\n"),
]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("text:sendonly", "evening in"),
        ("NOT text:sendonly", "alone"),
        ("header.Subject:blue", "evening in"),
        ("header.Subject:red header.Subject:blue", "in"),
        ("header.Subject:red to:200", "in"),
        ("header.Subject:red NOT to:100", ""),
        ("header.Subject:blue OR to:200", "evening alone in"),
        ("NOT (header.Subject:red OR to:300)", "alone"),
        ("via:pc33 state:completed", "evening in"),
        ("text:blue q850:34", "evening"),
        ("text:nowhere", ""),
    ],
)
async def test_a_term_is_true_when_a_message_of_any_leg_holds_it(database: Database, line: str, found: str) -> None:
    await store_calls(database, CALLS)
    await store(database, SENT)
    assert await callids(database, line, "calls") == found.split()


async def test_apart_each_leg_has_its_own_messages(database: Database) -> None:
    await store_calls(database, CALLS)
    await store(database, SENT)
    page = await search(database, "hep1", Question("text:blue", *WHOLE, "calls", legs="apart"))
    assert [row.callid for row in page.rows] == ["night", "out"]


async def pages(database: Database, question: Question, limits: Limits | None = None) -> list[Page]:
    found = []
    while True:
        found.append(await search(database, "hep1", question, limits or Limits()))
        if found[-1].next is None:
            return found
        question = replace(question, cursor=found[-1].next)


@pytest.mark.parametrize("order", Order)
async def test_pages_neither_miss_nor_repeat(database: Database, monkeypatch: pytest.MonkeyPatch, order: Order) -> None:
    monkeypatch.setattr(read_calls, "CALLS_AT_ONCE", 4)
    names = [f"c{n:02d}" for n in range(30)]
    await store_calls(database, [a_call(name, started=NOON + n // 3) for n, name in enumerate(names)])
    marked = [Sent(at=NOON + n // 3, callid=name.encode(), payload=b"mark" if n % 2 else b"x")
              for n, name in enumerate(names)]  # fmt: skip
    await store(database, marked)
    question = Question("text:mark", NOON, NOON + HOUR, "calls", limit=7, order=order)
    found = [row.callid for page in await pages(database, question) for row in page.rows]
    assert (len(found), set(found)) == (15, set(names[1::2]))
    seconds = [int(name[1:]) // 3 for name in found]
    assert seconds == sorted(seconds, reverse=order is Order.NEWEST_FIRST)


async def test_a_search_that_reaches_its_limit_says_how_far_it_came_and_goes_on_from_there(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(read_calls, "CALLS_AT_ONCE", 10)
    names = [f"c{n:02d}" for n in range(30)]
    await store_calls(database, [a_call(name, started=NOON + n * SECOND) for n, name in enumerate(names)])
    await store(database, [Sent(at=NOON + n * SECOND, callid=name.encode(), payload=b"mark" if n == 0 else b"x")
                           for n, name in enumerate(names)])  # fmt: skip
    first, *others = await pages(database, Question("text:mark", NOON, NOON + HOUR, "calls"), Limits(text_messages=5))
    assert (first.rows, first.total.exact) == ((), False)
    assert first.notes == ("calls were read back to 2026-11-23 12:00:20 UTC; older ones are on the next page",)
    assert [row.callid for page in others for row in page.rows] == ["c00"]


async def test_without_time_for_anything_the_search_says_so(database: Database) -> None:
    await store_calls(database, CALLS)
    async with locked(database, calls_table(day_of(NOON))):
        with pytest.raises(SearchTimeout, match="nothing was found before it was over"):
            await search(database, "hep1", Question("text:x", NOON, NOON + HOUR, "calls"), Limits(text_seconds=0.2))


async def test_time_that_is_over_later_keeps_what_was_found(database: Database) -> None:
    await store_calls(database, CALLS)
    await store(database, SENT)
    async with locked(database, calls_table(day_of(NOON))):
        page = await search(
            database, "hep1", Question("text:blue", *WHOLE, "calls", legs="apart"), Limits(text_seconds=1.0)
        )
    assert [row.callid for row in page.rows] == ["night"]
    assert page.next is not None and page.notes


async def test_many_messages_are_read_in_parts(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_calls, "MOST_AT_ONCE", 3)
    await store_calls(database, CALLS)
    await store(database, SENT)
    assert await callids(database, "header.Subject:blue", "calls") == ["evening", "in"]
