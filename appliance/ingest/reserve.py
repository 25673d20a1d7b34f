"""Whether a writer takes part: the first always, each further one when batches wait longer than they should.

One large transaction costs less than two small ones (its statements cost the same for ten packets as for a thousand),
so a second writer at work that one can do only costs. It steps in when the first is slow, busy or gone.
"""

import time
from collections.abc import Callable

from appliance.buffer.take import BatchQueue

LATE_MS = 800
"""Longer than a batch waits while one writer keeps up: GATHER_SECONDS and a transaction."""
STAYS_SECONDS = 5.0
"""How long a writer stays once it stepped in, so that a high rate is not stored in fits and starts."""


class Reserve:
    """Of one writer; `number` 0 is the first."""

    def __init__(self, queue: BatchQueue, number: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._queue = queue
        self._number = number
        self._clock = clock
        self._until = 0.0

    async def is_needed(self) -> bool:
        """Whether to take batches now. Raises BufferError or OSError."""
        if not self._number or self._clock() < self._until:
            return True
        # the second before the third: each waits longer than the one before it
        if await self._queue.oldest_waiting_ms() < LATE_MS * self._number:
            return False
        self._until = self._clock() + STAYS_SECONDS
        return True
