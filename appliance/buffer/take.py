"""Taking batches out of the buffer: each entry goes to one writer, and to another when that one died."""

from dataclasses import dataclass
from typing import Any

import redis
import redis.asyncio

from appliance.buffer import keys
from appliance.buffer.batch import Batch

ABANDONED_MS = 15_000
"""An entry that a writer took and did not store within this time goes to another."""

Raw = tuple[bytes, dict[bytes, bytes] | None]
"""An entry's id and fields as Redis gives them; fields are None when it was deleted."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A batch with its place in the stream; `deliveries` counts how often it was handed out."""

    stream_id: bytes
    batch: Batch


class BatchQueue:
    """The writers' side of the stream `hepbox:batches`."""

    def __init__(self, client: redis.asyncio.Redis, consumer: str) -> None:
        self._client = client
        self._consumer = consumer

    async def prepare(self) -> None:
        """Make the stream and its group if they are not there. Raises BufferError or OSError."""
        try:
            await self._client.xgroup_create(keys.BATCHES, keys.GROUP, id="0", mkstream=True)
        except redis.ResponseError as error:
            if "BUSYGROUP" not in str(error):
                raise

    async def take(self, most: int, wait_ms: int) -> list[Entry]:
        """Up to `most` new entries; waits at most `wait_ms` for the first. Raises BufferError or OSError."""
        return await self._read(">", most, wait_ms)

    async def take_own(self, most: int) -> list[Entry]:
        """Entries that this consumer took before it was started again and never acknowledged."""
        return await self._read("0", most, None)

    async def oldest_waiting_ms(self) -> int:
        """For how long the oldest entry waits that no consumer has taken; 0 when none does, by Redis's clock."""
        pipeline = self._client.pipeline(transaction=False)
        pipeline.xinfo_groups(keys.BATCHES)
        pipeline.time()
        groups, (seconds, microseconds) = await pipeline.execute()
        given: bytes = next(group["last-delivered-id"] for group in groups if group["name"] == keys.GROUP.encode())
        waiting: Any = await self._client.xrange(keys.BATCHES, min=b"(" + given, count=1)
        if not waiting:
            return 0
        return max(1, int(seconds) * 1000 + int(microseconds) // 1000 - int(waiting[0][0].split(b"-")[0]))

    async def _read(self, after: str, most: int, wait_ms: int | None) -> list[Entry]:
        streams: Any = {keys.BATCHES: after}
        answer: Any = await self._client.xreadgroup(keys.GROUP, self._consumer, streams, count=most, block=wait_ms)
        return await self._whole([pair for _, pairs in answer or () for pair in pairs])

    async def take_abandoned(self, most: int) -> list[Entry]:
        """Entries that another consumer holds for longer than ABANDONED_MS."""
        answer: Any = await self._client.xautoclaim(
            keys.BATCHES, keys.GROUP, self._consumer, min_idle_time=ABANDONED_MS, count=most
        )
        return await self._whole(answer[1])

    async def done(self, entries: list[Entry]) -> None:
        """Let go of stored entries: deleted, then acknowledged; not in MULTI, which a full Redis refuses.

        In this order, because a Redis that is killed between the two leaves an entry that its consumer holds without
        octets, which is let go when it is met again. The other way round nobody would ever meet it.
        """
        ids = [entry.stream_id for entry in entries]
        pipeline = self._client.pipeline(transaction=False)
        pipeline.xdel(keys.BATCHES, *ids)
        pipeline.xack(keys.BATCHES, keys.GROUP, *ids)
        await pipeline.execute()

    async def _whole(self, raw: list[Raw]) -> list[Entry]:
        """What still has octets; the rest was deleted after it had been stored."""
        gone = [stream_id for stream_id, fields in raw if not fields]
        if gone:
            await self._client.xack(keys.BATCHES, keys.GROUP, *gone)
        return [Entry(stream_id, _batch(fields)) for stream_id, fields in raw if fields]


def _batch(fields: dict[bytes, bytes]) -> Batch:
    name = fields.get(keys.NAME_FIELD, b"").decode("ascii", "replace")
    count = fields.get(keys.COUNT_FIELD, b"")
    return Batch(name, int(count) if count.isdigit() else 0, fields.get(keys.BODY_FIELD, b""))
