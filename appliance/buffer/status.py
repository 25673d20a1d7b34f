"""How full the buffer is and how old what waits in it."""

from dataclasses import dataclass

import redis.asyncio

from appliance.buffer import keys

LATE_US = 30_000_000
"""What has waited for longer is told to operators: page, command and log."""


@dataclass(frozen=True, slots=True)
class BufferStatus:
    """Batches that wait to be stored."""

    entries: int
    """Entries in the stream, taken or not."""
    taken: int
    """Of these, handed to a writer and not yet acknowledged."""
    oldest_ms: int | None
    """Epoch milliseconds of the oldest entry; None when nothing waits."""
    used_bytes: int
    limit_bytes: int

    def oldest_us(self, now_us: int) -> int:
        """How long the oldest entry has waited; 0 when nothing does."""
        return max(0, now_us - self.oldest_ms * 1000) if self.oldest_ms else 0


async def read(client: redis.asyncio.Redis) -> BufferStatus:
    """Ask Redis. Raises BufferError or OSError."""
    pipeline = client.pipeline(transaction=False)
    pipeline.xlen(keys.BATCHES)
    pipeline.xrange(keys.BATCHES, count=1)
    pipeline.info("memory")
    entries, first, memory = await pipeline.execute()
    taken = await _taken(client) if entries else 0
    oldest_ms = int(first[0][0].split(b"-")[0]) if first else None
    return BufferStatus(entries, taken, oldest_ms, int(memory["used_memory"]), int(memory["maxmemory"]))


async def _taken(client: redis.asyncio.Redis) -> int:
    try:
        return int((await client.xpending(keys.BATCHES, keys.GROUP))["pending"])
    except redis.ResponseError as error:
        if "NOGROUP" not in str(error):
            raise
        return 0  # no writer has begun yet
