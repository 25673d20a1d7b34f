"""What the benchmark asks of its private database."""

import asyncio
from dataclasses import dataclass

from appliance.model.kinds import DailyTable
from appliance.storage.connection import Database
from appliance.storage.daily_tables import all_names, parsed

FLUSH_SECONDS = 120


@dataclass(frozen=True, slots=True)
class StoredFacts:
    """Sums over all tables of messages."""

    received: int
    """Packets in the batches that are stored."""
    rows: int
    distinct: int
    """Rows with different octets."""
    unsettled: int


async def stored(database: Database) -> StoredFacts:
    """Count everything that is there."""
    rows = distinct = 0
    names = await all_names(database)
    message_tables = [t.name for name in names if (t := parsed(name)) and t.name == DailyTable(t.day, t.kind).name]
    for name in sorted(message_tables):
        (found,) = await database.fetch(f"SELECT COUNT(*), COUNT(DISTINCT payload_hash) FROM `{name}`")  # noqa: S608
        rows += found[0]
        distinct += found[1]
    (sums,) = await database.fetch(
        "SELECT (SELECT COALESCE(SUM(packets), 0) FROM ingest_ledger), (SELECT COUNT(*) FROM call_changes)"
    )
    return StoredFacts(int(sums[0]), rows, distinct, int(sums[1]))


async def is_there(database: Database, table: DailyTable, callid_key: int) -> bool:
    """Whether a message with this key can be found."""
    if table.name not in await all_names(database):
        return False
    found = await database.fetch(f"SELECT 1 FROM `{table.name}` WHERE callid_key = %s LIMIT 1", (callid_key,))  # noqa: S608
    return bool(found)


async def flush_pages(database: Database) -> None:
    """Have the server write its changed pages, so that their cost and size are in the figures."""
    await database.execute("SET GLOBAL innodb_max_dirty_pages_pct = 0")
    await database.execute("SET GLOBAL innodb_max_dirty_pages_pct_lwm = 0")
    for _ in range(FLUSH_SECONDS * 2):
        row = await database.fetch_one("SHOW GLOBAL STATUS LIKE 'Innodb_buffer_pool_pages_dirty'")
        if row is None or int(row[1]) == 0:
            return
        await asyncio.sleep(0.5)
