import asyncio
import errno
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis as client
from structlog.testing import capture_logs

from appliance.buffer import keys
from appliance.buffer.batch import Batch
from appliance.buffer.push import push
from appliance.buffer.spill import Spill
from appliance.settings import Settings
from appliance.supervise import mending, redis
from tests.supervise.instances import data_directory, running, settings_of

READY_SECONDS = 30
BATCHES = [Batch(f"b{number}", 1, b"body %d" % number) for number in range(40)]


@pytest.fixture
def settings() -> Iterator[Settings]:
    """Of a Redis that ended with BATCHES in its file."""
    with data_directory() as data:
        found = settings_of(data)
        redis.prepare(found)
        with Started(found) as buffer:
            for batch in BATCHES:
                push(buffer, batch)
        yield found


class Started:
    """The server of these settings, and a client of it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._server = running(redis.command(settings), settings.paths.data / "log")

    def __enter__(self) -> "client.Redis[Any]":
        self._server.__enter__()
        asyncio.run(redis.wait_ready(self._settings, READY_SECONDS))
        return client.Redis(unix_socket_path=str(self._settings.redis.socket))

    def __exit__(self, *error: Any) -> None:
        self._server.__exit__(*error)


def file(settings: Settings, kind: str) -> Path:
    (found,) = (settings.paths.data / "redis" / "appendonlydir").glob(f"*.{kind}*")
    return found


def copies(settings: Settings) -> list[Path]:
    return list((settings.paths.data / "redis").glob("damaged-*"))


def spilled(settings: Settings) -> set[str]:
    spill = Spill(settings.paths.data / "spill", 1 << 30, 0)
    return {spill.read(path).name for path in spill.waiting()}


def held(settings: Settings) -> set[str]:
    with Started(settings) as buffer:
        entries: Any = buffer.xrange(keys.BATCHES)
        return {fields[keys.NAME_FIELD].decode() for _, fields in entries}


ALL = {batch.name for batch in BATCHES}


def test_a_whole_file_is_left_alone(settings: Settings) -> None:
    before = file(settings, "incr.aof").read_bytes()
    redis.mend(settings)
    assert file(settings, "incr.aof").read_bytes() == before
    assert copies(settings) == []


def test_behind_a_flipped_bit_all_is_saved_but_what_it_lies_in(settings: Settings) -> None:
    damaged = file(settings, "incr.aof")
    octets = bytearray(damaged.read_bytes())
    octets[octets.find(b"*", octets.find(b"body 19"))] ^= 1
    damaged.write_bytes(octets)
    with capture_logs() as logs:
        redis.mend(settings)
    assert spilled(settings) == {f"b{number}" for number in range(21, 40)}
    assert held(settings) == {f"b{number}" for number in range(20)}
    (told,) = [line for line in logs if line["event"] == "redis_file_mended"]
    assert (told["batches_saved"], told["batches_not_saved"]) == (19, 0)
    (copy,) = Path(told["kept"]).glob("*.incr.aof")
    assert copy.read_bytes() == octets


def test_an_end_that_was_not_written_is_cut_off(settings: Settings) -> None:
    damaged = file(settings, "incr.aof")
    damaged.write_bytes(damaged.read_bytes()[:-5])
    redis.mend(settings)
    assert (held(settings), spilled(settings)) == (ALL - {"b39"}, set())


def test_a_few_copies_are_kept(settings: Settings) -> None:
    for _ in range(mending.MOST_COPIES + 2):
        damaged = file(settings, "incr.aof")
        damaged.write_bytes(damaged.read_bytes() + b"*x")
        redis.mend(settings)
    assert len(copies(settings)) == mending.MOST_COPIES


def test_where_there_is_no_room_for_a_copy_it_is_mended_without(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(mending.shutil, "copytree", full)
    damaged = file(settings, "incr.aof")
    damaged.write_bytes(b"*x" + damaged.read_bytes())
    redis.mend(settings)
    assert (copies(settings), spilled(settings), held(settings)) == ([], ALL, set())


def test_a_checker_that_does_not_end_keeps_nobody_from_starting(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mending, "CHECK_SECONDS", 0.0)
    with capture_logs() as logs:
        redis.mend(settings)
    assert [line["event"] for line in logs] == ["redis_file_not_mended"]
    assert held(settings) == ALL


def test_damage_where_redis_cuts_nothing_begins_a_new_file_and_saves_what_is_readable(settings: Settings) -> None:
    base = file(settings, "base.rdb")
    octets = bytearray(base.read_bytes())
    octets[20] ^= 0xFF
    base.write_bytes(octets)
    redis.mend(settings)
    assert spilled(settings) == ALL
    assert held(settings) == set()


def test_what_has_no_room_is_counted_and_stays_in_the_copy(settings: Settings) -> None:
    damaged = file(settings, "incr.aof")
    octets = bytearray(damaged.read_bytes())
    octets[octets.find(b"*", octets.find(b"body 19"))] ^= 1
    damaged.write_bytes(octets)
    with capture_logs() as logs:
        mending.mend(settings.paths.data / "redis", Spill(settings.paths.data / "spill", 20, 0))
    (told,) = [line for line in logs if line["event"] == "redis_file_mended"]
    assert told["batches_saved"] > 0 and told["batches_saved"] + told["batches_not_saved"] == 19


def test_without_a_file_or_a_checker_nothing_is_done(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    mending.mend(settings.paths.data / "nowhere", Spill(settings.paths.data / "spill", 1, 0))
    file(settings, "incr.aof").write_bytes(b"damaged")
    monkeypatch.setattr(mending, "CHECKER", "redis-check-nothing")
    redis.mend(settings)
    assert file(settings, "incr.aof").read_bytes() == b"damaged"
