"""Names of addresses: all of them are read at once, and each is written by itself or with others of a file."""

from collections.abc import Sequence
from typing import Any

from appliance.model.aliases import Alias, AliasError, Aliases
from appliance.storage.connection import Database

MOST = 10_000
_COLUMNS = "address, port, name, group_name, colour"
_PUT = (
    f"INSERT INTO aliases ({_COLUMNS}, changed_at, changed_by) VALUES (%s, %s, %s, %s, %s, %s, %s)"  # noqa: S608
    " ON DUPLICATE KEY UPDATE name = VALUES(name), group_name = VALUES(group_name), colour = VALUES(colour),"
    " changed_at = VALUES(changed_at), changed_by = VALUES(changed_by)"
)


async def read(database: Database) -> Aliases:
    """All, by name."""
    rows = await database.fetch(f"SELECT {_COLUMNS} FROM aliases ORDER BY name, address, port")  # noqa: S608
    return Aliases(Alias(address, name, port, group, colour) for address, port, name, group, colour in rows)


async def put(database: Database, aliases: Sequence[Alias], by: str, now_us: int) -> None:
    """Write these, whether or not there were some of their addresses and ports: all of them or none.

    Raises AliasError when there were too many then.
    """
    async with database.transaction() as cursor:
        await cursor.executemany(_PUT, [_values(alias, by, now_us) for alias in aliases])
        await cursor.execute("SELECT COUNT(*) FROM aliases")
        row = await cursor.fetchone()
        if row is not None and row[0] > MOST:
            raise AliasError(f"there may be {MOST} aliases, with these there were {row[0]}: name networks", "address")


async def replace_all(database: Database, aliases: Sequence[Alias], by: str, now_us: int) -> None:
    """These and no others."""
    if len(aliases) > MOST:
        raise AliasError(f"there may be {MOST} aliases, these are {len(aliases)}: name networks", "address")
    async with database.transaction() as cursor:
        await cursor.execute("DELETE FROM aliases")
        await cursor.executemany(_PUT, [_values(alias, by, now_us) for alias in aliases])


async def delete(database: Database, address: str, port: int) -> bool:
    """False when there was none."""
    return await database.execute("DELETE FROM aliases WHERE address = %s AND port = %s", (address, port)) == 1


def _values(alias: Alias, by: str, now_us: int) -> tuple[Any, ...]:
    return alias.address, alias.port, alias.name, alias.group, alias.colour, now_us, by
