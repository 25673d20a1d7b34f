import secrets
from collections.abc import Sequence
from dataclasses import replace

import pytest

from appliance.calls.fold import due, fold
from appliance.model.ids import parse_message_id
from appliance.model.kinds import DailyTable, Kind, day_start_us
from appliance.model.rows import MessageRow
from appliance.settings import MysqlSettings
from appliance.storage import calls, messages
from appliance.storage.bundle import Bundle
from appliance.storage.calls import Settled
from appliance.storage.connection import Database
from appliance.storage.messages import FoundCall
from appliance.storage.store import Store
from tests.calls.made import START_US, flow
from tests.daily_database import DAY, NEXT_DAY
from tests.sip_packets import received, sip, understood

HOUR_US = 3_600_000_000
CALL = flow("0 A>B INVITE", "20 B>A 180 INVITE", "90 B>A 200 INVITE", "95 A>B ACK", "5000 A>B BYE", "5001 B>A 200 BYE")


@pytest.fixture
def kept(mysql: MysqlSettings, tables: Database) -> "Kept":
    return Kept(mysql, tables)


class Kept:
    """What the tests put into the tables."""

    def __init__(self, mysql: MysqlSettings, database: Database) -> None:
        self._mysql = mysql
        self.database = database

    async def messages(self, rows: Sequence[MessageRow]) -> None:
        store = Store(self._mysql, 1)
        await store.store(Bundle([(secrets.token_hex(4), 1)], [understood(received(row)).row for row in rows], []))
        await store.close()

    async def call(self, rows: Sequence[MessageRow]) -> None:
        """Messages and the record that the settler would make."""
        await self.messages(rows)
        records = [(record, due(record)) for record in fold(rows, START_US + 100 * HOUR_US)]
        await calls.write(self.database, Settled(records, [], []))

    async def found(self, callid: str = "c1@made", at: int | None = None) -> FoundCall:
        found = await messages.call(self.database, "site", callid.encode("utf-8", "surrogateescape"), at)
        assert found is not None
        return found


def later(rows: Sequence[MessageRow], by_us: int) -> list[MessageRow]:
    moved = [(row, row.ts + by_us) for row in rows]
    return [replace(row, id=f"{row.id}-{us}", ts=us, filed_ts=us, arrival_ts=us) for row, us in moved]


def times(found: FoundCall) -> list[int]:
    return [row.ts for row in found.messages]


async def test_a_call_comes_with_its_messages_in_order_and_their_octets(kept: Kept) -> None:
    await kept.call(CALL[::-1])
    found = await kept.found()
    assert found.call is not None
    assert (found.call.state, found.others) == ("completed", ())
    assert [row.raw for row in found.messages] == [sip(row) for row in CALL]
    assert all(row.id.startswith("site-call-20261123-") for row in found.messages)


async def test_messages_that_the_settler_has_not_folded_yet_are_there_too(kept: Kept) -> None:
    await kept.call(CALL[:3])
    await kept.messages(CALL[3:])
    assert times(await kept.found()) == [row.ts for row in CALL]


async def test_messages_that_the_settler_never_folds_are_there_too(kept: Kept) -> None:
    unreadable = flow("0 A>B INVITE cseq_method=INV?TE")
    await kept.messages(unreadable)
    await kept.call(later(CALL, 60_000_000))
    found = await kept.found()
    assert times(found) == [START_US, *(row.ts + 60_000_000 for row in CALL)]
    assert (found.messages[0].kind, found.call and found.call.started) == (Kind.REST, START_US + 60_000_000)


async def test_what_lies_between_two_calls_is_shown_with_the_earlier_one(kept: Kept) -> None:
    between = later(flow("0 A>B OPTIONS cseq=9"), HOUR_US // 2)
    again = later(CALL, 3 * HOUR_US // 2)
    await kept.messages(between)
    await kept.call([*CALL, *again])
    assert times(await kept.found(at=START_US)) == [row.ts for row in [*CALL, *between]]
    assert times(await kept.found()) == [row.ts for row in again]


async def test_without_a_record_the_messages_are_found(kept: Kept) -> None:
    await kept.messages(CALL)
    found = await kept.found()
    assert found.call is None
    assert times(found) == [row.ts for row in CALL]


async def test_a_registration_makes_no_call_and_is_found(kept: Kept) -> None:
    await kept.messages(flow("0 A>B REGISTER", "5 B>A 200 REGISTER"))
    found = await kept.found()
    assert found.call is None
    assert {row.kind for row in found.messages} == {Kind.REGISTRATION}


async def test_nothing_stored_is_nothing_found(kept: Kept) -> None:
    await kept.call(CALL)
    assert await messages.call(kept.database, "site", b"other") is None
    assert await messages.call(kept.database, "site", b"") is None


async def test_of_several_calls_with_one_callid_the_latest_is_shown_or_the_one_at_a_time(kept: Kept) -> None:
    second, third = later(CALL, 3 * HOUR_US), later(CALL, 6 * HOUR_US)
    await kept.call([*CALL, *second, *third])
    latest = await kept.found()
    assert times(latest) == [row.ts for row in third]
    assert latest.others == (second[0].ts, CALL[0].ts)
    middle = await kept.found(at=second[2].ts)
    assert times(middle) == [row.ts for row in second]
    assert middle.others == (third[0].ts, CALL[0].ts)
    before_all = await kept.found(at=1)
    assert times(before_all) == [row.ts for row in CALL]


async def test_a_call_over_midnight_is_shown_whole(kept: Kept) -> None:
    long = later(CALL, day_start_us(NEXT_DAY) - START_US - 100_000)
    await kept.call(long)
    found = await kept.found()
    assert times(found) == [row.ts for row in long]
    assert {parse_message_id(row.id).day for row in found.messages} == {DAY, NEXT_DAY}


async def test_messages_over_midnight_without_a_record_are_shown_whole(kept: Kept) -> None:
    long = later(CALL, day_start_us(NEXT_DAY) - START_US - 100_000)
    await kept.messages(long)
    assert times(await kept.found()) == [row.ts for row in long]


async def test_a_call_of_more_than_a_day_is_shown_whole(kept: Kept) -> None:
    signs_of_life = [row for hours in (9, 18) for row in later(CALL[3:4], hours * HOUR_US)]
    rows = [*CALL[:4], *signs_of_life, *later(CALL[4:], 26 * HOUR_US)]
    await kept.call(rows)
    assert times(await kept.found()) == [row.ts for row in rows]


async def test_callids_that_begin_alike_are_kept_apart_as_far_as_the_hash_goes(kept: Kept) -> None:
    one, other = "x" * 300, "x" * 299 + "y"
    await kept.messages([replace(CALL[0], callid=one), replace(CALL[1], callid=other)])
    assert len((await kept.found(one)).messages) == 1
    assert (await kept.found(one)).callid == one


@pytest.mark.parametrize("callid", ["a\\b", "a'b\"", "\udcff\udcfe", "📞", "%s%d", "a b"])
async def test_a_callid_of_any_octets_is_found(kept: Kept, callid: str) -> None:
    rows = [replace(row, callid=callid) for row in CALL]
    await kept.messages(rows)
    assert len((await kept.found(callid)).messages) == len(CALL)


async def test_a_message_is_found_by_its_id_with_its_octets(kept: Kept) -> None:
    await kept.messages(CALL)
    for row in (await kept.found()).messages:
        again = await messages.message(kept.database, parse_message_id(row.id))
        assert again == row


async def test_no_more_than_is_allowed_is_read_at_once(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "MOST_MESSAGES", 4)
    await kept.call(CALL)
    assert times(await kept.found()) == [row.ts for row in CALL[:4]]


async def test_rows_of_a_search_get_their_octets(kept: Kept) -> None:
    await kept.messages(CALL)
    found = await kept.found()
    bare = [replace(row, raw=None) for row in found.messages]
    assert await messages.with_texts(kept.database, bare) == list(found.messages)


async def test_a_row_whose_day_was_dropped_has_none(kept: Kept) -> None:
    await kept.messages(CALL)
    (row, *_) = (await kept.found()).messages
    gone = replace(row, id=row.id.replace("-20261123-", "-20250101-"))
    assert [one.raw for one in await messages.with_texts(kept.database, [gone, row])] == [None, row.raw]


async def test_what_lies_in_a_damaged_block_has_none(kept: Kept) -> None:
    await kept.messages(CALL)
    found = await kept.found()
    table = DailyTable(DAY, Kind.CALL)
    await kept.database.execute(f"UPDATE `{table.texts}` SET body = 'x'")
    assert [one.raw for one in await messages.with_texts(kept.database, found.messages)] == [None] * len(CALL)


async def test_of_a_callid_that_is_no_call_and_has_very_many_those_around_the_time_are_read(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = flow(*(f"{n * 1_800_000} A>B REGISTER cseq={n + 1}" for n in range(20)), callid="device")
    await kept.messages(rows)
    whole = await messages.call(kept.database, "hep1", b"device", START_US)
    assert whole is not None and len(whole.messages) == 20
    monkeypatch.setattr(messages, "MOST_WITHOUT_RECORD", 10)
    around = await messages.call(kept.database, "hep1", b"device", START_US + 5 * HOUR_US)
    assert around is not None
    assert [row.cseq for row in around.messages] == [9, 10, 11, 12, 13]


async def test_messages_of_one_kind_within_a_time(kept: Kept) -> None:
    await kept.messages(flow("0 A>B OPTIONS", "9 B>A 200 OPTIONS", "5000 A>B OPTIONS cseq=2", callid="ping"))
    found = await messages.within(kept.database, "hep1", b"ping", Kind.REST, (START_US, START_US + 9000))
    assert [(row.method, row.raw is not None) for row in found] == [("OPTIONS", True), ("200", True)]
    assert await messages.within(kept.database, "hep1", b"ping", Kind.CALL, (START_US, START_US + 9000)) == []
