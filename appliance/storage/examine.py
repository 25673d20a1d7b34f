"""Is this server, with these rights, one that hepbox can store in? Asked by `hepbox doctor`."""

import re
from dataclasses import dataclass

from appliance.storage.connection import Database, DatabaseError

_RIGHTS = (
    ("CREATE", "CREATE TABLE IF NOT EXISTS hepbox_doctor (id INT PRIMARY KEY, note VARBINARY(9)) ENGINE=InnoDB"),
    ("INSERT", "INSERT INTO hepbox_doctor VALUES (1, 'x')"),
    ("SELECT", "SELECT note FROM hepbox_doctor"),
    ("UPDATE", "UPDATE hepbox_doctor SET note = 'y'"),
    ("DELETE", "DELETE FROM hepbox_doctor"),
    ("ALTER", "ALTER TABLE hepbox_doctor COMMENT 'made and dropped by hepbox doctor'"),
    ("DROP", "DROP TABLE hepbox_doctor"),
)


@dataclass(frozen=True, slots=True)
class ServerFacts:
    """What a database server said about itself."""

    version: str
    is_mariadb: bool
    number: tuple[int, int]
    """Major and minor version."""
    takes_bulk_loads: bool
    """LOAD DATA LOCAL is switched on."""
    longest_statement_bytes: int
    missing_right: str | None
    """The first right that the user lacks on this database, with the server's words."""


async def examine(database: Database) -> ServerFacts:
    """Ask the server, and try each right on a table of its own. Raises DatabaseError when it cannot be asked."""
    asked = await database.fetch_one("SELECT VERSION(), @@local_infile, @@max_allowed_packet")
    assert asked is not None
    version = str(asked[0])
    return ServerFacts(
        version=version,
        is_mariadb="mariadb" in version.lower(),
        number=version_number(version),
        takes_bulk_loads=bool(int(asked[1])),
        longest_statement_bytes=int(asked[2]),
        missing_right=await _missing_right(database),
    )


def version_number(version: str) -> tuple[int, int]:
    """`10.11.19-MariaDB-0+deb12u1` -> (10, 11); (0, 0) when there is no number in it."""
    found = re.search(r"(\d+)\.(\d+)", version)
    return (int(found[1]), int(found[2])) if found else (0, 0)


async def _missing_right(database: Database) -> str | None:
    for right, statement in _RIGHTS:
        try:
            await database.execute(statement)
        except DatabaseError as error:
            return f"{right} ({error.args[-1]})"
    return None
