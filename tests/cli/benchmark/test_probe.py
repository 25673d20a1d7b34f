import asyncio
import socket
import time
from collections.abc import Iterator

import pytest

from appliance.buffer.batch import Origin, Record
from appliance.cli.benchmark import probe
from appliance.settings import MysqlSettings
from appliance.storage import daily_tables
from appliance.storage.bundle import Bundle
from appliance.storage.connection import Database
from appliance.storage.migrate import migrate
from appliance.storage.store import Store
from tests.servers import mariadb
from tests.sip_packets import SENDER, understood


@pytest.fixture(scope="module")
def mysql() -> Iterator[MysqlSettings]:
    with mariadb() as settings:
        migrate(settings)
        yield settings


@pytest.mark.parametrize(
    ("delays", "p50", "p99"), [([], 0, 0), ([5.0], 5, 5), ([1.0, 3.0], 2, 3), (list(range(1, 102)), 51, 100)]
)
def test_percentiles_are_the_median_and_the_slowest_of_a_hundred(delays: list[float], p50: float, p99: float) -> None:
    found = probe.percentiles(delays)
    assert (round(found["p50"]), round(found["p99"])) == (p50, p99)


async def test_the_time_until_a_message_can_be_found_is_measured(
    mysql: MysqlSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probe, "EVERY_SECONDS", 0.05)
    database = await Database.open(mysql)
    store = Store(mysql, 1)
    stop = asyncio.Event()
    with socket.socket(type=socket.SOCK_DGRAM) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.setblocking(False)
        probing = asyncio.ensure_future(probe.keep_probing(database, listener.getsockname()[1], stop))
        for number in range(3):
            data = await asyncio.get_running_loop().sock_recv(listener, 65535)
            row = understood(Record(time.time_ns() // 1000, SENDER, 1, Origin.UDP, data)).row
            await daily_tables.ensure_days(database, [row.table.day])
            await asyncio.sleep(0.1)
            await store.store(Bundle([(f"probe-{number}", 1)], [row]))
        stop.set()
        delays = await asyncio.wait_for(probing, 30)
    await store.close()
    await database.close()
    assert len(delays) == 3
    assert all(100 <= delay < 10_000 for delay in delays)
