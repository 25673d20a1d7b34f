from dataclasses import replace

from appliance.calls.fold import due, fold
from appliance.model.ids import callid_hash, callid_key, hour_of_day
from appliance.model.kinds import DAY_US, DailyTable, Kind, day_of, day_start_us
from appliance.model.rows import CallRow
from appliance.settings import MysqlSettings
from appliance.storage import calls
from appliance.storage.bundle import Bundle
from appliance.storage.calls import Home, Settled
from appliance.storage.connection import Database
from appliance.storage.store import Store
from tests.calls.made import START_US, flow
from tests.daily_database import DAY, NEXT_DAY
from tests.sip_packets import received, understood

NAMES = {"calls_20261123", "calls_20261124", "site", "sip_capture_call_20261123"}
CALLID = b"c1@made"
(RECORD,) = fold(flow("0 A>B INVITE", "90 B>A 200 INVITE", "5000 A>B BYE reason=Q.850;cause=16"), START_US)


def home(record: CallRow, callid: bytes = CALLID) -> Home:
    day, hour = day_of(record.started), hour_of_day(record.started)
    return Home(day, hour, callid_hash(callid), record.started, record.ended, callid)


async def write(database: Database, *records: CallRow, replaced: tuple[Home, ...] = ()) -> None:
    await calls.write(database, Settled([(record, due(record)) for record in records], replaced, []))


async def test_a_record_is_read_as_it_was_written(tables: Database) -> None:
    full = replace(RECORD, codecs=("PCMU", "opus"), mos=4.12, legs=3, nodes=("a", "b\udcff"), reply_reason="Zo\udceb")
    await write(tables, full)
    assert await calls.of_callid(tables, NAMES, CALLID) == [full]


async def test_unknown_numbers_stay_unknown(tables: Database) -> None:
    bare = replace(RECORD, status=None, pdd_ms=None, setup_ms=None, talk_ms=None, hung_up_by=None, causes=(), nodes=())
    await write(tables, bare)
    assert await calls.of_callid(tables, NAMES, CALLID) == [bare]


async def test_values_are_cut_to_their_columns_and_lists_at_a_word(tables: Database) -> None:
    long = replace(RECORD, from_user="u" * 500, user_agent="a" * 500, nodes=tuple(f"node-{n:03d}" for n in range(100)))
    await write(tables, long)
    (found,) = await calls.of_callid(tables, NAMES, CALLID)
    assert (found.from_user, found.user_agent) == ("u" * 160, "a" * 255)
    assert found.nodes == long.nodes[: len(found.nodes)]
    assert len(found.nodes) == 28


async def test_all_calls_of_a_callid_come_newest_first(tables: Database) -> None:
    starts = [START_US, START_US + 3 * 3_600_000_000, START_US + DAY_US]
    await write(tables, *(replace(RECORD, started=start, ended=start + 1) for start in starts))
    await write(tables, replace(RECORD, callid="other"))
    found = await calls.of_callid(tables, NAMES, CALLID)
    assert [record.started for record in found] == starts[::-1]


async def test_a_record_takes_the_place_of_its_old_one_even_when_it_now_begins_earlier(tables: Database) -> None:
    await write(tables, RECORD)
    earlier = replace(RECORD, started=RECORD.started - 3_600_000_000, messages=9)
    await write(tables, earlier, replaced=(home(RECORD),))
    assert await calls.of_callid(tables, NAMES, CALLID) == [earlier]
    same_place = replace(earlier, messages=10)
    await write(tables, same_place, replaced=(home(earlier),))
    assert await calls.of_callid(tables, NAMES, CALLID) == [same_place]


async def test_two_records_can_become_one_over_midnight(tables: Database) -> None:
    midnight = day_start_us(NEXT_DAY)
    first, second = replace(RECORD, started=midnight - 9), replace(RECORD, started=midnight + 9)
    await write(tables, first, second)
    one = replace(first, ended=midnight + 100)
    await write(tables, one, replaced=(home(first), home(second)))
    assert await calls.of_callid(tables, NAMES, CALLID) == [one]


async def test_records_are_found_by_hour_and_hash(tables: Database) -> None:
    await write(tables, RECORD, replace(RECORD, callid="other"))
    assert await calls.homes(tables, DAY, [9, 10], [callid_hash(CALLID), 5]) == [home(RECORD)]
    assert await calls.homes(tables, DAY, [11], [callid_hash(CALLID)]) == []
    assert await calls.homes(tables, NEXT_DAY, range(24), [callid_hash(CALLID)]) == []


async def test_more_hashes_than_one_question_holds_are_all_asked_for(tables: Database) -> None:
    records = [replace(RECORD, callid=f"call-{n}") for n in range(1200)]
    await write(tables, *records)
    hashes = [callid_hash(record.callid.encode()) for record in records]
    assert len(await calls.homes(tables, DAY, range(24), hashes)) == 1200


async def test_a_record_is_overdue_when_its_time_has_come(tables: Database) -> None:
    (ringing,) = fold(flow("0 A>B INVITE", "50 B>A 180 INVITE"), START_US)
    when = due(ringing)
    assert when is not None
    await write(tables, ringing, replace(RECORD, callid="over"))
    assert await calls.overdue(tables, DAY, when - 1, 10) == []
    assert await calls.overdue(tables, DAY, when, 10) == [home(ringing)]
    assert await calls.overdue(tables, DAY, when, 0) == []


async def test_messages_are_read_by_their_keys_as_they_were_stored(tables: Database, mysql: MysqlSettings) -> None:
    sent = flow("0 A>B INVITE", "20 B>A 180 INVITE", "90 B>A 200 INVITE")
    store = Store(mysql, 1)
    await store.store(Bundle([("b", 3)], [understood(received(row)).row for row in sent], []))
    await store.close()
    keys = [callid_key(CALLID, START_US), callid_key(b"other", START_US)]
    keyed = await calls.messages_of(tables, DAY, keys)
    assert {key for key, _ in keyed} == {keys[0]}
    found = [row for _, row in keyed]
    assert [(row.method, row.ts, row.to_tag) for row in sorted(found, key=lambda row: row.ts)] == [
        (row.method, row.ts, row.to_tag) for row in sent
    ]
    assert {row.raw for row in found} == {None}
    assert await calls.messages_of(tables, NEXT_DAY, keys) == []
    assert await calls.messages_of(tables, DAY, []) == []
    assert DailyTable(DAY, Kind.CALL).name in NAMES
