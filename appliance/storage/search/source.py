"""What a view gives to the frame that pages through days: rows in falling order of a key, and counts."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from appliance.model.kinds import DAY_US, day_start_us
from appliance.model.quality import LogRow, QualityRow
from appliance.model.rows import CallRow, MessageRow
from appliance.storage.search.condition import Condition
from appliance.storage.search.cursor import MessageKey


@dataclass(frozen=True, slots=True)
class Span:
    """[from_us, to_us) of a search, and the key after which its page begins."""

    from_us: int
    to_us: int
    after: MessageKey | None

    def of_day(self, day: date) -> tuple[int, int]:
        """The part of it that lies in a day; with a cursor not after its key."""
        start = day_start_us(day)
        end = min(self.to_us, start + DAY_US)
        return max(self.from_us, start), min(end, self.after[0] + 1) if self.after else end


@dataclass(frozen=True, slots=True)
class Found:
    """A row and its place in the order."""

    key: MessageKey
    row: MessageRow | CallRow | QualityRow | LogRow


class Source(Protocol):
    """One view over the tables that exist."""

    stopped_at: MessageKey | None
    """The last key that was looked at when a limit of the view itself ended the search, else None."""

    async def of_day(self, day: date, most: int, seconds: float) -> list[Found]:
        """At most `most` rows of a day, newest first. Raises statements.TimeOver."""
        ...

    def counts(self, day: date, most: int) -> list[Condition] | None:
        """Statements that count a day's rows, each up to `most`; None when only looking can tell."""
        ...


def counting(table: str, where: Condition, most: int) -> Condition:
    """SELECT that counts rows up to a bound."""
    sql = f"SELECT COUNT(*) FROM (SELECT 1 FROM `{table}` WHERE {where.sql} LIMIT {most:d}) AS counted"  # noqa: S608
    return Condition(sql, where.arguments)
