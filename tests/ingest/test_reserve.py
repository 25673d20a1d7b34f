"""The second writer stays out of what the first can do alone."""

import pytest

from appliance.buffer.batch import Batch
from appliance.buffer.connection import AsyncClient, BlockingClient
from appliance.buffer.push import push
from appliance.buffer.take import BatchQueue
from appliance.ingest import reserve
from appliance.ingest.reserve import STAYS_SECONDS, Reserve


@pytest.fixture
async def queue(client: AsyncClient, blocking: BlockingClient) -> BatchQueue:
    """With one batch that nobody took."""
    queue = BatchQueue(client, "writer-0")
    await queue.prepare()
    push(blocking, Batch("boot-0-1", 1, b"x"))
    return queue


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


async def test_the_first_writer_is_always_needed(queue: BatchQueue) -> None:
    await queue.take(1, 1)
    assert await Reserve(queue, 0).is_needed()


async def test_a_further_writer_is_not_needed_while_nothing_waits_long(queue: BatchQueue) -> None:
    assert not await Reserve(queue, 1).is_needed()


async def test_it_steps_in_when_a_batch_waits_too_long_and_stays_for_a_while(
    queue: BatchQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reserve, "LATE_MS", 0)
    clock = Clock()
    second = Reserve(queue, 1, clock)
    assert await second.is_needed()
    monkeypatch.setattr(reserve, "LATE_MS", 60_000)
    clock.now += STAYS_SECONDS - 0.1
    assert await second.is_needed()
    clock.now += 0.2
    assert not await second.is_needed()
