"""Imported packets on their way into the buffer: the same stream as everything else, at the capture's own times."""

import secrets
import time
from collections.abc import Iterable, Iterator

from appliance.buffer.batch import Batch, Origin, import_data, record, seal
from appliance.buffer.connection import open_blocking
from appliance.buffer.push import is_full, push
from appliance.hep.encode import encode
from appliance.model.packet import Packet
from appliance.settings import RedisSettings

BATCH_BYTES = 1 << 20
WAIT_SECONDS = 0.2


def push_import(settings: RedisSettings, packets: Iterable[Packet]) -> Iterator[int]:
    """Push packets in batches; yields the number pushed so far after each batch. Raises BufferError or OSError.

    Waits while the buffer is as full as it may be, since what is in a file need not hurry.
    """
    client = open_blocking(settings)
    try:
        pushed = 0
        for batch in _batches(packets):
            while is_full(client):
                time.sleep(WAIT_SECONDS)
            push(client, batch)
            pushed += batch.count
            yield pushed
    finally:
        client.close()


def _batches(packets: Iterable[Packet]) -> Iterator[Batch]:
    name, sequence = f"import-{secrets.token_hex(6)}", 0
    records: list[bytes] = []
    size = 0
    for packet in packets:
        piece = _record(packet)
        records.append(piece)
        size += len(piece)
        if size >= BATCH_BYTES:
            sequence += 1
            yield Batch(f"{name}-{sequence}", len(records), seal(records))
            records, size = [], 0
    if records:
        yield Batch(f"{name}-{sequence + 1}", len(records), seal(records))


def _record(packet: Packet) -> bytes:
    payload, now_us = packet.payload, time.time_ns() // 1000
    packet.payload = b""
    try:
        data = import_data(encode(packet), payload)
    finally:
        packet.payload = payload
    return record(now_us, "import", 0, Origin.IMPORT, data)
