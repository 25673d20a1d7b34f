"""A receiver's second thread: hands sealed batches to Redis, or to files while Redis is away or full.

A batch keeps its name through every try, so that one which arrives twice is stored once. One push is under way at
a time; what waits behind it is bounded. Where neither Redis nor the disk takes a batch, as when the disk is full, it is
held in memory for as long as little waits behind it, and then dropped and counted.
"""

import queue
import threading
import time

from appliance.buffer import counters
from appliance.buffer.batch import Batch
from appliance.buffer.connection import BufferError, open_blocking
from appliance.buffer.push import is_full, push
from appliance.buffer.spill import Spill, SpillFull
from appliance.ingest.config import ProcessConfig
from appliance.log import logger
from appliance.metrics import Counts

TRY_FOR_SECONDS = 2.0
TRY_EVERY_SECONDS = 0.1
LOOK_EVERY_SECONDS = 1.0
MOST_WAITING = 16
MOST_HELD = 3
"""Batches that wait behind one that can neither be pushed nor written, before it is dropped. The receiver lets each
grow to 8 MiB meanwhile (batching): seconds at the highest rates, minutes at most."""

log = logger()


class Pusher:
    """Owns the Redis connection of one receiver process."""

    def __init__(self, config: ProcessConfig, counts: Counts) -> None:
        self._client = open_blocking(config.settings.redis)
        self._spill = Spill(config.spill_directory, config.spill_limit_bytes, config.min_free_bytes)
        self._name = f"receiver-{config.number}"
        self._counts = counts
        self._queue: queue.Queue[Batch | None] = queue.Queue(MOST_WAITING)
        self._thread = threading.Thread(target=self._run, name="pusher", daemon=True)
        self._spill_until = 0.0
        self._look_at = 0.0
        self._ending = False
        self._why_not_written = ""
        self.facts: dict[str, object] = {}

    def start(self) -> None:
        self._thread.start()

    @property
    def is_busy(self) -> bool:
        """Whether a batch is under way or waits."""
        return self._queue.unfinished_tasks > 0

    def give(self, batch: Batch) -> None:
        """Take charge of a batch; waits when too much waits already (Redis and the disk are both slow)."""
        self._queue.put(batch)

    def finish(self) -> None:
        """Return when everything is handed over; what can be kept nowhere now is dropped."""
        self._ending = True
        self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        while True:
            try:
                batch = self._queue.get(timeout=LOOK_EVERY_SECONDS)
            except queue.Empty:
                self._look()
                continue
            if batch is not None:
                self._hand_over(batch)
            else:
                self._look_at = 0.0  # what was counted since the last look is handed over too
            self._look()
            self._queue.task_done()
            if batch is None:
                return

    def _hand_over(self, batch: Batch) -> None:
        """To Redis, else to a file; while neither can be had it is held, and what comes meanwhile waits behind it."""
        is_held = False
        while not (self._push(batch) or self._write(batch)):
            if self._ending or self._queue.qsize() >= MOST_HELD:
                log.error("batch_dropped", packets=batch.count)
                self._counts.add("hep_dropped_total", batch.count, "buffer-full")
                return
            if not is_held:
                log.warning("batch_held", packets=batch.count)
            is_held = True
            time.sleep(TRY_EVERY_SECONDS)

    def _push(self, batch: Batch) -> bool:
        """Whether Redis took it."""
        deadline = time.monotonic() + TRY_FOR_SECONDS
        while time.monotonic() >= self._spill_until:
            try:
                push(self._client, batch)
            except (BufferError, OSError) as error:
                if time.monotonic() < deadline:
                    time.sleep(TRY_EVERY_SECONDS)
                    continue
                log.warning("buffer_unreachable", error=str(error))
                self._spill_until = time.monotonic() + LOOK_EVERY_SECONDS
                return False
            self._counts.add("batches_pushed_total")
            return True
        return False

    def _write(self, batch: Batch) -> bool:
        """Whether it is in a file."""
        try:
            self._spill.write(batch)
        except (SpillFull, OSError) as error:
            if str(error) != self._why_not_written:
                log.error("batch_not_written", error=str(error))
            self._why_not_written = str(error)
            return False
        self._why_not_written = ""
        self._counts.add("batches_spilled_total")
        return True

    def _look(self) -> None:
        """Once a second: hand over counters, and see whether the buffer has room."""
        now = time.monotonic()
        if now < self._look_at:
            return
        self._look_at = now + LOOK_EVERY_SECONDS
        sums = self._counts.take()
        try:
            if sums:
                counters.add_blocking(self._client, sums)
            sums = {}
            counters.life_sign_blocking(self._client, self._name, self.facts)
            if is_full(self._client):
                self._spill_until = now + 2 * LOOK_EVERY_SECONDS
            elif self._spill_until > now:
                self._spill_until = 0.0
        except (BufferError, OSError):
            self._counts.put_back(sums)
