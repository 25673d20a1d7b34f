"""Signs of life: every second a process hands over its counters and says that it lives."""

import asyncio
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from appliance.buffer import counters
from appliance.buffer.connection import AsyncClient, BufferError
from appliance.metrics import Counts

EVERY_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Facts:
    """A process's name, and what it wants to be shown beside it."""

    process: str
    more: Callable[[], Mapping[str, object]]

    def now(self) -> dict[str, object]:
        return {"pid": os.getpid(), "at_us": time.time_ns() // 1000, **self.more()}


async def keep_giving(client: AsyncClient, facts: Facts, counts: Counts, stop: asyncio.Event) -> None:
    """Give a sign every second until stopped; sums that Redis does not take now are given later."""
    while not stop.is_set():
        await give(client, facts, counts)
        try:
            await asyncio.wait_for(stop.wait(), EVERY_SECONDS)
        except TimeoutError:
            continue
    await give(client, facts, counts)


async def give(client: AsyncClient, facts: Facts, counts: Counts) -> None:
    """One sign."""
    sums = counts.take()
    try:
        await counters.add(client, sums)
        sums = {}
        await counters.life_sign(client, facts.process, facts.now())
    except (BufferError, OSError):
        counts.put_back(sums)
