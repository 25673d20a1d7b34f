"""A word to whoever watches live: what a writer stored and the settler wrote, and nothing while nobody watches.

Whether somebody watches is asked of Redis at most twice a second. What is told is bounded: of many rows some from
everywhere among them, with the number of all. Nothing that goes wrong here holds up or undoes what was stored.
"""

import time
from collections.abc import Awaitable, Callable, Collection, Sequence

from appliance.buffer import live
from appliance.buffer.connection import AsyncClient, BufferError
from appliance.buffer.live import Channel
from appliance.log import logger
from appliance.model.rows import CallRow
from appliance.storage import announced, announced_reports
from appliance.storage.bundle import Bundle

ASK_EVERY_SECONDS = 0.5
PATIENCE = 20
"""After a failure nothing is asked or told for so many times as long as it took: of a Redis that hangs one finds out
by a timeout, which must not stand before every batch that is stored."""
PER_SECOND = {Channel.ROWS: 5_000, Channel.TEXTS: 2_000, Channel.CALLS: 1_000, Channel.REPORTS: 2_000}
"""Rows that one process tells; as many at once when it told none for a second. With the octets of messages a row is
ten times as large."""
_OF_WRITERS = (Channel.ROWS, Channel.TEXTS, Channel.REPORTS)
_OF_SETTLERS = (Channel.CALLS,)

log = logger()


class Announcing:
    """One process's."""

    def __init__(self, client: AsyncClient, clock: Callable[[], float] = time.monotonic) -> None:
        self._client = client
        self._clock = clock
        self._wanted: frozenset[Channel] = frozenset()
        self._ask_at = 0.0
        self._allowances = {channel: _Allowance(count) for channel, count in PER_SECOND.items()}

    async def tell(self, bundle: Bundle) -> None:
        """Tell what was stored, if somebody wants to know."""

        async def of(channel: Channel) -> None:
            left = self._allowances[channel].left(self._clock())
            if channel is Channel.REPORTS:
                count, told = announced_reports.lines(announced.stored(bundle.blocks, len(bundle.rows)), left)
                taken, body = len(told), announced_reports.encoded(count, told)
            else:
                rows = announced.stored(bundle.blocks, left)
                taken, body = len(rows), announced.encoded(len(bundle.rows), rows, texts=channel is Channel.TEXTS)
            self._allowances[channel].take(taken)
            await live.tell(self._client, channel, body)

        await self._tell_of(_OF_WRITERS, of)

    async def tell_calls(self, records: Sequence[CallRow]) -> None:
        """Tell which calls are new or changed, if somebody wants to know."""

        async def of(channel: Channel) -> None:
            most = min(len(records), self._allowances[channel].left(self._clock()))
            told = [records[number * len(records) // most] for number in range(most)]
            self._allowances[channel].take(most)
            await live.tell(self._client, channel, announced.encoded_calls(len(records), told))

        if records:
            await self._tell_of(_OF_SETTLERS, of)

    async def _tell_of(self, channels: Collection[Channel], tell: Callable[[Channel], Awaitable[None]]) -> None:
        began = self._clock()
        try:
            if began >= self._ask_at:
                self._ask_at = began + ASK_EVERY_SECONDS
                self._wanted = await live.wanted(self._client, channels)
            for channel in self._wanted:
                await tell(channel)
        except (BufferError, OSError) as error:
            self._wanted = frozenset()
            failed = self._clock()
            self._ask_at = max(self._ask_at, failed + PATIENCE * (failed - began))
            log.debug("rows_not_told", error=str(error))


class _Allowance:
    """So many a second, of which those of one second may be saved."""

    def __init__(self, per_second: int) -> None:
        self._per_second = per_second
        self._left = float(per_second)
        self._at = 0.0

    def left(self, now: float) -> int:
        self._left = min(self._per_second, self._left + (now - self._at) * self._per_second)
        self._at = now
        return int(self._left)

    def take(self, count: int) -> None:
        self._left -= count
