from dataclasses import replace
from pathlib import Path

import pytest

from appliance.buffer.batch import Batch, Origin, record, seal
from appliance.buffer.connection import AsyncClient, open_async
from appliance.hep.encode import encode
from appliance.ingest.duplicates import copies
from appliance.model.packet import Packet
from appliance.settings import RedisSettings

PACKET = Packet(3, 1, 17, "192.0.2.1", 5060, "192.0.2.2", 5060, 1, 7, b"one", b"", b"OPTIONS sip:a SIP/2.0")


def batch(name: str, *data: bytes, origin: Origin = Origin.UDP) -> Batch:
    records = [record(1_000_000 + place, "192.0.2.9", 9, origin, each) for place, each in enumerate(data)]
    return Batch(name, len(records), seal(records))


async def test_the_same_from_two_agents_is_stored_once(client: AsyncClient) -> None:
    other = encode(replace(PACKET, node_name=b"two", time_us=99, capture_id=8))
    elsewhere = encode(replace(PACKET, destination_ip="192.0.2.3"))
    first, second = batch("x", encode(PACKET), elsewhere, other), batch("y", b"no hep", b"no hep", encode(PACKET))
    assert await copies(client, [first, second], 50) == {"x:2", "y:2"}


async def test_imported_packets_and_broken_batches_are_left_alone(client: AsyncClient) -> None:
    imported = batch("x", b"abc", b"abc", origin=Origin.IMPORT)
    assert await copies(client, [imported, Batch("y", 1, b"nonsense")], 50) == frozenset()


async def test_nothing_is_looked_for_when_it_is_off_and_all_is_new_while_redis_is_away(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    away = open_async(RedisSettings(socket=tmp_path / "nobody"))
    both = batch("x", encode(PACKET), encode(PACKET))
    assert await copies(away, [both], 0) == frozenset()
    assert await copies(away, [both], 50) == frozenset()
    await away.aclose()
