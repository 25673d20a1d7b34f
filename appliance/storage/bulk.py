"""Many rows at once, as lines of tab-separated columns (storage.bundle): LOAD DATA LOCAL from memory.

LOAD DATA LOCAL turns errors into warnings, even in strict mode; so a load counts only when it took every row without
any. Servers with local_infile off get INSERTs of many rows.
"""

import contextlib
import os
from collections.abc import Iterator, Sequence

import aiomysql

from appliance.storage.bundle import fields_of
from appliance.storage.faults import RefusedRows

ROWS_AN_INSERT = 500


async def can_load(cursor: aiomysql.Cursor) -> bool:
    """Whether this server takes LOAD DATA LOCAL."""
    await cursor.execute("SELECT @@local_infile")
    (allowed,) = await cursor.fetchone()
    return bool(allowed)


async def load(
    cursor: aiomysql.Cursor, table: str, lines: Sequence[bytes], columns: str = "", replacing: bool = False
) -> None:
    """LOAD DATA from memory; every row without a warning, or RefusedRows.

    `columns` are ours, in parentheses; `replacing` puts rows in place of those with their key.
    """
    how = "REPLACE" if replacing else ""
    with _memory_file(b"".join(lines)) as path:
        taken = await cursor.execute(
            f"LOAD DATA LOCAL INFILE '{path}' {how} INTO TABLE `{table}` CHARACTER SET binary {columns}"
        )
    # the server says it with its answer; asking for @@warning_count would wake both sides once more for each table
    warnings = cursor._result.warning_count
    whole = len(lines) <= taken <= 2 * len(lines) if replacing else taken == len(lines)
    if warnings or not whole:
        raise RefusedRows(f"{table} took {taken} of {len(lines)} rows with {warnings} warnings")


async def insert(
    cursor: aiomysql.Cursor, table: str, lines: Sequence[bytes], columns: str = "", replacing: bool = False
) -> None:
    """The same by INSERT (REPLACE) of many rows, for servers with local_infile off."""
    rows = [fields_of(line) for line in lines]
    marks = "(" + ",".join(["%s"] * len(rows[0])) + ")"
    verb = "REPLACE" if replacing else "INSERT"
    for start in range(0, len(rows), ROWS_AN_INSERT):
        part = rows[start : start + ROWS_AN_INSERT]
        sql = f"{verb} INTO `{table}` {columns} VALUES {','.join([marks] * len(part))}"
        await cursor.execute(sql, [value for row in part for value in row])


async def insert_one(cursor: aiomysql.Cursor, table: str, values: Sequence[int | bytes], columns: str = "") -> None:
    """One row whose octets may be many; `columns` are ours, in parentheses, else all in the table's order.

    The drivers make octets text to put them into a statement, and octets again: 40 ns for each, 12 ms for a block of
    300 KB. Our sessions' sql_mode leaves the backslash its meaning (connection.py).
    """
    literals = [b"%d" % value if isinstance(value, int) else _literal(value) for value in values]
    start = f"INSERT INTO `{table}` {columns} VALUES ("  # noqa: S608
    await cursor.execute(start.encode() + b",".join(literals) + b")")


def _literal(octets: bytes) -> bytes:
    return b"_binary'" + octets.replace(b"\\", b"\\\\").replace(b"'", b"\\'") + b"'"


@contextlib.contextmanager
def _memory_file(content: bytes) -> Iterator[str]:
    descriptor = os.memfd_create("rows")
    try:
        os.write(descriptor, content)
        yield f"/proc/self/fd/{descriptor}"
    finally:
        os.close(descriptor)
