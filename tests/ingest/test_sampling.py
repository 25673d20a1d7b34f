import asyncio
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from appliance.buffer import connection, counters, history
from appliance.ingest import sampling
from appliance.settings import RedisSettings


async def test_samples_are_kept_until_stopped_and_a_redis_that_is_away_ends_nothing(
    redis: RedisSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "EVERY_SECONDS", 0.05)
    stop = asyncio.Event()
    away = connection.open_async(RedisSettings(url="redis://127.0.0.1:1/0"))
    client = connection.open_async(redis)
    await counters.add(client, {"hep_received_total\x1fudp": 4})
    running = [asyncio.ensure_future(sampling.keep_sampling(each, tmp_path, stop)) for each in (client, away)]
    async with asyncio.timeout(60):
        while len(found := await history.last_hour(client)) < 3:
            await asyncio.sleep(0.02)
    stop.set()
    await asyncio.wait_for(asyncio.gather(*running), 5)
    assert {sample.received for sample in found} == {4}
    assert sorted(sample.at_us for sample in found) == [sample.at_us for sample in found]
    await client.aclose()
    await away.aclose()


async def test_what_is_dropped_is_told_to_the_log(
    redis: RedisSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "EVERY_SECONDS", 0.05)
    stop = asyncio.Event()
    async with connection.open_async(redis) as client:
        with capture_logs() as lines:
            running = asyncio.ensure_future(sampling.keep_sampling(client, tmp_path / "not there", stop))
            async with asyncio.timeout(60):
                while not await history.last_hour(client):
                    await asyncio.sleep(0.02)
                await counters.add(client, {"hep_dropped_total\x1ftruncated": 9})
                while not lines:
                    await asyncio.sleep(0.02)
            stop.set()
            await asyncio.wait_for(running, 30)
    assert [(line["event"], line["reason"], line["packets"], line["log_level"]) for line in lines] == [
        ("packets_dropped", "truncated", 9, "warning")
    ]
