import asyncio
import secrets
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from appliance.ingest import storing
from appliance.ingest.storing import Interrupted, Storing
from appliance.metrics import Counts
from appliance.model.kinds import DAY_US
from appliance.model.rows import MessageRow
from appliance.settings import MysqlSettings
from appliance.storage import status
from appliance.storage.bundle import Bundle, NewRow
from appliance.storage.connection import Database
from tests import daily_database
from tests.calls.made import flow
from tests.servers import start_mariadb
from tests.sip_packets import received, understood

CALL = flow("0 A>B INVITE", "50 B>A 180 INVITE", "90 B>A 200 INVITE", "95 A>B ACK")


def rows(messages: Sequence[MessageRow] = CALL) -> list[NewRow]:
    return [understood(received(message)).row for message in messages]


def bundle(stored: Sequence[NewRow], name: str = "") -> Bundle:
    return Bundle([(name or secrets.token_hex(4), len(stored))], list(stored))


def bad(row: NewRow) -> NewRow:
    return replace(row, tail=row.tail.replace(b"\t5060\t", b"\t99999\t", 1))


def count(settings: MysqlSettings, table: str = "sip_capture_call_20261123") -> int:
    ((found,),) = daily_database.ask(settings, f"SELECT COUNT(*) FROM `{table}`")
    return int(found)


@pytest.fixture
def counts() -> Counts:
    return Counts()


@pytest.fixture
async def way(mysql: MysqlSettings, counts: Counts) -> AsyncIterator[Storing]:
    held = Storing(mysql, 1, counts)
    yield held
    await held.close()


async def test_a_bundle_is_stored_and_counted_by_kind(way: Storing, mysql: MysqlSettings, counts: Counts) -> None:
    others = rows(flow("0 A>B OPTIONS", "1 A>B REGISTER"))
    assert await way.store(bundle(rows() + others), asyncio.Event())
    assert count(mysql) == 4
    assert counts.take() == {
        "packets_stored_total\x1fcall": 4,
        "packets_stored_total\x1frest": 1,
        "packets_stored_total\x1fregistration": 1,
    }


async def test_a_batch_that_is_stored_already_is_told_and_not_counted(
    way: Storing, mysql: MysqlSettings, counts: Counts
) -> None:
    await way.store(bundle(rows(), "same"), asyncio.Event())
    counts.take()
    assert not await way.store(bundle(rows(), "same"), asyncio.Event())
    assert (count(mysql), counts.take()) == (4, {})


async def test_it_says_which_batches_are_stored(way: Storing) -> None:
    await way.store(bundle(rows(), "one"), asyncio.Event())
    assert await way.known(["one", "two"], asyncio.Event()) == {"one"}
    await way.store(bundle(rows(), "two"), asyncio.Event())
    assert await way.known(["one", "two"], asyncio.Event()) == {"one", "two"}


async def test_a_missing_table_is_made_on_the_spot(way: Storing, mysql: MysqlSettings) -> None:
    early = [replace(row, ts=row.ts - 5 * DAY_US, filed_ts=row.filed_ts - 5 * DAY_US) for row in CALL]
    assert await way.store(bundle(rows(early) + rows()), asyncio.Event())
    assert (count(mysql), count(mysql, "sip_capture_call_20261118")) == (4, 4)
    assert count(mysql, "calls_20261118") == 0, "the settler finds its table too"


async def test_two_writers_that_miss_one_table_both_store(way: Storing, mysql: MysqlSettings) -> None:
    other = Storing(mysql, 2, Counts())
    early = [replace(row, ts=row.ts - 6 * DAY_US, filed_ts=row.filed_ts - 6 * DAY_US) for row in CALL]
    stop = asyncio.Event()
    done = await asyncio.gather(way.store(bundle(rows(early)), stop), other.store(bundle(rows(early)), stop))
    await other.close()
    assert (done, count(mysql, "sip_capture_call_20261117")) == ([True, True], 8)


async def test_a_refused_row_is_put_aside_with_the_reason_and_its_neighbours_are_stored(
    way: Storing, mysql: MysqlSettings, database: Database, counts: Counts
) -> None:
    good = rows() * 5
    mixed = [*good[:7], bad(good[0]), *good[7:15], bad(good[1]), *good[15:]]
    assert await way.store(bundle(mixed), asyncio.Event())
    assert count(mysql) == 20
    assert (await status.read(database)).quarantined == 2
    put = daily_database.ask(mysql, "SELECT reason, data FROM quarantine ORDER BY id")
    assert [data for _, data in put] == [good[0].payload, good[1].payload]
    assert all(b"warnings" in reason for reason, _ in put)
    sums = counts.take()
    assert (sums["packets_quarantined_total\x1frefused"], sums["packets_stored_total\x1fcall"]) == (2, 20)


async def test_a_bundle_of_refused_rows_alone_is_done_with(way: Storing, mysql: MysqlSettings) -> None:
    assert await way.store(bundle([bad(row) for row in rows()], "all-bad"), asyncio.Event())
    assert count(mysql) == 0
    assert not await way.store(bundle([], "all-bad"), asyncio.Event()), "its name is in the ledger"


async def test_where_loads_are_not_allowed_rows_are_inserted_and_refused_ones_put_aside_just_so(
    mysql: MysqlSettings, database: Database
) -> None:
    await database.execute("SET GLOBAL local_infile = 0")
    try:
        way = Storing(mysql, 1, Counts())
        assert await way.store(bundle([*rows(), bad(rows()[0])]), asyncio.Event())
        await way.close()
    finally:
        await database.execute("SET GLOBAL local_infile = 1")
    assert count(mysql) == 4
    assert (await status.read(database)).quarantined == 1


async def test_a_connection_that_was_cut_is_made_anew(way: Storing, mysql: MysqlSettings, database: Database) -> None:
    await way.store(bundle(rows()), asyncio.Event())
    for (thread,) in await database.fetch("SELECT id FROM information_schema.processlist WHERE id <> CONNECTION_ID()"):
        await database.execute(f"KILL {thread}")
    assert await way.store(bundle(rows()), asyncio.Event())
    assert count(mysql) == 8


async def test_a_lock_in_the_way_is_waited_out(way: Storing, mysql: MysqlSettings, database: Database) -> None:
    async with database.transaction() as cursor:
        await cursor.execute("INSERT INTO ingest_ledger VALUES ('locked', 1, 1)")
        storing_it = asyncio.ensure_future(way.store(bundle(rows(), "locked"), asyncio.Event()))
        await asyncio.sleep(0.2)
        assert not storing_it.done()
        await cursor.execute("DELETE FROM ingest_ledger WHERE name = 'locked'")
    assert await storing_it
    assert count(mysql) == 4


@pytest.fixture
def directory() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="hb-"))
    yield path
    shutil.rmtree(path, ignore_errors=True)


async def test_a_database_that_goes_away_and_comes_back_stores_once(
    directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storing, "LONGEST_WAIT_SECONDS", 0.3)
    server = await asyncio.to_thread(start_mariadb, directory)
    settings = daily_database.make(MysqlSettings(user="root", socket=directory / "s"), days=[date(2026, 11, 23)])
    counts = Counts()
    way, stop = Storing(settings, 1, counts), asyncio.Event()
    assert await way.store(bundle(rows()), stop)
    server.terminate()
    server.wait()
    waiting = asyncio.ensure_future(way.store(bundle(rows(), "while-away"), stop))
    await asyncio.sleep(1)
    assert not waiting.done()

    server = await asyncio.to_thread(start_mariadb, directory)
    assert await asyncio.wait_for(waiting, 20)
    assert count(settings) == 8
    assert counts.take() == {"packets_stored_total\x1fcall": 8}

    server.terminate()
    server.wait()
    interrupted = asyncio.ensure_future(way.store(bundle(rows(), "never"), stop))
    await asyncio.sleep(0.3)
    stop.set()
    with pytest.raises(Interrupted):
        await asyncio.wait_for(interrupted, 30)
    await way.close()
    assert counts.take() == {}


async def test_told_to_stop_while_the_server_is_there_it_finishes_what_it_stores(
    way: Storing, mysql: MysqlSettings
) -> None:
    stop = asyncio.Event()
    stop.set()
    assert await way.store(bundle(rows()), stop)
    assert count(mysql) == 4
