"""A process that stores: batches from the buffer (and spilled files) -> rows, in one transaction for several batches.

Whatever happens, a batch is either in the tables with its name in the ledger, or still waits: it is let go only
after the commit. What the server refuses for good is found by halving and put aside with the reason.
"""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

from appliance.buffer.batch import Batch
from appliance.buffer.connection import BufferError, open_async
from appliance.buffer.spill import Spill
from appliance.buffer.take import BatchQueue, Entry
from appliance.ingest import agents, duplicates, process, signs
from appliance.ingest.announcing import Announcing
from appliance.ingest.config import ProcessConfig
from appliance.ingest.gathered import Gathered
from appliance.ingest.reserve import Reserve
from appliance.ingest.rules import Rules
from appliance.ingest.storing import Interrupted, Storing
from appliance.ingest.understand import Understanding
from appliance.log import logger
from appliance.metrics import Counts

BATCHES_AT_ONCE = 8
PACKETS_AT_ONCE = 4000
WAIT_MS = 500
BUSY_PACKETS = 100
GATHER_SECONDS = 0.4
"""After a transaction of BUSY_PACKETS or more, so that the next one is larger: its statements cost the same for a
thousand packets as for ten. Full transactions follow one another without a pause."""
SPILL_EVERY_SECONDS = 1.0
ABANDONED_EVERY_SECONDS = 5.0
RECONNECT_SECONDS = 0.5

log = logger()


class Writer:
    """One writer process."""

    def __init__(self, config: ProcessConfig) -> None:
        self._config = config
        self._counts = Counts()
        self._seen = agents.Roll()
        self._redis = open_async(config.settings.redis)
        self._queue = BatchQueue(self._redis, f"writer-{config.number}")
        self._understanding = Understanding(
            config.settings.sip.correlation_headers, config.oldest_days, config.limits, Rules(config.settings.sip)
        )
        self._reserve = Reserve(self._queue, config.number)
        self._storing = Storing(config.settings.mysql, config.number, self._counts)
        self._spill = Spill(config.spill_directory, config.spill_limit_bytes, config.min_free_bytes)
        self._announcing = Announcing(self._redis)
        self._stop = asyncio.Event()
        self._last_stored_us = 0
        self._packets = 0

    def stop(self) -> None:
        """Finish the transaction under way and end."""
        self._stop.set()

    async def run(self) -> None:
        """Store until stopped; faults of Redis or MariaDB are waited out."""
        facts = signs.Facts(f"writer-{self._config.number}", self._facts)
        async with asyncio.TaskGroup() as tasks:
            beat = tasks.create_task(signs.keep_giving(self._redis, facts, self._counts, self._stop))
            seen = tasks.create_task(agents.keep_storing(self._config.settings.mysql, self._seen, self._stop))
            try:
                await self._take_turns()
            except Interrupted:
                log.info("writer_interrupted")
            await asyncio.gather(beat, seen)
        await self._storing.close()
        await self._redis.aclose()

    async def _take_turns(self) -> None:
        prepared, next_spill, next_abandoned = False, 0.0, 0.0
        while not self._stop.is_set():
            try:
                if not prepared:
                    await self._queue.prepare()
                    await self._store_entries(await self._queue.take_own(BATCHES_AT_ONCE))
                    prepared = True
                if time.monotonic() >= next_abandoned:
                    next_abandoned = time.monotonic() + ABANDONED_EVERY_SECONDS
                    await self._store_entries(await self._queue.take_abandoned(BATCHES_AT_ONCE))
                if await self._reserve.is_needed():
                    await self._take_some()
                else:
                    await self._pause(GATHER_SECONDS)
            except (BufferError, OSError) as error:
                prepared = False
                log.warning("buffer_unreachable", error=str(error))
                await self._pause(RECONNECT_SECONDS)
            if time.monotonic() >= next_spill:
                next_spill = time.monotonic() + SPILL_EVERY_SECONDS
                await self._store_spilled()

    async def _take_some(self) -> None:
        entries = await self._queue.take(BATCHES_AT_ONCE, WAIT_MS)
        await self._store_entries(entries)
        if BUSY_PACKETS <= sum(entry.batch.count for entry in entries) < PACKETS_AT_ONCE // 2:
            await self._pause(GATHER_SECONDS)

    async def _store_entries(self, entries: list[Entry]) -> None:
        for part in in_parts(entries):
            await self._store([entry.batch for entry in part])
            await self._queue.done(part)

    async def _store_spilled(self) -> None:
        """Files are shared out among the writers by their names."""
        for path in [path for path in self._spill.waiting() if self._is_mine(path)][:BATCHES_AT_ONCE]:
            try:
                batch = self._spill.read(path)
            except FileNotFoundError:
                continue
            await self._store([batch])
            self._spill.done(path)

    def _is_mine(self, path: Path) -> bool:
        writers = self._config.settings.hep.writers or 1
        return sum(path.name.encode()) % writers == self._config.number % writers

    async def _store(self, batches: list[Batch]) -> None:
        """Store batches for good, together; of those that are stored already nothing, and all others."""
        copies = await duplicates.copies(self._redis, batches, self._config.settings.sip.deduplicate_ms)
        gathered = Gathered(self._understanding, copies, self._seen.last)
        for batch in batches:
            gathered.add(batch)
        if await self._storing.store(gathered.bundle, self._stop):
            self._last_stored_us = time.time_ns() // 1000
            self._packets += len(gathered.bundle.rows)
            self._counts.put_back(gathered.counts.take())
            self._seen.merge(gathered.seen)
            await self._announcing.tell(gathered.bundle)
        elif len(batches) > 1:
            await self._store_fresh(batches)
        else:
            self._counts.add("batches_repeated_total")

    async def _store_fresh(self, batches: list[Batch]) -> None:
        """Of batches some of which are stored already, or came twice just now; a fault may leave thousands of them."""
        by_name = {batch.name: batch for batch in batches}
        known = await self._storing.known(list(by_name), self._stop)
        fresh = [batch for name, batch in by_name.items() if name not in known]
        self._counts.add("batches_repeated_total", len(batches) - len(fresh))
        # if all are fresh, the ledger refused what it does not know: another writer was storing it at that moment
        for part in [fresh] if 0 < len(fresh) < len(batches) else [[batch] for batch in fresh]:
            await self._store(part)

    async def _pause(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._stop.wait(), seconds)
        except TimeoutError:
            return

    def _facts(self) -> dict[str, object]:
        return {"last_stored_us": self._last_stored_us, "stored": self._packets}


def in_parts(entries: list[Entry]) -> Iterator[list[Entry]]:
    """Entries for one transaction each: about PACKETS_AT_ONCE packets, so that memory stays bounded."""
    part: list[Entry] = []
    packets = 0
    for entry in entries:
        if part and packets + entry.batch.count > PACKETS_AT_ONCE:
            yield part
            part, packets = [], 0
        part.append(entry)
        packets += entry.batch.count
    if part:
        yield part


def main(config: ProcessConfig) -> None:
    """The process's entry point."""
    process.run(f"writer-{config.number}", Writer(config))
