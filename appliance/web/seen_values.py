"""Values seen lately, kept by the web process: read anew at most every few seconds, by whoever completes a line."""

import asyncio

from appliance.query.completion import Seen
from appliance.storage import seen
from appliance.storage.connection import Database, DatabaseError

FRESH_US = 15_000_000
"""How long values are offered before they are read again."""
WAIT_SECONDS = 1.0
"""Who types waits no longer; an older answer, or none, does."""


class SeenValues:
    """One reading at a time, however many people type."""

    def __init__(self, database: Database) -> None:
        self._database = database.within(WAIT_SECONDS)
        self._values: Seen = {}
        self._read_at: int | None = None
        self._reading = asyncio.Lock()

    async def lately(self, now_us: int) -> Seen:
        """Values by field; what was known before when the database does not answer in time."""
        if self._is_fresh(now_us) or (self._values and self._reading.locked()):
            return self._values
        async with self._reading:
            if not self._is_fresh(now_us):
                await self._read(now_us)
        return self._values

    async def _read(self, now_us: int) -> None:
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                self._values = await seen.lately(self._database, now_us)
        except (TimeoutError, DatabaseError, OSError):
            pass  # asked again when this is no longer fresh, not with the next letter
        self._read_at = now_us

    def _is_fresh(self, now_us: int) -> bool:
        return self._read_at is not None and 0 <= now_us - self._read_at < FRESH_US
