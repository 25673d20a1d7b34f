from appliance.buffer import status
from appliance.buffer.batch import Batch
from appliance.buffer.connection import AsyncClient, BlockingClient
from appliance.buffer.push import push
from appliance.buffer.status import BufferStatus
from appliance.buffer.take import BatchQueue


async def test_an_empty_buffer_waits_for_nothing(client: AsyncClient) -> None:
    found = await status.read(client)
    assert (found.entries, found.taken, found.oldest_ms) == (0, 0, None)
    assert 0 < found.used_bytes < found.limit_bytes == 256 << 20


async def test_it_tells_what_waits_what_was_taken_and_since_when(client: AsyncClient, blocking: BlockingClient) -> None:
    queue = BatchQueue(client, "writer-0")
    await queue.prepare()
    for number in range(3):
        push(blocking, Batch(f"boot-0-{number}", 1, b""))
    first, *_ = await queue.take(1, 1)
    found = await status.read(client)
    assert (found.entries, found.taken) == (3, 1)
    assert found.oldest_ms == int(first.stream_id.split(b"-")[0])
    await queue.done([first])
    assert (await status.read(client)).taken == 0


async def test_what_was_pushed_before_any_writer_began_is_told_too(
    client: AsyncClient, blocking: BlockingClient
) -> None:
    push(blocking, Batch("boot-0-1", 1, b""))
    assert (await status.read(client)).entries == 1


def test_what_waits_is_as_old_as_its_entry_and_nothing_is_of_no_age() -> None:
    waiting = BufferStatus(1, 0, 5_000, 0, 0)
    assert [waiting.oldest_us(now_us) for now_us in (7_500_000, 5_000_000, 4_000_000)] == [2_500_000, 0, 0]
    assert BufferStatus(0, 0, None, 0, 0).oldest_us(7_500_000) == 0
