"""Names of addresses as this process knows them: read every few seconds, and at once after a change made here."""

import asyncio

from appliance.log import logger
from appliance.model.aliases import NONE, Alias, Aliases
from appliance.storage import aliases
from appliance.storage.connection import Database, DatabaseError

EVERY_SECONDS = 3.0
"""A change by command or by another process shows within 5 s (INTERFACES.md, settings)."""


class Names:
    """What templates and searches call addresses."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.aliases: Aliases = NONE

    async def read(self) -> None:
        """Raises DatabaseError or OSError."""
        self.aliases = await aliases.read(self._database)

    async def keep_reading(self, stop: asyncio.Event) -> None:
        """Until stopped; what was known stays while the database does not answer."""
        while not stop.is_set():
            try:
                await self.read()
            except (DatabaseError, OSError) as error:
                logger().debug("aliases_not_read", error=str(error))
            try:
                await asyncio.wait_for(stop.wait(), EVERY_SECONDS)
            except TimeoutError:
                continue

    def of(self, ip: str, port: int | None = 0) -> Alias | None:
        """For templates."""
        return self.aliases.of(ip, port or 0)
