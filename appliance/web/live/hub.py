"""Hears what the writers tell, over one connection for all who watch, and over none while nobody does."""

import asyncio
import time
from collections.abc import Callable, Iterator
from typing import NoReturn

from appliance.buffer.connection import AsyncClient, BufferError
from appliance.buffer.live import Channel, Listening
from appliance.log import logger
from appliance.query.tree import Node
from appliance.storage import announced
from appliance.web.live import told
from appliance.web.live.told import Row
from appliance.web.live.watcher import Watcher

MOST_OF_ONE = 6
"""Streams of one user."""
MOST = 60
READ_SECONDS = 0.05
LOOK_SECONDS = 0.1
"""For what one transaction of a writer told, of which there are about two a second: to read it, and for all who watch
to try it. More is not looked at, and the rates say so."""
AT_ONCE = 200
"""Rows that are read before another request has its turn."""
RETRY_SECONDS = 1.0
WAIT_SECONDS = 0.5

log = logger()


class TooMany(Exception):
    """More streams than there may be; the sentence says whose."""


class Hub:
    """The live tail of this process."""

    def __init__(self, client: AsyncClient, site: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._client = client
        self._site = site
        self._clock = clock
        self._watchers: list[Watcher] = []
        self._wanted = asyncio.Event()
        self.hears: bool | None = None
        """Whether Redis could be asked when it was last tried; None before the first time."""

    def watch(self, user: int, root: Node | None, view: str = "messages") -> Watcher:
        """Begin a stream; end it with `leave`. Raises TooMany."""
        if sum(watcher.user == user for watcher in self._watchers) >= MOST_OF_ONE:
            raise TooMany(f"You watch in {MOST_OF_ONE} windows already: close one of them.")
        if len(self._watchers) >= MOST:
            raise TooMany("Too many people watch already: try again later.")
        watcher = Watcher(user, root, view, self._clock)
        self._watchers.append(watcher)
        self._wanted.set()
        return watcher

    def leave(self, watcher: Watcher) -> None:
        self._watchers.remove(watcher)
        if not self._watchers:
            self._wanted.clear()

    async def run(self) -> NoReturn:
        """Hear until cancelled; a Redis that is away is waited for."""
        while True:
            await self._wanted.wait()
            try:
                await self._hear()
            except (BufferError, OSError) as error:
                if self.hears is not False:
                    log.warning("live_not_heard", error=str(error))
                self.hears = False
                await asyncio.sleep(RETRY_SECONDS)

    async def _hear(self) -> None:
        async with Listening(self._client) as listening:
            while self._watchers:
                await listening.to(self._channels())
                self.hears = True
                heard = await listening.next(WAIT_SECONDS)
                if heard is None:
                    continue
                try:
                    await self._hand_round(*heard)
                except announced.Unreadable as error:
                    log.warning("live_not_understood", error=str(error))

    def _channels(self) -> set[Channel]:
        """Who reads texts hears the rows with them, and so does everybody else then."""
        channels = {watcher.channel for watcher in self._watchers}
        return channels - {Channel.ROWS} if Channel.TEXTS in channels else channels

    async def _hand_round(self, channel: Channel, body: bytes) -> None:
        stored, rows_told = told.decoded(self._site, channel, body)
        rows = await self._read(rows_told)
        alike = told.MESSAGES if channel in told.MESSAGES else {channel}
        watchers = [watcher for watcher in self._watchers if watcher.channel in alike]
        for watcher in watchers:
            watcher.look(stored, rows, self._clock() + LOOK_SECONDS / len(watchers))
            await asyncio.sleep(0)

    async def _read(self, rows_told: Iterator[Row]) -> list[Row]:
        rows: list[Row] = []
        until = self._clock() + READ_SECONDS
        for row in rows_told:
            rows.append(row)
            if len(rows) % AT_ONCE == 0:
                if self._clock() > until:
                    break
                await asyncio.sleep(0)
        return rows
