"""Handing batches to the buffer, from a thread or an event loop."""

from typing import Any

import redis
import redis.asyncio

from appliance.buffer import keys
from appliance.buffer.batch import Batch

FULL_SHARE = 0.7
"""Share of maxmemory from which receivers spill to files, so that Redis always has room to acknowledge."""


def push(client: redis.Redis, batch: Batch) -> None:
    """Add one batch to the stream; returns when Redis has it on disk. Raises BufferError or OSError."""
    client.xadd(keys.BATCHES, _fields(batch))


async def push_async(client: redis.asyncio.Redis, batch: Batch) -> None:
    """`push` for event loops."""
    await client.xadd(keys.BATCHES, _fields(batch))


def _fields(batch: Batch) -> Any:
    return {keys.NAME_FIELD: batch.name, keys.COUNT_FIELD: batch.count, keys.BODY_FIELD: batch.body}


def is_full(client: redis.Redis) -> bool:
    """Whether the buffer holds as much as it may. Raises BufferError or OSError."""
    memory = client.info("memory")
    assert isinstance(memory, dict)
    return _full(memory)


async def is_full_async(client: redis.asyncio.Redis) -> bool:
    """`is_full` for event loops."""
    return _full(await client.info("memory"))


def _full(memory: dict[str, Any]) -> bool:
    limit = int(memory["maxmemory"])
    return limit > 0 and int(memory["used_memory"]) > FULL_SHARE * limit
