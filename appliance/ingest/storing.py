"""Storing a bundle for good: waits for a server that is away, makes tables that are missing, puts aside bad rows."""

import asyncio
from collections import Counter
from collections.abc import Sequence

from appliance.log import logger
from appliance.metrics import Counts
from appliance.settings import MysqlSettings
from appliance.storage import daily_tables
from appliance.storage.bundle import Bundle, NewRow, Quarantined
from appliance.storage.connection import Database, DatabaseError
from appliance.storage.faults import Collided, MissingTable, RefusedRows, RepeatedBatch, ServerAway, StoreError
from appliance.storage.store import Store

FIRST_WAIT_SECONDS = 0.1
LONGEST_WAIT_SECONDS = 2.0

log = logger()


class Interrupted(Exception):
    """The writer was told to stop before the bundle could be stored; it still waits in the buffer."""


class Storing:
    """A writer's way into the tables."""

    def __init__(self, settings: MysqlSettings, writer: int, counts: Counts) -> None:
        self._settings = settings
        self._store = Store(settings, writer)
        self._counts = counts

    async def store(self, bundle: Bundle, stop: asyncio.Event) -> bool:
        """True when stored; False when one of its batches had been stored before. Raises Interrupted."""
        wait = FIRST_WAIT_SECONDS
        while True:
            try:
                await self._once(bundle)
            except RepeatedBatch:
                return False
            except StoreError as error:
                if not isinstance(error, MissingTable | RefusedRows):
                    wait = await self._wait(error, wait, stop)
                continue
            self._count(bundle)
            return True

    async def known(self, names: Sequence[str], stop: asyncio.Event) -> set[str]:
        """Which of these batches are stored. Raises Interrupted."""
        wait = FIRST_WAIT_SECONDS
        while True:
            try:
                return await self._store.known(names)
            except StoreError as error:
                wait = await self._wait(error, wait, stop)

    async def close(self) -> None:
        await self._store.close()

    async def _once(self, bundle: Bundle) -> None:
        """One try; after MissingTable or RefusedRows the next one can succeed."""
        try:
            await self._store.store(bundle)
        except MissingTable:
            await self._make_tables(bundle)
            raise
        except RefusedRows as error:
            await self._put_aside(bundle, str(error))
            raise

    async def _make_tables(self, bundle: Bundle) -> None:
        """CREATE TABLE ends a transaction, so it goes over another connection."""
        try:
            database = await Database.open(self._settings, size=1)
            try:
                for day in sorted({row.table.day for row in bundle.rows}):
                    await daily_tables.ensure_days(database, [day])
                    log.info("tables_made_on_demand", day=str(day))
            finally:
                await database.close()
        except (DatabaseError, OSError) as error:
            raise ServerAway(str(error)) from error

    async def _put_aside(self, bundle: Bundle, reason: str) -> None:
        bad = await self._refused(bundle.rows)
        if not bad:
            raise ServerAway(f"{reason}, yet takes them one by one")
        for row in bad:
            log.warning("row_put_aside", table=row.table.name, reason=reason)
            bundle.quarantine.append(Quarantined(reason, bundle.batches[0][0], "", row.payload))
            self._counts.add("packets_quarantined_total", 1, "refused")
        refused = {id(row) for row in bad}
        bundle.rows = [row for row in bundle.rows if id(row) not in refused]

    async def _refused(self, rows: list[NewRow]) -> list[NewRow]:
        """The rows that the server does not take, by halving."""
        if not rows or await self._store.would_take(rows):
            return []
        if len(rows) == 1:
            return rows
        middle = len(rows) // 2
        return await self._refused(rows[:middle]) + await self._refused(rows[middle:])

    async def _wait(self, error: StoreError, seconds: float, stop: asyncio.Event) -> float:
        if not isinstance(error, Collided):
            log.warning("database_unreachable", error=str(error))
        try:
            await asyncio.wait_for(stop.wait(), seconds)
        except TimeoutError:
            return min(seconds * 2, LONGEST_WAIT_SECONDS)
        raise Interrupted from error

    def _count(self, bundle: Bundle) -> None:
        for kind, packets in Counter(row.table.kind for row in bundle.rows).items():
            self._counts.add("packets_stored_total", packets, kind)
