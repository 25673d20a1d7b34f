"""What a person chose for how pages look, a text by name; the pages know what it means and read it with distrust."""

from appliance.storage.accounts import User
from appliance.storage.connection import Database

LONGEST = 4000
"""Characters of a value."""
ZONE = "zone"
"""The zone that times are shown in: `UTC`, `browser`, or an IANA name."""


def columns(view: str) -> str:
    """The name of the columns that a view's table has."""
    return f"columns.{view}"


async def kept(database: Database, user: User, name: str) -> str:
    """Empty when nothing was chosen."""
    row = await database.fetch_one("SELECT value FROM preferences WHERE user_id = %s AND name = %s", (user.id, name))
    return str(row[0]) if row else ""


async def keep(database: Database, user: User, name: str, value: str) -> None:
    """An empty value is the default again."""
    assert len(value) <= LONGEST, name
    if not value:
        await database.execute("DELETE FROM preferences WHERE user_id = %s AND name = %s", (user.id, name))
        return
    await database.execute(
        "REPLACE INTO preferences (user_id, name, value) VALUES (%s, %s, %s)", (user.id, name, value)
    )
