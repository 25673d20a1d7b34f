"""A few figures for the dashboard, each from an index and under a time limit: no count of messages is kept yet.

Messages are counted by the blocks of texts that writers stored, each for the minute of its first message.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from appliance.model.kinds import SIP_KINDS, DailyTable, Kind, calls_table, day_start_us, days_between
from appliance.storage import daily_tables
from appliance.storage.connection import Database, DatabaseError, Row
from appliance.storage.store import WRITER_BITS

MINUTE_US = 60_000_000
LATE_US = 3_600_000_000
"""How long after midnight messages of the day before are looked for."""
LIMIT_SECONDS = 2
"""What takes longer is given up: the dashboard then says so in place of a figure."""


@dataclass(frozen=True, slots=True)
class Minute:
    """Calls that began in one minute, by state."""

    start_us: int
    states: dict[str, int]


async def messages_by_minute(database: Database, from_us: int, to_us: int) -> dict[int, int]:
    """Stored messages of all kinds by the first microsecond of the minute; minutes without any are left out."""
    names = await daily_tables.all_names(database)
    found: Counter[int] = Counter()
    for day in days_between(from_us, to_us):
        start = day_start_us(day)
        # A block's number begins with the microsecond of the day at which it was stored: after its messages, or,
        # when that was after midnight, a small one.
        for table in (DailyTable(day, kind) for kind in (*SIP_KINDS, *(k for k in Kind if not k.is_sip))):
            if table.texts in names:
                rows = await _limited(
                    database,
                    f"first_ts DIV {MINUTE_US}, SUM(messages) FROM `{table.texts}`"
                    " WHERE (block >= %s OR block < %s) AND first_ts >= %s AND first_ts < %s GROUP BY 1",
                    (max(0, from_us - start) << WRITER_BITS, LATE_US << WRITER_BITS, from_us, to_us),
                )
                for minute, count in rows:
                    found[int(minute) * MINUTE_US] += int(count)
    return dict(found)


async def calls_by_minute(database: Database, from_us: int, to_us: int) -> list[Minute]:
    """Calls that began in [from, to), by minute and state, oldest first."""
    names = await daily_tables.all_names(database)
    minutes: dict[int, dict[str, int]] = {}
    for day in days_between(from_us, to_us):
        if calls_table(day) not in names:
            continue
        rows = await _limited(
            database,
            f"started DIV {MINUTE_US}, state, COUNT(*) FROM `{calls_table(day)}`"
            " WHERE started >= %s AND started < %s GROUP BY 1, 2",
            (from_us, to_us),
        )
        for minute, state, count in rows:
            minutes.setdefault(int(minute) * MINUTE_US, {})[bytes(state).decode()] = int(count)
    return [Minute(start, states) for start, states in sorted(minutes.items())]


async def anything_stored(database: Database) -> bool:
    """Whether any message was ever stored here."""
    names = await daily_tables.all_names(database)
    for name in sorted((name for name in names if "_texts_" in name), key=lambda name: name[-8:], reverse=True):
        if await database.fetch_one(f"SELECT 1 FROM `{name}` LIMIT 1"):  # noqa: S608
            return True
    return False


async def _limited(database: Database, what: str, arguments: Sequence[object]) -> list[Row]:
    # MariaDB runs what stands in /*M! */, MySQL heeds the hint in /*+ */; each takes the other's for a comment.
    limit = (
        f"/*M! SET STATEMENT max_statement_time = {LIMIT_SECONDS} FOR */"
        f" SELECT /*+ MAX_EXECUTION_TIME({LIMIT_SECONDS * 1000}) */"
    )
    return await database.fetch(f"{limit} {what}", arguments)


def took_too_long(error: DatabaseError) -> bool:
    """Whether a question was given up for LIMIT_SECONDS: MariaDB's 1969, MySQL's 3024."""
    return bool(error.args) and error.args[0] in (1969, 3024)
