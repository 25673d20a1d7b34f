import asyncio
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from appliance.buffer.connection import BufferError, open_async
from appliance.settings import RedisSettings, Settings
from appliance.supervise import own_server, redis
from appliance.supervise.own_server import ServerError
from tests.supervise.instances import data_directory, kill, running, settings_of

READY_SECONDS = 30


@pytest.fixture
def data() -> Iterator[Path]:
    with data_directory() as path:
        yield path


async def test_it_listens_on_its_socket_alone_and_syncs_each_entry(data: Path) -> None:
    settings = settings_of(data)
    redis.prepare(settings)
    with running(redis.command(settings), data / "log"):
        await redis.wait_ready(settings, READY_SECONDS)
        client = open_async(settings.redis)
        try:
            found = await client.config_get("*")
        finally:
            await client.aclose()
    expected = {"port": "0", "appendfsync": "always", "appendonly": "yes", "save": "", "maxmemory-policy": "noeviction"}
    assert {key: _word(found, key) for key in expected} == expected
    assert _word(found, "maxmemory") == str(512 * 1024 * 1024)


def _word(found: Mapping[Any, Any], key: str) -> str:
    value = found.get(key, found.get(key.encode()))
    return value.decode() if isinstance(value, bytes) else str(value)


async def test_what_was_acknowledged_is_there_after_kill_9(data: Path) -> None:
    settings = settings_of(data)
    redis.prepare(settings)
    sent = 0
    for _ in range(3):
        with running(redis.command(settings), data / "log") as process:
            await redis.wait_ready(settings, READY_SECONDS)
            client = open_async(settings.redis)
            assert await client.xlen("s") == sent
            for number in range(50):
                await client.xadd("s", {"n": str(number), "body": b"\x00" * 5000})
            sent += 50
            kill(process)
            await client.aclose()
        redis.prepare(settings)


async def test_a_full_server_refuses_and_forgets_nothing(data: Path) -> None:
    settings = settings_of(data, redis=RedisSettings(memory="3mb"))
    redis.prepare(settings)
    with running(redis.command(settings), data / "log"):
        await redis.wait_ready(settings, READY_SECONDS)
        client = open_async(settings.redis)
        stored = 0
        with pytest.raises(BufferError, match="maxmemory"):
            while stored < 1000:
                await client.xadd("s", {"body": b"\x00" * 10_000})
                stored += 1
        assert await client.xlen("s") == stored > 0
        await client.aclose()


async def test_a_server_left_behind_by_a_killed_supervisor_is_ended(data: Path) -> None:
    settings = settings_of(data)
    redis.prepare(settings)
    with running(redis.command(settings), data / "log") as orphan:
        await redis.wait_ready(settings, READY_SECONDS)
        reaper = asyncio.get_running_loop().run_in_executor(None, orphan.wait)
        await asyncio.to_thread(redis.prepare, settings)
        assert await reaper == 0


def test_its_files_are_private(data: Path) -> None:
    redis.prepare(settings_of(data))
    assert stat.S_IMODE((data / "run").stat().st_mode) == 0o700
    assert stat.S_IMODE((data / "redis").stat().st_mode) == 0o700


def test_a_missing_program_is_one_sentence(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_server, "_PLACES", ())
    monkeypatch.setenv("PATH", str(data))
    with pytest.raises(
        ServerError, match=r"redis-server is not installed: install the package redis-server.*\[redis\] url"
    ):
        redis.prepare(settings_of(data))


def test_a_program_that_is_too_old_is_one_sentence(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (data / "redis-server").write_text("#!/bin/sh\necho 'Redis server v=6.0.16 sha=00000000:0'\n")
    (data / "redis-server").chmod(0o755)
    monkeypatch.setenv("PATH", f"{data}:/usr/bin:/bin")
    with pytest.raises(ServerError, match=r"is Redis 6\.0: 6\.2 or newer is needed"):
        redis.prepare(settings_of(data))


def test_data_of_a_newer_server_are_left_alone(data: Path) -> None:
    (data / "redis").mkdir()
    (data / "redis" / "hepbox-version").write_text("99.0\n")
    with pytest.raises(ServerError, match=r"written by Redis 99\.0"):
        redis.prepare(settings_of(data))


async def test_a_remote_server_with_a_password(data: Path) -> None:
    settings = settings_of(data)
    redis.prepare(settings)
    with running([*redis.command(settings), "--requirepass", "s3cret"], data / "log"):
        place = f"unix://:s3cret@{data}/run/redis.sock"
        assert await redis.wait_ready(Settings(redis=RedisSettings(url=place)), READY_SECONDS)
        for wrong in (f"unix://:no@{data}/run/redis.sock", f"unix://{data}/run/redis.sock"):
            with pytest.raises(ServerError, match="does not let us in: check the user and password") as caught:
                await redis.wait_ready(Settings(redis=RedisSettings(url=wrong)), READY_SECONDS)
            assert ":no@" not in str(caught.value)


async def test_a_remote_server_that_is_away_is_one_sentence() -> None:
    away = Settings(redis=RedisSettings(url="redis://:secret@127.0.0.1:1/0"))
    with pytest.raises(ServerError, match=r"the Redis at 127\.0\.0\.1:1/0 has not answered for 0 s") as caught:
        await redis.wait_ready(away, 0.2)
    assert "secret" not in str(caught.value)


async def test_an_address_that_is_none_is_one_sentence() -> None:
    with pytest.raises(ServerError, match=r"\[redis\] url is no address"):
        await redis.wait_ready(Settings(redis=RedisSettings(url="not-an-address")), 0.2)
