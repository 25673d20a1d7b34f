import secrets
from collections.abc import Sequence

import pytest

from appliance.calls.fold import due, fold
from appliance.ingest.spans import Span
from appliance.ingest.whole import Whole, begins, home_of, read_whole, whole_callid
from appliance.model.rows import MessageRow
from appliance.settings import MysqlSettings
from appliance.storage import calls
from appliance.storage.bundle import Bundle
from appliance.storage.calls import Settled
from appliance.storage.connection import Database
from appliance.storage.store import Store
from tests.calls.made import START_US, at, flow
from tests.sip_packets import received, understood, with_callid

CALLID = b"c1@made"
CALL = flow("0 A>B INVITE", "50 B>A 180 INVITE", "90 B>A 200 INVITE", "95 A>B ACK")


async def store(mysql: MysqlSettings, rows: Sequence[MessageRow]) -> None:
    writer = Store(mysql, 1)
    await writer.store(Bundle([(secrets.token_hex(4), 1)], [understood(received(row)).row for row in rows]))
    await writer.close()


async def record(database: Database, rows: Sequence[MessageRow]) -> None:
    records = [(found, due(found)) for found in fold(rows, START_US)]
    await calls.write(database, Settled(records, [], []))


async def read(database: Database, noted: Sequence[MessageRow], callid: bytes = CALLID) -> Whole:
    span = Span(noted[0].ts, noted[-1].ts)
    return (await read_whole(database, {callid: span}, {callid: noted}))[callid]


def test_a_call_begins_with_an_invite_outside_of_a_dialog() -> None:
    assert begins(CALL)
    assert not begins(CALL[1:])
    assert not begins(flow("0 A>B INVITE again=1"))
    assert not begins([])


async def test_a_call_that_begins_in_the_notes_and_has_no_record_is_not_read(database: Database) -> None:
    assert await read(database, CALL) == Whole(CALL, (), True)


async def test_a_call_that_began_before_is_read_whole_with_its_record(database: Database, mysql: MysqlSettings) -> None:
    await store(mysql, CALL)
    await record(database, CALL[:2])
    found = await read(database, CALL[2:])
    assert not found.from_memory
    assert sorted(row.ts for row in found.messages) == [row.ts for row in CALL]
    assert [(home.started, home.ended) for home in found.homes] == [(at(0), at(50))]


async def test_an_invite_repeated_after_the_record_was_made_is_no_new_call(
    database: Database, mysql: MysqlSettings
) -> None:
    await store(mysql, CALL)
    await record(database, CALL[:2])
    found = await read(database, [*CALL[:1], *CALL[2:]])
    assert (len(list(found.messages)), len(found.homes), found.from_memory) == (4, 1, False)


async def test_several_calls_are_read_together_and_kept_apart(database: Database, mysql: MysqlSettings) -> None:
    long, longer = "x" * 300, "x" * 301
    for callid in (long, longer):
        await store(mysql, with_callid(CALL, callid))
    spans = {callid.encode(): Span(at(50), at(95)) for callid in (long, longer, "gone")}
    found = await read_whole(database, spans, dict.fromkeys(spans, ()))
    assert {callid: len(list(whole.messages)) for callid, whole in found.items()} == {
        long.encode(): 3 + 1,
        longer.encode(): 3 + 1,
        b"gone": 0,
    }


@pytest.mark.parametrize("callid", ["short", "x" * 255, "x" * 300])
async def test_the_whole_callid_of_a_record_is_found(database: Database, mysql: MysqlSettings, callid: str) -> None:
    await store(mysql, with_callid(CALL, callid))
    (found,) = fold(with_callid(CALL, callid), START_US)
    assert await whole_callid(database, home_of(callid.encode(), found)) == callid.encode()


async def test_a_callid_of_which_no_message_is_left_is_what_the_record_says(database: Database) -> None:
    (found,) = fold(CALL, START_US)
    assert await whole_callid(database, home_of(b"x" * 300, found)) == b"x" * 255
