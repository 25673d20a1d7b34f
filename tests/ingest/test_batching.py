from pathlib import Path

from appliance.buffer.batch import Origin, opened
from appliance.ingest.batching import IDLE_NS, LARGEST_BYTES, LARGEST_WHILE_WAITING_BYTES, OLDEST_NS, OpenBatch
from appliance.ingest.config import ProcessConfig
from appliance.ingest.receiver import Receiver
from appliance.ingest.sockets import open_listeners
from appliance.settings import PathSettings, RedisSettings, Settings
from tests.appliance import free_port

SENDER = ("192.0.2.1", 5060)


def batch_with(*times_ns: int, size: int = 10) -> OpenBatch:
    batch = OpenBatch("boot", 3)
    for now_ns in times_ns:
        batch.add(now_ns, 1, SENDER, Origin.UDP, b"x" * size)
    return batch


def test_an_empty_batch_is_never_due() -> None:
    assert not batch_with().is_due(10**12, False)
    assert batch_with().sealed() is None


def test_it_is_due_when_nothing_more_came_for_a_moment() -> None:
    assert not batch_with(0).is_due(IDLE_NS - 1, False)
    assert batch_with(0).is_due(IDLE_NS, False)


def test_it_is_due_when_it_is_old_however_much_comes() -> None:
    steady = batch_with(*range(0, OLDEST_NS, IDLE_NS // 2))
    assert steady.is_due(OLDEST_NS, False)


def test_it_is_due_when_it_is_large() -> None:
    assert batch_with(0, size=LARGEST_BYTES).is_due(0, False)


def test_it_grows_while_the_batch_before_is_under_way() -> None:
    assert not batch_with(0, size=LARGEST_BYTES).is_due(10 * OLDEST_NS, True)
    assert batch_with(0, size=LARGEST_WHILE_WAITING_BYTES).is_due(0, True)


def test_no_two_batches_have_one_name() -> None:
    batch = batch_with(0)
    first = batch.sealed()
    batch.add(0, 1, SENDER, Origin.TCP, b"later")
    second = batch.sealed()
    assert first is not None and second is not None
    assert (first.name, second.name) == ("boot-3-1", "boot-3-2")
    assert [record.data for record in opened(second.body)] == [b"later"]


def test_a_receiver_that_starts_again_uses_no_name_of_its_predecessor(tmp_path: Path) -> None:
    """Equal names would have the ledger take new batches for repetitions."""
    settings = Settings(paths=PathSettings(data=tmp_path), redis=RedisSettings(socket=tmp_path / "redis.sock"))
    listeners = open_listeners(f"127.0.0.1:{free_port()}", 1)
    names = set()
    for _ in range(2):
        receiver = Receiver(ProcessConfig(settings, 0, "site", 10), listeners)
        receiver._batch.add(0, 1, SENDER, Origin.UDP, b"x")
        batch = receiver._batch.sealed()
        assert batch is not None
        names.add(batch.name)
    assert len(names) == 2
