"""Which tables there are, remembered by a pool for a moment: of 90 days, asking takes longer than most searches.

A table that is gone since is one that has no rows (statements.select); one that another process made is found a second
later.
"""

import time

from appliance.storage.connection import Database
from appliance.storage.daily_tables import all_names

REMEMBERED_SECONDS = 1.0


async def names(database: Database) -> frozenset[str]:
    """The names of all tables."""
    remembered = database.catalogue
    if remembered is None or time.monotonic() - remembered[0] > REMEMBERED_SECONDS:
        asked_at = time.monotonic()
        remembered = database.catalogue = asked_at, frozenset(await all_names(database))
    return remembered[1]
