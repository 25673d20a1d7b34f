"""Searches that find pinned calls whose day is gone."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from appliance.model.ids import MessageId
from appliance.model.kinds import DAY_US, Kind, day_of
from appliance.model.rows import CallRow, MessageRow, Page
from appliance.settings import MysqlSettings
from appliance.storage import accounts, daily_tables, pins
from appliance.storage.accounts import Role
from appliance.storage.connection import Database
from appliance.storage.messages import FoundCall
from appliance.storage.pinned_search import CANNOT, search
from appliance.storage.search import Question
from tests.calls.made import flow
from tests.storage.search.stored import NOON, SECOND, Sent, a_call, store, store_calls
from tests.storage.test_pins import bob

OLD = NOON - 40 * DAY_US
NOW = NOON + DAY_US
SPAN = OLD - DAY_US, NOW
STORED = [a_call(f"new-{n}", started=NOON + n * SECOND) for n in range(5)]
OLDER = a_call("kept@x", started=OLD, from_user="+4930555", to_user="carol")
OLDEST = a_call("kept-too@x", started=OLD - SECOND, from_user="dave")


def pinned(call: CallRow) -> FoundCall:
    rows = [
        replace(row, id=str(MessageId("hep1", Kind.CALL, day_of(row.ts), row.ts, n)), from_user=call.from_user)
        for n, row in enumerate(_moved(flow("0 A>B INVITE", "90 B>A 200 INVITE", callid=call.callid), call.started))
    ]
    return FoundCall(call.callid, call, tuple(rows), ())


def _moved(rows: list[MessageRow], at_us: int) -> list[MessageRow]:
    by_us = at_us - rows[0].ts
    return [replace(row, ts=row.ts + by_us, filed_ts=row.ts + by_us, raw=b"kept") for row in rows]


@pytest.fixture
async def kept(tables: Database, mysql: MysqlSettings) -> AsyncIterator[Database]:
    """Five stored calls, and two pinned ones of a day that was dropped long ago."""
    await tables.execute("DELETE FROM pins")
    await tables.execute("DELETE FROM users")
    await accounts.add(tables, "bob", Role.USER, "hash", 1)
    await store_calls(tables, STORED)
    await store(tables, [Sent(at=NOON + n, callid=b"new-0") for n in range(3)])
    for call in (OLDER, OLDEST):
        await pins.add(tables, await bob(tables), [pinned(call)], NOW + DAY_US, NOW)
    yield tables
    await tables.execute("DELETE FROM pins")


async def ask(database: Database, line: str = "", view: str = "calls", **more: object) -> Page:
    return await search(database, "hep1", Question(line, *SPAN, view, **more), NOW)  # type: ignore[arg-type]


def callids(page: Page) -> list[str]:
    return [row.callid for row in page.rows]  # type: ignore[union-attr]


@pytest.mark.parametrize("line", ["callid:kept@x", "from:+4930555", "from:+4930*", "carol", "to:caro*", "kept@x"])
async def test_a_call_whose_day_was_dropped_is_found(kept: Database, line: str) -> None:
    page = await ask(kept, line)
    assert page.rows == (OLDER,)
    assert (page.total.count, page.total.exact, page.next) == (1, True, None)
    assert page.notes == ("1 of these calls are pinned ones, kept beyond their days",)


async def test_its_messages_are_found_with_their_octets(kept: Database) -> None:
    page = await ask(kept, "callid:kept*", "messages")
    assert callids(page) == ["kept@x"] * 2 + ["kept-too@x"] * 2
    assert [row.ts for row in page.rows] == sorted((row.ts for row in page.rows), reverse=True)
    assert {row.raw for row in page.rows if isinstance(row, MessageRow)} == {b"kept"}


async def test_what_does_not_match_or_lies_elsewhere_in_time_is_not(kept: Database) -> None:
    assert (await ask(kept, "from:nobody")).rows == ()
    early = Question("callid:kept@x", OLD + 1, NOW, "calls")
    assert (await search(kept, "hep1", early, NOW)).rows == ()
    assert (await search(kept, "hep1", Question("kept*", *SPAN, "logs"), NOW)).rows == ()
    assert (await search(kept, "hep1", Question("callid:kept@x", *SPAN), NOW + 3 * DAY_US)).rows == (), "let go"


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 7, 100])
async def test_pages_hold_each_row_once_and_no_more_than_was_asked(kept: Database, limit: int) -> None:
    seen: list[str] = []
    cursor = None
    while True:
        page = await ask(kept, limit=limit, cursor=cursor)
        assert len(page.rows) <= limit
        assert page.total.count == 7
        seen += callids(page)
        cursor = page.next
        if cursor is None:
            break
    assert seen == ["new-4", "new-3", "new-2", "new-1", "new-0", "kept@x", "kept-too@x"]
    assert page.notes


async def test_it_stands_between_days_that_are_still_there(kept: Database) -> None:
    ancient = a_call("ancient", started=OLD - 5 * DAY_US)
    await store_calls(kept, [ancient])
    question = Question("", OLD - 6 * DAY_US, NOW, "calls", 6)
    page = await search(kept, "hep1", question, NOW)
    assert callids(page)[5:] == ["kept@x"]
    rest = await search(kept, "hep1", replace(question, cursor=page.next), NOW)
    assert callids(rest) == ["kept-too@x", "ancient"]


async def test_as_long_as_its_day_is_there_it_is_one_row(kept: Database) -> None:
    await store_calls(kept, [OLDER])
    page = await ask(kept, "callid:kept@x")
    assert (page.rows, page.total.count, page.notes) == ((OLDER,), 1, ())
    for name in await daily_tables.all_names(kept):
        if name.endswith(f"{day_of(OLD):%Y%m%d}"):
            await daily_tables.drop(kept, name)
    assert (await ask(kept, "callid:kept@x")).rows == (OLDER,)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("from:+4930* to:carol", True), ("from:+4930* from:carol", False), ("NOT from:dave callid:kept*", True),
        ("from:carol OR to:carol", True), ("from:/^.4930/", True), ("user:carol;nobody", True),
        ("src:192.0.2.*", False),
    ],
)  # fmt: skip
async def test_it_is_matched_as_the_rows_of_tables_are(kept: Database, line: str, found: bool) -> None:
    assert ("kept@x" in callids(await ask(kept, line))) is found


@pytest.mark.parametrize("line", ["state:completed", "state:completed from:a OR callid:*", "NOT src:10.1.2.3:5060"])
async def test_what_cannot_be_asked_of_pinned_calls_is_said(kept: Database, line: str) -> None:
    page = await ask(kept, line, limit=5)
    assert (len(page.rows), page.notes) == (5, (CANNOT,))
    nearby = Question("state:completed", NOON - SECOND, NOW, "calls")
    assert (await search(kept, "hep1", nearby, NOW)).notes == ()


async def test_joined_legs_are_one_row_or_apart(kept: Database) -> None:
    near = replace(OLDER, callid="near@x", started=OLD - 9 * SECOND, legs=2, joined=77)
    far = replace(near, callid="far@x", started=near.started + 5, leg=1, to_user="somebody-else")
    await pins.add(kept, await bob(kept), [pinned(near), pinned(far)], NOW + DAY_US, NOW)
    assert callids(await ask(kept, "to:somebody-else")) == ["near@x"]
    assert callids(await ask(kept, "to:somebody-else", legs="apart")) == ["far@x"]
