"""What a search looked at: which tables, by which index, and how much of them was read through."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from appliance.model.rows import Looked
from appliance.query.tree import Node, Term, Word, leaves
from appliance.storage.connection import Database, DatabaseError
from appliance.storage.search.lookups import Driver

PARTS = 8
MANY = "many have it"
"""Why there was an index, and the newest rows were read nevertheless."""


def by_index(table: str, driver: Driver, rows: int) -> Looked:
    """Rows that the indexes of a driver led to."""
    return Looked(table, tuple(dict.fromkeys(lookup.index for lookup in driver.lookups)), rows, exact=True)


def without_index(root: Node | None, fields: Iterable[str]) -> str:
    """Which of the query's terms are in no index of these fields."""
    missing = [_name(leaf) for leaf in leaves(root) if not (isinstance(leaf, Term) and leaf.field in fields)]
    return "no index for " + ", ".join(dict.fromkeys(missing)) if missing else ""


def _name(leaf: Term | Word) -> str:
    if isinstance(leaf, Word):
        return "a bare word"
    return f"header.{leaf.header}" if leaf.header else leaf.field


async def read_through(
    database: Database, table: str, column: str, parts: Sequence[tuple[int, int]], why: str
) -> Looked:
    """How many rows lie in these parts of time, as the server estimates them: counting takes as long as reading."""
    low, high = min(part[0] for part in parts), max(part[1] for part in parts)
    rows = await _estimated(database, table, column, low, high)
    return Looked(table, (), rows, exact=False, why=why, from_us=low, to_us=high)


async def _estimated(database: Database, table: str, column: str, low: int, high: int) -> int:
    """The sum over PARTS: of one range InnoDB never says more than half of the table."""
    index = "PRIMARY" if column == "micro_ts" else column
    bounds = [low + (high - low) * part // PARTS for part in range(PARTS + 1)]
    part = f"SELECT 1 FROM `{table}` FORCE INDEX ({index}) WHERE {column} >= %s AND {column} < %s"  # noqa: S608
    try:
        async with database.connection() as connection, connection.cursor() as cursor:
            await cursor.execute(
                "EXPLAIN " + " UNION ALL ".join([part] * PARTS),
                [bound for pair in pairwise(bounds) for bound in pair],
            )
            place = [name for name, *_ in cursor.description].index("rows")
            told = [row[place] for row in await cursor.fetchall()]
    except DatabaseError:
        return 0  # the table was dropped meanwhile
    return sum(int(rows) for rows in told if rows)
