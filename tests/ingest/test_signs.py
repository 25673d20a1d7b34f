import asyncio
import os
from pathlib import Path

from appliance.buffer import counters
from appliance.buffer.connection import AsyncClient, open_async
from appliance.ingest import signs
from appliance.ingest.signs import Facts
from appliance.metrics import Counts
from appliance.settings import RedisSettings

FACTS = Facts("writer-7", lambda: {"last_stored_us": 5})


async def test_a_sign_hands_over_the_counters_and_says_who_lives(client: AsyncClient) -> None:
    counts = Counts()
    counts.add("batches_repeated_total", 2)
    await signs.give(client, FACTS, counts)
    assert await counters.read(client) == {("batches_repeated_total",): 2}
    sign = (await counters.life_signs(client))["writer-7"]
    assert (sign["pid"], sign["last_stored_us"]) == (os.getpid(), 5)
    assert counts.take() == {}


async def test_what_redis_does_not_take_is_given_later(tmp_path: Path) -> None:
    counts = Counts()
    counts.add("batches_repeated_total", 2)
    async with open_async(RedisSettings(socket=tmp_path / "nobody")) as away:
        await signs.give(away, FACTS, counts)
    assert counts.take() == {"batches_repeated_total": 2}


async def test_the_last_sums_are_given_when_it_stops(client: AsyncClient) -> None:
    counts, stop = Counts(), asyncio.Event()
    giving = asyncio.ensure_future(signs.keep_giving(client, FACTS, counts, stop))
    await asyncio.sleep(0.05)
    counts.add("batches_repeated_total", 1)
    stop.set()
    await asyncio.wait_for(giving, 30)
    assert await counters.read(client) == {("batches_repeated_total",): 1}
