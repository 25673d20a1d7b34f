"""What reports measured of pinned calls: copied with the call, since its day takes the tables of reports with it."""

from collections.abc import Sequence

import aiomysql

from appliance.model.kinds import day_of, quality_table
from appliance.model.octets import octets
from appliance.model.quality import QualityRow
from appliance.storage import pinned_rows
from appliance.storage.connection import Database

ROWS_AT_ONCE = 500
"""In one block."""
_CALLID_OCTETS = 255


def packed(rows: Sequence[QualityRow]) -> list[bytes]:
    """The bodies of the copies."""
    return [pinned_rows.packed_all(rows[at : at + ROWS_AT_ONCE]) for at in range(0, len(rows), ROWS_AT_ONCE)]


async def write(cursor: aiomysql.Cursor, pin_id: int, bodies: Sequence[bytes]) -> None:
    """In the transaction of the pin."""
    if bodies:
        await cursor.executemany(
            "INSERT INTO pinned_quality (pin_id, number, body) VALUES (%s, %s, %s)",
            [(pin_id, number, body) for number, body in enumerate(bodies)],
        )


async def of_callids(
    database: Database, names: set[str], callids: Sequence[str | bytes], from_us: int, to_us: int, now_us: int
) -> list[QualityRow]:
    """What is pinned of calls with these Call-IDs between two times (both within), of days whose own tables (`names`)
    are gone; in order of time."""
    own = [(callid if isinstance(callid, bytes) else octets(callid))[:_CALLID_OCTETS] for callid in callids]
    if not own:
        return []
    marks = ",".join(["%s"] * len(own))
    bodies = await database.fetch(
        "SELECT body FROM pinned_quality WHERE pin_id IN (SELECT pin_id FROM pinned_messages"  # noqa: S608
        f" JOIN pins ON pins.id = pin_id WHERE pinned_messages.callid IN ({marks}) AND keep_until > %s)",
        (*own, now_us),
    )
    rows = dict.fromkeys(row for (body,) in bodies for row in pinned_rows.quality(body))
    gone = [row for row in rows if from_us <= row.ts <= to_us and quality_table(day_of(row.ts)) not in names]
    return sorted(gone, key=lambda row: row.ts)
