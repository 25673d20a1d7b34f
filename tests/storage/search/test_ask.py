import random
from dataclasses import replace
from datetime import date

import pytest

from appliance.model.kinds import Kind
from appliance.model.rows import Total
from appliance.query.errors import QueryError
from appliance.query.fields import FIELDS
from appliance.storage.connection import Database
from appliance.storage.search import (
    FOLDED,
    VIEWS,
    BadCursor,
    Limits,
    Order,
    Question,
    SearchTimeout,
    Unsearchable,
    continued,
    search,
)
from appliance.storage.search.messages import Messages
from appliance.storage.search.source import Found
from tests.storage.measured import STREAM, report
from tests.storage.search.asking import asked, locked
from tests.storage.search.stored import HOUR, NOON, SECOND, Sent, a_call, store, store_calls


async def test_an_empty_database_has_no_rows(database: Database) -> None:
    page = await asked(database, "")
    assert (page.rows, page.next, page.total) == ((), None, Total(0, exact=True))
    assert [(site.name, site.ok) for site in page.sites] == [("hep1", True)]


@pytest.mark.parametrize(
    ("line", "view", "word"),
    [
        ("media:10.0.0.0/22", "calls", "media"),
        ("method:INVITE", "quality", "view quality"),
        ("from:alice", "logs", "view logs"),
        ("header.Subject:x", "logs", "header.subject"),
        ("attest:A", "messages", "Identity"),
        ("custom1:x", "messages", "custom_headers"),
        ("from:alice", "registrations", "aor, callid"),
        ("state:completed", "registrations", "no state of a registration"),
        ("state:expired", "calls", "no state of a call"),
        ("aor:alice", "calls", "view registrations"),
        ("state:busy", "dialogs", "view dialogs"),
        ("", "nothing", "view"),
    ],
)
async def test_what_cannot_be_searched_is_said_with_the_reason(
    database: Database, line: str, view: str, word: str
) -> None:
    with pytest.raises(Unsearchable, match=word):
        await asked(database, line, view)


async def test_every_field_is_searched_or_refused_in_every_view(database: Database) -> None:
    await store_calls(database, [a_call("one")])
    await store(database, [Sent(callid=b"one", kind=kind) for kind in Kind])
    await report(database)
    for field in FIELDS.values():
        for view in VIEWS:
            try:
                await asked(database, field.example, view)
            except Unsearchable as refused:
                assert field.name in refused.message


async def test_a_line_that_cannot_be_read_is_an_error_of_the_query(database: Database) -> None:
    with pytest.raises(QueryError, match="no field"):
        await asked(database, "form:alice")


async def quiet_pages(database: Database, question: Question) -> list[object]:
    """What names each row of all pages while nothing arrives."""
    found: list[object] = []
    while True:
        page = await search(database, "hep1", question)
        found += [(getattr(row, "id", row.callid), getattr(row, "measured", None)) for row in page.rows]
        if page.next is None:
            return found
        question = replace(question, cursor=page.next)


async def pages(database: Database, question: Question) -> list[str]:
    """All rows of all pages, by what names them; between two pages rows arrive on both sides of the range."""
    found: list[str] = []
    arrived = 0
    while True:
        page = await search(database, "hep1", question)
        found += [getattr(row, "id", row.callid) for row in page.rows]
        if page.next is None:
            return found
        question = replace(question, cursor=page.next, from_us=1, to_us=NOON + 90 * HOUR)
        arrived += 1
        new = f"new-{arrived}"
        await store(database, [Sent(at=NOON + 24 * HOUR + arrived, callid=new.encode())], block=100 + arrived)
        await store_calls(database, [a_call(new, started=NOON + 24 * HOUR + arrived)])


@pytest.mark.parametrize("order", Order)
async def test_pages_of_messages_neither_miss_nor_repeat_while_rows_arrive(database: Database, order: Order) -> None:
    chance = random.Random(1)
    kinds = (Kind.CALL, Kind.REGISTRATION, Kind.REST)
    # many share a microsecond, and they lie on both sides of midnight
    sent = [
        Sent(at=NOON + chance.choice((0, 1, 13 * HOUR, 13 * HOUR + 1)), kind=chance.choice(kinds)) for _ in range(60)
    ]
    await store(database, sent)
    question = Question("", NOON, NOON + 24 * HOUR, "messages", limit=7, order=order)
    found = await pages(database, question)
    assert len(found) == len(set(found)) == 60


@pytest.mark.parametrize("order", Order)
async def test_pages_of_calls_neither_miss_nor_repeat_while_calls_arrive(database: Database, order: Order) -> None:
    calls = [a_call(f"call-{n}", started=NOON + n // 4 * 5 * HOUR // 4) for n in range(40)]
    await store_calls(database, calls)
    found = await pages(database, Question("", NOON, NOON + 24 * HOUR, "calls", limit=7, order=order))
    assert sorted(found) == sorted(call.callid for call in calls)
    starts = [next(call.started for call in calls if call.callid == callid) for callid in found]
    assert starts == sorted(starts, reverse=order is Order.NEWEST_FIRST)


@pytest.mark.parametrize("view", [view for view in VIEWS if view not in FOLDED])
async def test_the_oldest_first_is_the_newest_first_turned_around(database: Database, view: str) -> None:
    kinds = (Kind.CALL, Kind.REST, Kind.LOG, Kind.OTHER)
    await store(database, [Sent(at=NOON + n % 3 * 13 * HOUR, kind=kinds[n % 4]) for n in range(24)])
    await store_calls(database, [a_call(f"c{n}", started=NOON + n % 3 * 13 * HOUR) for n in range(9)])
    for n in range(6):
        await report(database, [STREAM, replace(STREAM, ssrc=8)], at=NOON + n % 2 * 13 * HOUR, row=(n + 1) << 16)
    question = Question("", NOON - 48 * HOUR, NOON + 48 * HOUR, view, limit=5)
    newest, oldest = [await quiet_pages(database, replace(question, order=order)) for order in Order]
    assert newest == oldest[::-1] and len(newest) >= 9


async def test_a_cursor_of_the_other_order_is_refused(database: Database) -> None:
    await store(database, [Sent(at=NOON + n) for n in range(3)])
    question = Question("", NOON, NOON + HOUR, "messages", limit=1)
    page = await search(database, "hep1", question)
    with pytest.raises(BadCursor):
        await search(database, "hep1", replace(question, cursor=page.next, order=Order.OLDEST_FIRST))


async def test_the_oldest_first_says_what_was_not_looked_at(database: Database) -> None:
    await store(database, [Sent(at=NOON, callid=b"new"), Sent(at=NOON - 24 * HOUR, callid=b"old")])
    question = Question("", NOON - 48 * HOUR, NOON + 24 * HOUR, "messages", order=Order.OLDEST_FIRST)
    async with locked(database, "sip_capture_call_20261123"):
        page = await search(database, "hep1", question, Limits(seconds=0.3))
    assert "2026-11-23 to 2026-11-24; newer rows" in page.notes[0]
    assert [row.callid for row in page.rows] == ["old"]
    rest = await search(database, "hep1", replace(question, cursor=page.next))
    assert [row.callid for row in rest.rows] == ["new"]


async def test_the_total_is_counted_once_and_stays_on_later_pages(database: Database) -> None:
    await store(database, [Sent(at=NOON + n) for n in range(12)])
    question = Question("", NOON, NOON + HOUR, "messages", limit=5)
    first = await search(database, "hep1", question)
    second = await search(database, "hep1", replace(question, cursor=first.next))
    bound = await search(database, "hep1", question, Limits(count_rows=10))
    unknown = await search(database, "hep1", question, Limits(count_seconds=0))
    assert (first.total, second.total) == (Total(12, exact=True), Total(12, exact=True))
    assert (bound.total, unknown.total) == (Total(10, exact=False), Total(5, exact=False))


async def test_a_cursor_of_another_question_or_of_nobody_is_refused(database: Database) -> None:
    await store(database, [Sent(at=NOON + n) for n in range(3)])
    question = Question("method:INVITE", NOON, NOON + HOUR, "messages", limit=1)
    cursor = (await search(database, "hep1", question)).next
    assert cursor is not None
    for wrong in (
        replace(question, cursor=cursor, line="method:BYE"),
        replace(question, cursor=cursor, view="calls"),
        replace(question, cursor=cursor[:-4]),
        replace(question, cursor="W10"),
        replace(question, cursor="é" * 10_000),
    ):
        with pytest.raises(BadCursor):
            await search(database, "hep1", wrong)


async def test_the_range_of_a_cursor_is_the_one_that_is_echoed(database: Database) -> None:
    await store(database, [Sent(at=NOON + n) for n in range(3)])
    question = Question("", NOON, NOON + HOUR, "messages", limit=1)
    cursor = (await search(database, "hep1", question)).next
    later = continued(replace(question, from_us=1, to_us=2, cursor=cursor))
    assert (later.from_us, later.to_us) == (NOON, NOON + HOUR)


async def test_a_span_of_centuries_costs_no_more_than_the_days_that_have_tables(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await store(database, [Sent(at=NOON), Sent(at=NOON - 72 * HOUR, callid=b"old")])
    asked_days = []
    of_day = Messages.of_day

    async def noted(self: Messages, day: date, most: int, seconds: float) -> list[Found]:
        asked_days.append(day)
        return await of_day(self, day, most, seconds)

    monkeypatch.setattr(Messages, "of_day", noted)
    page = await search(database, "hep1", Question("", 0, 4_000_000_000_000_000, "messages"))
    assert [row.callid for row in page.rows] == ["call-1@pc33", "old"]
    assert asked_days == [date(2026, 11, 23), date(2026, 11, 20)]


async def test_a_search_without_time_says_what_it_did_not_look_at(database: Database) -> None:
    await store(database, [Sent(at=NOON)])
    with pytest.raises(SearchTimeout, match="2026-11-22 to 2026-11-23"):
        question = Question("", NOON - 24 * HOUR, NOON + HOUR, "messages")
        await search(database, "hep1", question, Limits(seconds=0))


async def test_rows_found_before_the_time_was_over_are_given_with_a_note_and_a_way_on(database: Database) -> None:
    await store(database, [Sent(at=NOON, callid=b"new"), Sent(at=NOON - 24 * HOUR, callid=b"old")])
    question = Question("", NOON - 48 * HOUR, NOON + HOUR, "messages")
    async with locked(database, "sip_capture_call_20261122"):
        page = await search(database, "hep1", question, Limits(seconds=0.3))
    assert "2026-11-21 to 2026-11-22" in page.notes[0]
    assert [row.callid for row in page.rows] == ["new"]
    rest = await search(database, "hep1", replace(question, cursor=page.next))
    assert [row.callid for row in rest.rows] == ["old"]


async def test_a_table_that_is_dropped_meanwhile_is_as_if_it_had_never_been(database: Database) -> None:
    await store(database, [Sent(at=NOON), Sent(at=NOON + SECOND, kind=Kind.REST, callid=b"rest")])
    await database.execute("RENAME TABLE sip_capture_rest_20261123 TO sip_capture_rest_gone")
    assert [row.callid for row in (await asked(database, "")).rows] == ["call-1@pc33"]
