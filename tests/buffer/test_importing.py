import threading
import time
from collections.abc import Iterator

from appliance.buffer.batch import Batch, Origin, imported, opened
from appliance.buffer.connection import AsyncClient, BlockingClient
from appliance.buffer.importing import push_import
from appliance.buffer.take import BatchQueue
from appliance.hep.decode import decode
from appliance.model.packet import Packet
from appliance.settings import RedisSettings

LONG_AGO_US = 1_000_000_000_000_000


def packets(number: int, size: int) -> Iterator[Packet]:
    for index in range(number):
        payload = (b"%06d" % index) * (size // 6) + b"." * (size % 6)
        yield Packet(3, 1, 17, "192.0.2.1", 5060, "2001:db8::1", 5061, LONG_AGO_US + index, 7, b"edge", b"", payload)


async def taken(client: AsyncClient) -> list[Batch]:
    queue = BatchQueue(client, "writer-0")
    await queue.prepare()
    return [entry.batch for entry in await queue.take(1000, 1)]


def payloads_of(batches: list[Batch]) -> list[bytes]:
    return [imported(record.data)[1] for batch in batches for record in opened(batch.body)]


async def test_every_packet_is_pushed_whole_even_one_of_a_mebibyte(redis: RedisSettings, client: AsyncClient) -> None:
    sent = [*packets(5, 700), *packets(2, 1 << 20), *packets(5, 65_507)]
    assert list(push_import(redis, iter(sent)))[-1] == len(sent)
    assert payloads_of(await taken(client)) == [packet.payload for packet in sent]


async def test_a_record_says_that_it_was_imported_and_keeps_the_captures_time(
    redis: RedisSettings, client: AsyncClient
) -> None:
    (sent,) = packets(1, 10)
    list(push_import(redis, [sent]))
    (batch,) = await taken(client)
    (record,) = opened(batch.body)
    assert record.origin == Origin.IMPORT
    found = decode(imported(record.data)[0])
    assert (found.time_us, found.source_ip, found.destination_ip) == (LONG_AGO_US, "192.0.2.1", "2001:db8::1")
    assert len(sent.payload) == 10, "the packet is as it was"


async def test_progress_is_told_and_no_two_batches_have_one_name(redis: RedisSettings, client: AsyncClient) -> None:
    progress = list(push_import(redis, packets(2500, 1000)))
    assert progress == sorted(set(progress))
    assert progress[-1] == 2500
    list(push_import(redis, packets(1, 10)))
    batches = await taken(client)
    assert len({batch.name for batch in batches}) == len(batches) == len(progress) + 1
    assert all(len(payloads_of([batch])) == batch.count for batch in batches)


async def test_nothing_to_import_pushes_nothing(redis: RedisSettings, client: AsyncClient) -> None:
    assert list(push_import(redis, [])) == []
    assert await taken(client) == []


def test_it_waits_while_the_buffer_is_full(redis: RedisSettings, blocking: BlockingClient) -> None:
    blocking.config_set("maxmemory", 1)
    room = threading.Timer(0.5, blocking.config_set, ("maxmemory", "256mb"))
    room.start()
    begun = time.monotonic()
    assert list(push_import(redis, packets(1, 10))) == [1]
    assert time.monotonic() - begun >= 0.4
    room.join()
