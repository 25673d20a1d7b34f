import shutil
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from appliance.buffer import keys
from appliance.buffer.batch import Batch
from appliance.buffer.connection import BlockingClient, open_blocking
from appliance.buffer.spill import Spill
from appliance.ingest import pusher as pushing
from appliance.ingest.config import ProcessConfig
from appliance.ingest.pusher import Pusher
from appliance.metrics import Counts
from appliance.settings import BufferSettings, RedisSettings
from tests.ingest.instance import config
from tests.redis_server import start_redis


def batches(number: int) -> list[Batch]:
    return [Batch(f"boot-0-{n}", 3, b"octets-%d" % n) for n in range(number)]


def names_in(client: BlockingClient) -> list[str]:
    entries = client.xrange(keys.BATCHES)
    return [fields[keys.NAME_FIELD].decode() for _, fields in entries]  # type: ignore[union-attr]


@pytest.fixture(autouse=True)
def without_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pushing, "TRY_FOR_SECONDS", 0.3)
    monkeypatch.setattr(pushing, "LOOK_EVERY_SECONDS", 0.2)


def test_batches_arrive_in_order_and_are_counted(
    tmp_path: Path, redis: RedisSettings, blocking: BlockingClient
) -> None:
    counts = Counts()
    held = Pusher(config(tmp_path, redis=redis), counts)
    held.facts = {"pid": 7}
    held.start()
    counts.add("hep_received_total", 60, "udp")
    for batch in batches(20):
        held.give(batch)
    held.finish()
    assert names_in(blocking) == [batch.name for batch in batches(20)]
    assert blocking.hgetall(keys.COUNTERS) == {b"batches_pushed_total": b"20", b"hep_received_total\x1fudp": b"60"}
    assert blocking.get(f"{keys.PROCESS}receiver-0") == b'{"pid": 7}'
    assert not held.is_busy


def test_what_was_counted_last_is_handed_over_at_the_end(
    tmp_path: Path, redis: RedisSettings, blocking: BlockingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pushing, "LOOK_EVERY_SECONDS", 60)
    held = Pusher(config(tmp_path, redis=redis), Counts())
    held.start()
    for batch in batches(3):
        held.give(batch)
    held.finish()
    assert blocking.hgetall(keys.COUNTERS) == {b"batches_pushed_total": b"3"}


def test_while_redis_is_away_batches_go_to_files_whole(tmp_path: Path) -> None:
    counts = Counts()
    held = Pusher(config(tmp_path), counts)
    held.start()
    for batch in batches(3):
        held.give(batch)
    held.finish()
    spill = Spill(tmp_path / "spill", 1, 0)
    assert [spill.read(path) for path in spill.waiting()] == batches(3)
    assert counts.take() == {"batches_spilled_total": 3}


def test_after_the_first_failure_the_next_batches_are_not_held_up(tmp_path: Path) -> None:
    held = Pusher(config(tmp_path), Counts())
    held.start()
    begun = time.monotonic()
    for batch in batches(30):
        held.give(batch)
    held.finish()
    assert time.monotonic() - begun < 30 * 0.3 / 2
    assert len(list((tmp_path / "spill").glob("*.batch"))) == 30


def test_a_full_redis_is_spared_and_used_again_when_it_has_room(
    tmp_path: Path, redis: RedisSettings, blocking: BlockingClient
) -> None:
    memory = blocking.info("memory")
    assert isinstance(memory, dict)
    blocking.config_set("maxmemory", int(memory["used_memory"] * 1.2))
    held = Pusher(config(tmp_path, redis=redis), Counts())
    held.start()
    time.sleep(0.5)
    held.give(Batch("while-full", 1, b"x"))
    wait_until(lambda: (tmp_path / "spill" / "while-full.batch").exists())
    assert names_in(blocking) == []
    blocking.config_set("maxmemory", "256mb")
    wait_until(lambda: held._spill_until == 0.0)
    held.give(Batch("with-room", 1, b"x"))
    held.finish()
    assert names_in(blocking) == ["with-room"]


def wait_until(condition: object, seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < deadline
        time.sleep(0.02)


def without_room(directory: Path, redis: RedisSettings | None = None) -> ProcessConfig:
    """No file may be written."""
    configured = config(directory) if redis is None else config(directory, redis=redis)
    settings = configured.settings.model_copy(update={"buffer": BufferSettings(min_free="999999gb")})
    return replace(configured, settings=settings)


def test_where_nothing_can_be_kept_batches_are_held_and_the_oldest_of_too_many_dropped_and_counted(
    tmp_path: Path,
) -> None:
    counts = Counts()
    held = Pusher(without_room(tmp_path), counts)
    held.start()
    for batch in batches(pushing.MOST_HELD):
        held.give(batch)
    time.sleep(1)
    assert counts.take() == {}
    for batch in batches(2):
        held.give(batch)
    counted: Counter[str] = Counter()
    wait_until(lambda: added(counted, counts) == {"hep_dropped_total\x1fbuffer-full": 3 * 2})
    held.finish()
    assert counts.take() == {"hep_dropped_total\x1fbuffer-full": 3 * pushing.MOST_HELD}


def added(counted: "Counter[str]", counts: Counts) -> "Counter[str]":
    """What was counted up to now: of two drops one may be taken before the other."""
    counted.update(counts.take())
    return counted


def test_what_is_held_is_handed_over_once_redis_is_there(directory: Path) -> None:
    counts = Counts()
    held = Pusher(without_room(directory, RedisSettings(socket=directory / "r")), counts)
    held.start()
    for batch in batches(3):
        held.give(batch)
    time.sleep(1)
    server = start_redis(directory)
    try:
        with open_blocking(RedisSettings(socket=directory / "r")) as client:
            wait_until(lambda: names_in(client) == [batch.name for batch in batches(3)])
            held.finish()
            assert client.hgetall(keys.COUNTERS) == {b"batches_pushed_total": b"3"}
    finally:
        server.terminate()
        server.wait(30)


def test_what_waits_is_bounded(tmp_path: Path) -> None:
    held = Pusher(config(tmp_path), Counts())
    giving = threading.Thread(target=lambda: [held.give(batch) for batch in batches(pushing.MOST_WAITING + 1)])
    giving.start()
    giving.join(0.3)
    assert giving.is_alive(), "it was not started, so one too many waits"
    assert held.is_busy
    held.start()
    giving.join(20)
    held.finish()
    assert len(list((tmp_path / "spill").glob("*.batch"))) == pushing.MOST_WAITING + 1


@pytest.fixture
def directory() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="hb-"))
    yield path
    shutil.rmtree(path, ignore_errors=True)


def test_redis_killed_and_started_again_gets_each_batch_by_one_way_or_both(directory: Path) -> None:
    server = start_redis(directory)
    settings = RedisSettings(socket=directory / "r")
    held = Pusher(config(directory, redis=settings), Counts())
    held.start()
    held.give(Batch("before", 1, b"x"))
    wait_until(lambda: not held.is_busy)
    server.kill()
    server.wait()
    held.give(Batch("while-away", 1, b"x"))
    wait_until(lambda: not held.is_busy)
    server = start_redis(directory)
    wait_until(lambda: held._spill_until <= time.monotonic())
    held.give(Batch("after", 1, b"x"))
    held.finish()
    with open_blocking(settings) as client:
        found = set(names_in(client)) | {path.stem for path in (directory / "spill").glob("*.batch")}
    server.terminate()
    server.wait(20)
    assert found == {"before", "while-away", "after"}
