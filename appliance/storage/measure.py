"""What the benchmark asks of its private database."""

import asyncio
from dataclasses import dataclass

import pymysql.err

from appliance.model.kinds import DailyTable, day_of
from appliance.storage.connection import Database
from appliance.storage.daily_tables import CALLS, all_names, parsed

FLUSH_SECONDS = 120
FLUSHED_PER_SECOND = 20_000
"""Pages. The server's own pace would take minutes for what is written in one, and leave it out of the figures."""
_NO_SUCH_TABLE = 1146


@dataclass(frozen=True, slots=True)
class StoredFacts:
    """Sums over all tables of messages."""

    received: int
    """Packets in the batches that are stored."""
    rows: int
    distinct: int
    """Rows with different octets."""
    unsettled: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an instance is; asking costs it next to nothing, unlike `stored`."""

    received: int
    unsettled: int


async def progress(database: Database) -> Progress:
    """Packets in the batches that are stored, and notes that are not settled."""
    (sums,) = await database.fetch(
        "SELECT (SELECT COALESCE(SUM(packets), 0) FROM ingest_ledger), (SELECT COUNT(*) FROM call_changes)"
    )
    return Progress(int(sums[0]), int(sums[1]))


async def calls_stored(database: Database) -> int:
    """Rows in all tables of calls."""
    count = 0
    for name in sorted(name for name in await all_names(database) if parsed(name) and name.startswith(CALLS)):
        ((found,),) = await database.fetch(f"SELECT COUNT(*) FROM `{name}`")  # noqa: S608
        count += found
    return count


async def stored(database: Database, from_us: int = 0) -> StoredFacts:
    """Count the messages that are there, of those filed since a moment, and what writers and settler say of theirs."""
    rows = distinct = 0
    names = await all_names(database)
    tables = [DailyTable(t.day, t.kind).name for t in map(parsed, names) if t is not None and t.day >= day_of(from_us)]
    for name in sorted(set(tables) & names):
        (found,) = await database.fetch(
            f"SELECT COUNT(*), COUNT(DISTINCT payload_hash) FROM `{name}` WHERE micro_ts >= %s",  # noqa: S608
            (from_us,),
        )
        rows += found[0]
        distinct += found[1]
    so_far = await progress(database)
    return StoredFacts(so_far.received, rows, distinct, so_far.unsettled)


async def is_there(database: Database, table: DailyTable, callid_key: int) -> bool:
    """Whether a message with this key can be found."""
    try:
        found = await database.fetch(f"SELECT 1 FROM `{table.name}` WHERE callid_key = %s LIMIT 1", (callid_key,))  # noqa: S608
    except pymysql.err.ProgrammingError as error:
        if error.args[0] == _NO_SUCH_TABLE:
            return False
        raise
    return bool(found)


async def own_thread(database: Database) -> int:
    """The server's thread that answers this connection, as the system numbers threads."""
    ((thread,),) = await database.fetch("SELECT tid FROM information_schema.processlist WHERE id = CONNECTION_ID()")
    return int(thread)


async def flush_pages(database: Database) -> None:
    """Have the server write its changed pages, so that their cost and size are in the figures."""
    await database.execute(f"SET GLOBAL innodb_io_capacity_max = {FLUSHED_PER_SECOND:d}")
    await database.execute(f"SET GLOBAL innodb_io_capacity = {FLUSHED_PER_SECOND:d}")
    await database.execute("SET GLOBAL innodb_max_dirty_pages_pct = 0")
    await database.execute("SET GLOBAL innodb_max_dirty_pages_pct_lwm = 0")
    for _ in range(FLUSH_SECONDS * 2):
        row = await database.fetch_one("SHOW GLOBAL STATUS LIKE 'Innodb_buffer_pool_pages_dirty'")
        if row is None or int(row[1]) == 0:
            return
        await asyncio.sleep(0.5)
