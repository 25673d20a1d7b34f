import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from appliance.buffer import counters, keys, take
from appliance.buffer.batch import Batch
from appliance.buffer.connection import AsyncClient, BlockingClient
from appliance.buffer.push import push
from appliance.buffer.spill import Spill
from appliance.buffer.take import BatchQueue, Entry
from appliance.ingest import writer
from appliance.ingest.config import ProcessConfig
from appliance.ingest.storing import Storing
from appliance.ingest.writer import PACKETS_AT_ONCE, Writer, in_parts
from appliance.model.kinds import DAY_US
from appliance.settings import MysqlSettings, RedisSettings, SipSettings
from appliance.storage import agents, changes, messages, status
from appliance.storage.bundle import Bundle
from appliance.storage.connection import Database
from tests import daily_database
from tests.calls.made import flow
from tests.ingest.instance import config
from tests.sip_packets import batch, sip, with_callid

CALL = flow("0 A>B INVITE", "50 B>A 180 INVITE", "90 B>A 200 INVITE", "95 A>B ACK")


def entries(*packets: int) -> list[Entry]:
    return [Entry(b"%d-0" % n, Batch(str(n), count, b"")) for n, count in enumerate(packets)]


@pytest.mark.parametrize(
    ("packets", "parts"),
    [
        ((), []),
        ((1, 2, 3), [3]),
        ((PACKETS_AT_ONCE, 1), [1, 1]),
        ((1, PACKETS_AT_ONCE), [1, 1]),
        ((PACKETS_AT_ONCE * 5, PACKETS_AT_ONCE * 5), [1, 1]),
        ((PACKETS_AT_ONCE // 2,) * 5, [2, 2, 1]),
    ],
)
def test_a_transaction_holds_a_bounded_number_of_packets(packets: tuple[int, ...], parts: list[int]) -> None:
    found = list(in_parts(entries(*packets)))
    assert [len(part) for part in found] == parts
    assert [entry for part in found for entry in part] == entries(*packets)


@pytest.fixture(autouse=True)
def without_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "SPILL_EVERY_SECONDS", 0.1)
    monkeypatch.setattr(writer, "RECONNECT_SECONDS", 0.1)
    monkeypatch.setattr(writer, "WAIT_MS", 20)


@asynccontextmanager
async def running(configured: ProcessConfig) -> AsyncIterator[Writer]:
    """A writer at work; at the end it is told to stop, as by SIGTERM."""
    working = Writer(configured)
    task = asyncio.ensure_future(working.run())
    try:
        yield working
    finally:
        working.stop()
        await asyncio.wait_for(task, 20)


async def until(condition: Callable[[], Awaitable[bool]], seconds: float = 10.0) -> None:
    async with asyncio.timeout(seconds):
        while not await condition():
            await asyncio.sleep(0.02)


async def stored_count(database: Database) -> int:
    ((rows,),) = await database.fetch("SELECT COUNT(*) FROM sip_capture_call_20261123")
    return int(rows)


@pytest.fixture
def configured(tmp_path: Path, mysql: MysqlSettings, redis: RedisSettings) -> ProcessConfig:
    return config(tmp_path, mysql, redis, writers=1)


async def test_batches_become_rows_and_leave_the_buffer(
    configured: ProcessConfig, blocking: BlockingClient, client: AsyncClient, database: Database
) -> None:
    push(blocking, batch("before", CALL[:2]))
    async with running(configured):
        push(blocking, batch("after", CALL[2:]))
        await until(lambda: _is(stored_count(database), 4))
        await until(lambda: _is(client.xlen(keys.BATCHES), 0))
    found = await messages.call(database, "site", b"c1@made")
    assert found is not None
    assert [row.raw for row in found.messages] == [sip(row) for row in CALL]
    noted = await changes.noted(database, set())
    assert {note.batch for note in noted} <= {"before", "after"}
    assert sum(len(change.lines) for note in noted for change in note.changes) == 4
    assert (await counters.read(client))["packets_stored_total", "call"] == 4
    assert [(agent.node, agent.packets) for agent in await agents.known(database)] == [("tap", 4)]


async def _is(value: Awaitable[int], expected: int) -> bool:
    return await value == expected


async def test_a_batch_that_comes_twice_is_stored_once_and_its_neighbours_too(
    configured: ProcessConfig, blocking: BlockingClient, client: AsyncClient, database: Database
) -> None:
    again, new = batch("again", CALL[:2]), batch("new", CALL[2:])
    for each in (again, again, new, again):
        push(blocking, each)
    async with running(configured):
        await until(lambda: _is(client.xlen(keys.BATCHES), 0))
    assert await stored_count(database) == 4
    assert (await counters.read(client))["batches_repeated_total",] == 2


async def test_many_batches_that_come_again_take_one_refused_transaction_for_each_handful(
    configured: ProcessConfig,
    blocking: BlockingClient,
    client: AsyncClient,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    transactions: list[int] = []
    store = Storing.store

    async def counted(self: Storing, bundle: Bundle, stop: asyncio.Event) -> bool:
        transactions.append(len(bundle.batches))
        return await store(self, bundle, stop)

    many = [batch(f"b{number}", CALL[:1]) for number in range(4 * writer.BATCHES_AT_ONCE)]
    for each in many:
        push(blocking, each)
    async with running(configured):
        await until(lambda: _is(client.xlen(keys.BATCHES), 0))
    monkeypatch.setattr(Storing, "store", counted)
    for each in [*many, batch("new", CALL[:1])]:
        push(blocking, each)
    async with running(configured):
        await until(lambda: _is(client.xlen(keys.BATCHES), 0))
    assert await stored_count(database) == len(many) + 1
    assert (await counters.read(client))["batches_repeated_total",] == len(many)
    assert len(transactions) <= 2 * len(many) // writer.BATCHES_AT_ONCE


async def test_rules_and_copies_are_applied_before_storing_and_counted(
    configured: ProcessConfig, blocking: BlockingClient, client: AsyncClient, database: Database
) -> None:
    sip_settings = SipSettings(discard=("status:180",), censor=("header:Via",), deduplicate_ms=50)
    configured = replace(configured, settings=configured.settings.model_copy(update={"sip": sip_settings}))
    push(blocking, batch("one", [*CALL[:2], CALL[0]]))
    push(blocking, batch("one", [*CALL[:2], CALL[0]]))
    push(blocking, batch("two", CALL))
    async with running(configured):
        await until(lambda: _is(client.xlen(keys.BATCHES), 0))
    found = await messages.call(database, "site", b"c1@made")
    assert found is not None
    assert [row.raw and b"Via: censored" in row.raw for row in found.messages] == [True] * 3
    counted = await counters.read(client)
    assert counted["packets_discarded_total", "status:180"] == 1
    assert counted["packets_censored_total", "header:Via"] == 3
    assert counted["packets_deduplicated_total",] == 3


async def test_what_it_took_before_it_was_killed_is_stored_after_its_restart(
    configured: ProcessConfig, blocking: BlockingClient, client: AsyncClient, database: Database
) -> None:
    killed = BatchQueue(client, "writer-0")
    await killed.prepare()
    push(blocking, batch("taken", CALL))
    assert len(await killed.take(1, 1)) == 1
    async with running(configured):
        await until(lambda: _is(client.xlen(keys.BATCHES), 0))
    assert await stored_count(database) == 4


async def test_what_another_writer_took_and_abandoned_is_stored(
    configured: ProcessConfig,
    blocking: BlockingClient,
    client: AsyncClient,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(take, "ABANDONED_MS", 0)
    dead = BatchQueue(client, "writer-1")
    await dead.prepare()
    push(blocking, batch("abandoned", CALL))
    assert len(await dead.take(1, 1)) == 1
    async with running(configured):
        await until(lambda: _is(client.xlen(keys.BATCHES), 0))
    assert await stored_count(database) == 4


async def test_spilled_files_are_stored_once_and_removed(
    configured: ProcessConfig, blocking: BlockingClient, client: AsyncClient, database: Database
) -> None:
    spill = Spill(configured.spill_directory, 1 << 30, 0)
    both_ways = batch("both-ways", CALL[:1])
    push(blocking, both_ways)
    for each in (both_ways, batch("file-1", CALL[1:3]), batch("file-2", CALL[3:])):
        spill.write(each)
    async with running(configured):
        await until(lambda: _is(stored_count(database), 4))
        await until(lambda: _is(_count(spill), 0))
    assert await stored_count(database) == 4
    assert (await counters.read(client))["batches_repeated_total",] == 1


async def _count(spill: Spill) -> int:
    return len(list(spill.waiting()))


async def test_spilled_files_are_shared_out_among_writers(
    tmp_path: Path, mysql: MysqlSettings, redis: RedisSettings, database: Database
) -> None:
    spill = Spill(tmp_path / "spill", 1 << 30, 0)
    for number in range(10):
        spill.write(batch(f"file-{number}", with_callid(CALL, f"call-{number}")))
    first, second = (config(tmp_path, mysql, redis, number=n, writers=2) for n in (0, 1))
    async with running(first):
        await until(lambda: _is(_count(spill), 5))
        async with running(second):
            await until(lambda: _is(_count(spill), 0))
    assert await stored_count(database) == 40


async def test_a_spilled_file_that_is_cut_short_is_put_aside_and_stops_nobody(
    configured: ProcessConfig, database: Database
) -> None:
    spill = Spill(configured.spill_directory, 1 << 30, 0)
    configured.spill_directory.mkdir()
    (configured.spill_directory / "aaa.batch").write_bytes(b"\x01")
    spill.write(batch("whole", CALL))
    async with running(configured):
        await until(lambda: _is(_count(spill), 0))
    assert await stored_count(database) == 4
    assert (await status.read(database)).quarantined == 1


async def test_a_packet_of_any_day_finds_its_table(
    configured: ProcessConfig, blocking: BlockingClient, client: AsyncClient, mysql: MysqlSettings
) -> None:
    early = [replace(row, ts=row.ts - 7 * DAY_US) for row in CALL]
    push(blocking, batch("early", early))
    async with running(configured):
        await until(lambda: _is(client.xlen(keys.BATCHES), 0))
    assert daily_database.ask(mysql, "SELECT COUNT(*) FROM sip_capture_call_20261116") == [(4,)]


async def test_a_stream_that_was_lost_is_made_anew(
    configured: ProcessConfig, blocking: BlockingClient, client: AsyncClient, database: Database
) -> None:
    async with running(configured):
        push(blocking, batch("first", CALL[:2]))
        await until(lambda: _is(stored_count(database), 2))
        await client.delete(keys.BATCHES)
        push(blocking, batch("second", CALL[2:]))
        await until(lambda: _is(stored_count(database), 4))


async def test_told_to_stop_while_the_database_is_away_it_ends_and_the_batch_still_waits(
    tmp_path: Path, redis: RedisSettings, blocking: BlockingClient, client: AsyncClient
) -> None:
    push(blocking, batch("waits", CALL))
    async with running(config(tmp_path, MysqlSettings(host="127.0.0.1", port=1), redis, writers=1)):
        await asyncio.sleep(0.5)
    assert await client.xlen(keys.BATCHES) == 1
    assert [entry.batch.name for entry in await BatchQueue(client, "writer-0").take_own(10)] == ["waits"]


async def test_told_to_stop_while_redis_is_away_it_ends(tmp_path: Path, mysql: MysqlSettings) -> None:
    async with running(config(tmp_path, mysql, writers=1)):
        await asyncio.sleep(0.3)
