"""Copies of a packet within [sip] deduplicate_ms: same payload, type and addresses, whoever sent it to us.

Off by default: then nothing of this runs. While Redis does not answer, everything counts as new.
"""

import xxhash

from appliance.buffer.batch import Batch, DamagedBatch, Origin, Record, opened
from appliance.buffer.connection import AsyncClient, BufferError
from appliance.buffer.duplicates import Sighting, repeated
from appliance.hep.decode import decode
from appliance.hep.errors import HepError
from appliance.log import logger

log = logger()


async def copies(client: AsyncClient, batches: list[Batch], window_ms: int) -> frozenset[str]:
    """`BATCH:PLACE` of each record that repeats another; places are counted from 0. Nothing when it is off."""
    if not window_ms:
        return frozenset()
    sightings = [found for batch in batches for found in _sightings(batch)]
    if not sightings:
        return frozenset()
    try:
        return frozenset(await repeated(client, sightings, window_ms))
    except (BufferError, OSError) as error:
        log.warning("copies_not_looked_for", packets=len(sightings), error=str(error))
        return frozenset()


def _sightings(batch: Batch) -> list[Sighting]:
    found = []
    try:
        for place, record in enumerate(opened(batch.body)):
            digest = None if record.origin == Origin.IMPORT else _digest(record)
            if digest is not None:
                found.append(Sighting(digest, record.received_us, f"{batch.name}:{place}"))
    except DamagedBatch:
        return found  # whoever stores the batch says so
    return found


def _digest(record: Record) -> bytes | None:
    """None for what is no HEP; what is wrong with it is said when it is stored."""
    try:
        packet = decode(record.data)
    except HepError:
        return None
    ends = f"{packet.source_ip} {packet.source_port} {packet.destination_ip} {packet.destination_port}"
    return xxhash.xxh3_128_digest(f"{packet.protocol_type} {ends} ".encode() + packet.payload)
