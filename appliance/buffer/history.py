"""What went through in the last hour: samples of the counters and of the buffer, the oldest of which go."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import redis.asyncio

from appliance.buffer import counters, keys, status

EVERY_SECONDS = 10.0
MOST = 361
"""Samples: an hour of them."""
_DROPS = {"hep_dropped_total": None, "hep_kernel_drops_total": "kernel", "packets_quarantined_total": "put aside"}
"""Counters of what was not stored, and the reason where they have none as a label."""
_COUNTED = {"receiver": "received", "writer": "stored"}
"""What a process of this kind says of itself, counted since it began."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One moment; sums are of all the time before."""

    at_us: int
    received: int = 0
    stored: int = 0
    drops: Mapping[str, int] = field(default_factory=dict)
    """By reason."""
    entries: int = 0
    """Batches in the buffer."""
    oldest_us: int = 0
    """How long the oldest of them has waited."""
    processes: Mapping[str, int] = field(default_factory=dict)
    """What each receiver has read and each writer stored since it began."""

    def drops_since(self, before: "Sample") -> Counter[str]:
        """By reason, those that were counted in between."""
        found = {reason: grown(before.drops.get(reason, 0), count) for reason, count in self.drops.items()}
        return +Counter(found)


def grown(before: int, after: int) -> int:
    """What was added to a sum; one that is less than before was begun anew."""
    return after - before if after >= before else after


async def take(client: redis.asyncio.Redis, now_us: int) -> Sample:
    """Look once. Raises BufferError or OSError."""
    sums, buffer, signs = await counters.read(client), await status.read(client), await counters.life_signs(client)
    drops: dict[str, int] = {}
    for (name, *labels), dropped in sums.items():
        if name in _DROPS:
            reason = _DROPS[name] or " ".join(labels)
            drops[reason] = drops.get(reason, 0) + dropped
    return Sample(
        at_us=now_us,
        received=sum(count for key, count in sums.items() if key[0] == "hep_received_total"),
        stored=sum(count for key, count in sums.items() if key[0] == "packets_stored_total"),
        drops=drops,
        entries=buffer.entries,
        oldest_us=buffer.oldest_us(now_us),
        processes={name: count for name, facts in signs.items() if (count := _count_of(name, facts)) is not None},
    )


def _count_of(process: str, facts: Mapping[str, Any]) -> int | None:
    counted = _COUNTED.get(process.partition("-")[0])
    count = facts.get(counted) if counted else None
    return count if isinstance(count, int) else None


async def keep(client: redis.asyncio.Redis, sample: Sample) -> None:
    """Remember it, and forget what is older than an hour. Raises BufferError or OSError."""
    pipeline = client.pipeline(transaction=True)
    pipeline.rpush(keys.HISTORY, json.dumps(asdict(sample)))
    pipeline.ltrim(keys.HISTORY, -MOST, -1)
    await pipeline.execute()


async def last_hour(client: redis.asyncio.Redis) -> list[Sample]:
    """Oldest first. Raises BufferError or OSError."""
    raw: Any = await client.lrange(keys.HISTORY, 0, -1)
    return [Sample(**json.loads(text)) for text in raw]
