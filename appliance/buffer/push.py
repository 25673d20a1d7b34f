"""Handing batches to the buffer, from a thread."""

import redis

from appliance.buffer import keys
from appliance.buffer.batch import Batch

FULL_SHARE = 0.7
"""Share of maxmemory from which receivers spill to files, so that Redis always has room to acknowledge."""


def push(client: redis.Redis, batch: Batch) -> None:
    """Add one batch to the stream; returns when Redis has it on disk. Raises BufferError or OSError."""
    fields = {keys.NAME_FIELD: batch.name, keys.COUNT_FIELD: batch.count, keys.BODY_FIELD: batch.body}
    client.xadd(keys.BATCHES, fields)  # type: ignore[arg-type]


def is_full(client: redis.Redis) -> bool:
    """Whether the buffer holds as much as it may. Raises BufferError or OSError."""
    memory = client.info("memory")
    assert isinstance(memory, dict)
    limit = int(memory["maxmemory"])
    return limit > 0 and int(memory["used_memory"]) > FULL_SHARE * limit
