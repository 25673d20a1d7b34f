"""What rotation asks of the database beside the daily tables: who runs, which days were imported, old small rows."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import date
from zlib import crc32

from appliance.model.kinds import day_of
from appliance.storage.connection import Database

STEP_ROWS = 1000
"""Rows a DELETE takes at once: short enough that a writer never waits for its locks."""
_AGED = {
    "leg_decisions": "made_at",
    "ingest_ledger": "stored_at",
    "quarantine": "put_at",
    "sessions": "last_seen_at",
    "sign_in_throttle": "updated_at",
    "shares": "expires_at",
    "pins": "keep_until",
    "notes": "made_at",
}


def lock_name(database: str) -> str:
    """Of the lock that whoever rotates holds: locks are the server's, so the database's name is in it."""
    return f"hepbox rotate {crc32(database.encode()):08x}"


@asynccontextmanager
async def alone(database: Database) -> AsyncIterator[bool]:
    """Whether we are the one who may rotate this database now; a lock of the server's, gone with its connection."""
    async with database.connection() as connection, connection.cursor() as cursor:
        await cursor.execute("SELECT DATABASE()")
        name = lock_name(str((await cursor.fetchone())[0]))
        await cursor.execute("SELECT GET_LOCK(%s, 0)", (name,))
        got = (await cursor.fetchone())[0] == 1
        try:
            yield got
        finally:
            if got:
                await cursor.execute("SELECT RELEASE_LOCK(%s)", (name,))


async def imported_days(database: Database) -> dict[date, date]:
    """For each UTC day that holds imported captures, the UTC day of its last import."""
    rows = await database.fetch("SELECT day, imported_at FROM import_days")
    return {day: day_of(int(imported_us)) for day, imported_us in rows}


async def note_import(database: Database, days: Iterable[date], now_us: int) -> None:
    """These days got packets of an import: they are kept their days from now."""
    for day in sorted(set(days)):
        await database.execute(
            "INSERT INTO import_days (day, imported_at) VALUES (%s, %s)"
            " ON DUPLICATE KEY UPDATE imported_at = GREATEST(imported_at, %s)",
            (day, now_us, now_us),
        )


async def forget_imports(database: Database, days: Iterable[date]) -> None:
    """These days have no tables any more."""
    for day in sorted(set(days)):
        await database.execute("DELETE FROM import_days WHERE day = %s", (day,))


async def prune(database: Database, table: str, before_us: int) -> int:
    """Delete, in small steps, the rows of a table of ours older than that; returns how many. KeyError for others."""
    column, deleted = _AGED[table], 0
    while True:
        count = await database.execute(
            f"DELETE FROM {table} WHERE {column} < %s ORDER BY {column} LIMIT {STEP_ROWS}",  # noqa: S608
            (before_us,),
        )
        deleted += count
        if count < STEP_ROWS:
            return deleted
