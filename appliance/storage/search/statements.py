"""Running one statement of a search: never longer than it may, and never on after nobody waits for it."""

import asyncio
from collections.abc import Sequence

import pymysql.err

from appliance.query.errors import QueryError
from appliance.storage.connection import Database, DatabaseError, Row
from appliance.storage.search.condition import Condition

_SELECT = "SELECT "
_INTERRUPTED = frozenset({1969, 3024, 1317})
"""ER_STATEMENT_TIMEOUT of MariaDB, ER_QUERY_TIMEOUT of MySQL, and ER_QUERY_INTERRUPTED that both may say."""
_NO_SUCH_TABLE = 1146
_BAD_EXPRESSION = frozenset({1139, 3685, 3686, 3687, 3688, 3689, 3690, 3691, 3692, 3693, 3694, 3695, 3696, 3697, 3698})
_LEAST_SECONDS = 0.001

# An IN over the messages is worked out once and looked up by hash; joined in row by row it would read them once
# for every call. An EXISTS over other legs is asked of each call that has some, by the index on what joins them.
# Which index is used is said in each statement, so it need not look into it to decide.
_SWITCHES_MARIADB = "optimizer_switch='semijoin=off,in_to_exists=off,exists_to_in=off', eq_range_index_dive_limit=1"
_SWITCHES_MYSQL = "SET_VAR(optimizer_switch='semijoin=off,subquery_materialization_cost_based=off')"


class TimeOver(Exception):
    """The statement took longer than it may."""


async def select(database: Database, wanted: Condition, seconds: float) -> list[Row]:
    """The rows of a SELECT; none when its table was dropped meanwhile. Raises TimeOver, QueryError, DatabaseError."""
    if seconds < _LEAST_SECONDS:
        raise TimeOver
    thread = None
    try:
        async with database.connection() as connection, connection.cursor() as cursor:
            thread = connection.thread_id()
            sql = _limited(wanted.sql, seconds, "MariaDB" in connection.get_server_info())
            await cursor.execute(sql, wanted.arguments)
            return list(await cursor.fetchall())
    except asyncio.CancelledError:
        # the driver has closed the connection, which the server notices only when it has rows to send
        if thread is not None:
            await asyncio.shield(_kill(database, thread))
        raise
    except DatabaseError as error:
        return _meaning(error)


def _limited(sql: str, seconds: float, is_mariadb: bool) -> str:
    if is_mariadb:
        return f"SET STATEMENT max_statement_time={seconds:.3f}, {_SWITCHES_MARIADB} FOR {sql}"
    hints = f"/*+ MAX_EXECUTION_TIME({int(seconds * 1000)}) {_SWITCHES_MYSQL} */"
    return f"{_SELECT}{hints} {sql.removeprefix(_SELECT)}"


def _meaning(error: DatabaseError) -> list[Row]:
    code = error.args[0] if error.args else None
    if code in _INTERRUPTED:
        raise TimeOver from error
    if code == _NO_SUCH_TABLE:
        return []
    if code in _BAD_EXPRESSION:
        raise QueryError("the database cannot use this regular expression; write it more simply") from error
    raise error


async def _kill(database: Database, thread: int) -> None:
    try:
        await database.execute(f"KILL {thread:d}")
    except pymysql.err.MySQLError:
        return  # it ended by itself, or the server is away


def joined(parts: Sequence[str], arguments: Sequence[object]) -> Condition:
    """A whole statement from its clauses."""
    return Condition(" ".join(part for part in parts if part), tuple(arguments))
