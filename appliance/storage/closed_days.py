"""Keys of calls whose day is over, made anew by value: while a day is written its keys begin with the hour (ADR 2), so
that what is inserted lies together; afterwards what is searched lies together.

Names and columns of the keys stay what they were, only their order differs, so a statement fits either form.
"""

from datetime import date

import aiomysql
import pymysql.err

from appliance.model.kinds import calls_table
from appliance.storage.connection import Database
from appliance.storage.daily_tables import CALLS, LOCK_WAIT_SECONDS, LOCKED, parsed

BY_VALUE = {
    "callid": "hash, hour",
    **{
        column: f"{column}, hour, leg"
        for column in (
            "from_user",
            "to_user",
            "ruri_user",
            "pid_user",
            "from_reversed",
            "to_reversed",
            "ruri_reversed",
            "pid_reversed",
            "source_ip",
            "destination_ip",
        )
    },
}
"""Keys that searches of many days use, each with its columns once its day is over. `status` and `outcome` have few
values, of which each hour holds many: they stay as they are."""


async def open_days(database: Database) -> list[date]:
    """Days that have a key which still begins with the hour, the oldest first."""
    rows = await database.fetch(
        "SELECT DISTINCT table_name FROM information_schema.statistics WHERE table_schema = DATABASE()"
        " AND table_name LIKE %s AND seq_in_index = 1 AND column_name = 'hour' AND index_name IN %s",
        (f"{CALLS}\\_%", tuple(BY_VALUE)),
    )
    tables = [parsed(str(name)) for (name,) in rows]
    return sorted(table.day for table in tables if table is not None)


async def close(database: Database, day: date) -> bool:
    """Make the keys of a day anew, one after the other, while it is searched and written; False when somebody uses the
    table for too long (try later: what is done stays done)."""
    table = calls_table(day)
    async with database.connection() as connection, connection.cursor() as cursor:
        try:
            await cursor.execute("SET lock_wait_timeout = %s", (LOCK_WAIT_SECONDS,))
            for key in await _open_keys(cursor, table):
                await cursor.execute(
                    f"ALTER TABLE `{table}` DROP KEY `{key}`, ADD KEY `{key}` ({BY_VALUE[key]}),"
                    " ALGORITHM=INPLACE, LOCK=NONE"
                )
        except pymysql.err.MySQLError as error:
            if error.args and error.args[0] in LOCKED:
                return False
            raise
        finally:
            connection.close()  # the setting is the session's: it does not go back to the pool
    return True


async def _open_keys(cursor: aiomysql.Cursor, table: str) -> list[str]:
    await cursor.execute(
        "SELECT index_name FROM information_schema.statistics WHERE table_schema = DATABASE()"
        " AND table_name = %s AND seq_in_index = 1 AND column_name = 'hour' AND index_name IN %s",
        (table, tuple(BY_VALUE)),
    )
    return sorted(str(name) for (name,) in await cursor.fetchall())
