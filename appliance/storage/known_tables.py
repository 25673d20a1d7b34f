"""The names of the tables that exist, remembered for a few seconds: with 90 days of them, asking takes 20 ms."""

import time
from collections.abc import Callable, Iterable
from datetime import date

from appliance.storage.connection import Database
from appliance.storage.daily_tables import all_names, has_calls

REMEMBERED_SECONDS = 5.0


class KnownTables:
    """One process's memory of the catalogue; a table may be gone that it still knows, which the server then says."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._clock = clock
        self._names: set[str] = set()
        self._asked_at = -REMEMBERED_SECONDS

    async def names(self, days: Iterable[date] = ()) -> set[str]:
        """The names; asked anew when they are old, or when tables of calls for one of these days are not among them."""
        old = self._clock() - self._asked_at >= REMEMBERED_SECONDS
        if old or not all(has_calls(self._names, day) for day in days):
            self._names = await all_names(self._database)
            self._asked_at = self._clock()
        return self._names

    def forget(self) -> None:
        """After a fault."""
        self._asked_at = -REMEMBERED_SECONDS
        self._names = set()
