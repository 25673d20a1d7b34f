import asyncio

import pytest

from appliance.buffer import keys, take
from appliance.buffer.batch import Batch
from appliance.buffer.connection import AsyncClient, BlockingClient, BufferError
from appliance.buffer.push import push
from appliance.buffer.take import BatchQueue

BATCHES = [Batch(f"boot-0-{number}", number, b"\x00\xff" * number) for number in range(1, 6)]


@pytest.fixture
async def first(client: AsyncClient, blocking: BlockingClient) -> BatchQueue:
    """A writer's queue with five batches in it."""
    queue = BatchQueue(client, "writer-0")
    await queue.prepare()
    for batch in BATCHES:
        push(blocking, batch)
    return queue


@pytest.fixture
def second(client: AsyncClient) -> BatchQueue:
    return BatchQueue(client, "writer-1")


async def test_batches_come_as_they_were_pushed_and_in_that_order(first: BatchQueue) -> None:
    assert [entry.batch for entry in await first.take(10, 1)] == BATCHES


async def test_an_entry_goes_to_one_consumer(first: BatchQueue, second: BatchQueue) -> None:
    mine, others = await first.take(2, 1), await second.take(10, 1)
    assert [entry.batch for entry in mine] == BATCHES[:2]
    assert [entry.batch for entry in others] == BATCHES[2:]
    assert await first.take(10, 1) == []


async def test_what_was_pushed_before_any_writer_began_is_taken(client: AsyncClient, blocking: BlockingClient) -> None:
    push(blocking, BATCHES[0])
    queue = BatchQueue(client, "writer-0")
    await queue.prepare()
    assert [entry.batch for entry in await queue.take(1, 1)] == BATCHES[:1]


async def test_preparing_again_forgets_nothing(first: BatchQueue, second: BatchQueue) -> None:
    await first.take(1, 1)
    await second.prepare()
    assert [entry.batch for entry in await second.take(10, 1)] == BATCHES[1:]
    assert [entry.batch for entry in await first.take_own(10)] == BATCHES[:1]


async def test_what_was_taken_and_not_acknowledged_is_a_writers_own_after_its_restart(
    first: BatchQueue, client: AsyncClient
) -> None:
    taken = await first.take(3, 1)
    await first.done(taken[:1])
    again = BatchQueue(client, "writer-0")
    assert await again.take_own(10) == taken[1:]
    assert [entry.batch for entry in await again.take(10, 1)] == BATCHES[3:]


async def test_another_takes_what_a_dead_writer_left_but_only_after_a_while(
    first: BatchQueue, second: BatchQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = await first.take(2, 1)
    assert await second.take_abandoned(10) == []
    monkeypatch.setattr(take, "ABANDONED_MS", 0)
    assert await second.take_abandoned(1) == taken[:1]
    assert await first.take_own(10) == taken[1:]


async def test_what_is_done_is_gone_for_good(
    first: BatchQueue, second: BatchQueue, client: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(take, "ABANDONED_MS", 0)
    await first.done(await first.take(10, 1))
    assert await client.xlen(keys.BATCHES) == 0
    assert await first.take_own(10) == await second.take_abandoned(10) == []


async def test_an_entry_deleted_while_it_was_taken_is_passed_over(first: BatchQueue, client: AsyncClient) -> None:
    taken = await first.take(2, 1)
    await client.xdel(keys.BATCHES, taken[0].stream_id)
    assert await first.take_own(10) == taken[1:]


@pytest.mark.parametrize("met_by", ["itself", "another"])
async def test_an_entry_whose_letting_go_was_cut_short_is_let_go_when_it_is_met_again(
    first: BatchQueue, second: BatchQueue, client: AsyncClient, monkeypatch: pytest.MonkeyPatch, met_by: str
) -> None:
    monkeypatch.setattr(take, "ABANDONED_MS", 0)
    await client.xdel(keys.BATCHES, *(entry.stream_id for entry in await first.take(10, 1)))
    assert await (first.take_own(10) if met_by == "itself" else second.take_abandoned(10)) == []
    assert (await client.xpending(keys.BATCHES, keys.GROUP))["pending"] == await client.xlen(keys.BATCHES) == 0


async def test_entries_are_deleted_before_they_are_acknowledged(first: BatchQueue, client: AsyncClient) -> None:
    taken = await first.take(10, 1)
    async with client.monitor() as seen:
        await first.done(taken)
        said = [""]
        while said[-1] != "XACK":
            said.append((await seen.next_command())["command"].split()[0])
    assert said[-2] == "XDEL", "a Redis killed between the two must not leave what nobody will ever take"


async def test_it_says_how_long_the_oldest_entry_waits_that_nobody_took(first: BatchQueue) -> None:
    await asyncio.sleep(0.05)
    assert 50 <= await first.oldest_waiting_ms() < 5_000
    await first.take(4, 1)
    assert 50 <= await first.oldest_waiting_ms() < 5_000
    await first.take(1, 1)
    assert await first.oldest_waiting_ms() == 0, "what was taken waits no more"


async def test_a_stream_that_was_lost_is_an_error_until_it_is_prepared_again(
    first: BatchQueue, client: AsyncClient
) -> None:
    await client.flushall()
    with pytest.raises(BufferError, match="NOGROUP"):
        await first.take(1, 1)
    await first.prepare()
    assert await first.take(1, 1) == []


@pytest.mark.parametrize("fields", [{b"x": b"y"}, {keys.COUNT_FIELD: b"many", keys.BODY_FIELD: b""}])
async def test_an_entry_that_is_none_of_ours_is_a_batch_without_packets(
    first: BatchQueue, client: AsyncClient, fields: dict[bytes, bytes]
) -> None:
    await client.xadd(keys.BATCHES, fields)  # type: ignore[arg-type]
    assert (await first.take(10, 1))[-1].batch.count == 0
