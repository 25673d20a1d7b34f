import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest

from appliance.capture.mixture import number_of
from appliance.cli.benchmark.filling import DAYS, Traffic, fill
from appliance.hep.decode import decode
from appliance.ingest.settler import Settler
from appliance.metrics import Counts
from appliance.model.kinds import DAY_US
from appliance.settings import MysqlSettings, Settings
from appliance.storage import measure
from appliance.storage.connection import Database
from appliance.storage.migrate import migrate
from tests.servers import mariadb

NOON = 1_795_435_200_000_000


@pytest.fixture(scope="module")
def mysql() -> Iterator[MysqlSettings]:
    with mariadb() as settings:
        yield settings


@pytest.fixture
async def database(mysql: MysqlSettings) -> AsyncIterator[Database]:
    await asyncio.to_thread(migrate, mysql)
    pool = await Database.open(mysql, size=4, local_infile=True)
    yield pool
    await pool.close()


def test_the_same_run_is_the_same_traffic_over_all_of_its_days() -> None:
    traffic = Traffic(30_000, NOON, "ab12")
    times = [time_us for time_us, _ in traffic.datagrams()]
    assert [datagram for _, datagram in traffic.datagrams()] == [datagram for _, datagram in traffic.datagrams()]
    assert min(times) < NOON - (DAYS - 0.1) * DAY_US
    assert NOON - 0.1 * DAY_US < max(times) < NOON + 0.1 * DAY_US


def test_a_call_takes_minutes_however_few_messages_there_are() -> None:
    by_call: dict[bytes, list[int]] = {}
    for time_us, datagram in Traffic(30_000, NOON, "ab12").datagrams():
        packet = decode(datagram)
        assert packet.time_us == time_us and number_of(packet.payload) is not None
        by_call.setdefault(packet.correlation_id, []).append(time_us)
    assert len(by_call) > 1000
    assert all(max(times) - min(times) < 130_000_000 for times in by_call.values())


async def test_every_message_is_stored_and_every_call_folded(mysql: MysqlSettings, database: Database) -> None:
    stop, told = asyncio.Event(), []
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(Settler(database, Counts()).run(stop))
        await fill(Settings(mysql=mysql), Traffic(9_000, NOON, "ab12"), told.append)
        stop.set()
    assert told == [4000, 8000, 9000]
    found = await measure.stored(database)
    assert (found.received, found.rows, found.distinct, found.unsettled) == (9000, 9000, 9000, 0)
    assert await measure.calls_stored(database) > 300
    assert (await measure.stored(database, NOON - 2 * DAY_US)).rows < 9000
