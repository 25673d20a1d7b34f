import asyncio
import secrets
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from appliance.buffer import counters
from appliance.buffer.connection import open_async
from appliance.ingest.config import ProcessConfig
from appliance.ingest.understand import Understanding
from appliance.ingest.writer import Gathered
from appliance.model.kinds import day_of
from appliance.settings import MysqlSettings, PathSettings, RedisSettings, Settings
from appliance.storage import calls, daily_tables
from appliance.storage.connection import Database
from appliance.storage.migrate import migrate
from appliance.storage.store import Store
from appliance.supervise.scheduler import Scheduler
from tests.calls.made import flow
from tests.redis_server import redis_server
from tests.servers import mariadb
from tests.sip_packets import KEPT_DAYS, batch


@pytest.fixture(scope="module")
def mysql() -> Iterator[MysqlSettings]:
    with mariadb() as settings:
        migrate(settings)
        yield settings


@pytest.fixture(scope="module")
def redis() -> Iterator[RedisSettings]:
    with redis_server() as settings:
        yield settings


async def test_it_makes_the_tables_settles_calls_says_that_it_lives_and_stops(
    mysql: MysqlSettings, redis: RedisSettings
) -> None:
    with tempfile.TemporaryDirectory(prefix="hb-") as data:
        rotation = Path(__file__).resolve().parents[2] / "rotation.ini"
        settings = Settings(mysql=mysql, redis=redis, paths=PathSettings(data=Path(data), rotation=rotation))
        scheduler = Scheduler(ProcessConfig(settings, 0, site="site", oldest_days=KEPT_DAYS))
        running = asyncio.ensure_future(scheduler.run())
        database = await Database.open(mysql, size=2)
        now_us = time.time_ns() // 1000
        async with asyncio.timeout(60):
            while not daily_tables.has_calls(await daily_tables.all_names(database), day_of(now_us)):
                await asyncio.sleep(0.1)
            await store_call(mysql, now_us)
            while not (names := await daily_tables.all_names(database)) or not await calls.of_callid(
                database, names, b"c1@made"
            ):
                await asyncio.sleep(0.1)
            async with open_async(redis) as client:
                while "scheduler" not in await counters.life_signs(client):
                    await asyncio.sleep(0.1)
                scheduler.stop()
                await asyncio.wait_for(running, 20)
                assert (await counters.read(client))["calls_settled_total",] == 1
        await database.close()


async def store_call(mysql: MysqlSettings, now_us: int) -> None:
    rows = [replace(row, ts=now_us, arrival_ts=now_us) for row in flow("0 A>B INVITE", "9 B>A 486 INVITE")]
    gathered = Gathered(Understanding(("X-CID",), KEPT_DAYS))
    gathered.add(batch(secrets.token_hex(4), rows))
    store = Store(mysql, 1)
    await store.store(gathered.bundle)
    await store.close()
