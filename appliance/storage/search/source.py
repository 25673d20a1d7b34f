"""What a view gives to the frame that pages through days: rows in the order of a key, and counts."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol, runtime_checkable

from appliance.model.dialogs import DialogRow
from appliance.model.kinds import DAY_US, day_start_us
from appliance.model.quality import LogRow, QualityRow
from appliance.model.registrations import RegistrationRow
from appliance.model.rows import CallRow, Looked, MessageRow, Total
from appliance.storage.search.condition import Condition
from appliance.storage.search.cursor import BIGGEST, MessageKey


@dataclass(frozen=True, slots=True)
class Span:
    """[from_us, to_us) of a search, and the key after which its page begins."""

    from_us: int
    to_us: int
    after: MessageKey | None
    oldest_first: bool = False

    def of_day(self, day: date) -> tuple[int, int]:
        """The part of it that lies in a day; with a cursor not before its key in the order."""
        start, end = self.left
        return max(start, day_start_us(day)), min(end, day_start_us(day) + DAY_US)

    @property
    def left(self) -> tuple[int, int]:
        """The part of it that the pages before did not have."""
        if self.after is None:
            return self.from_us, self.to_us
        if self.oldest_first:
            return max(self.from_us, self.after[0]), self.to_us
        return self.from_us, min(self.to_us, self.after[0] + 1)

    @property
    def direction(self) -> str:
        """For ORDER BY."""
        return "ASC" if self.oldest_first else "DESC"

    @property
    def further(self) -> str:
        """How a key compares with the one before it."""
        return ">" if self.oldest_first else "<"

    def before(self, low: int, high: int) -> MessageKey:
        """The key that comes right before all of [low, high) in the order."""
        return (low - 1, BIGGEST, "") if self.oldest_first else (high, 0, "")

    def until(self, last: MessageKey, low: int, high: int) -> tuple[int, int]:
        """The part of [low, high) that was read when this key was the last of it that was wanted."""
        return (low, last[0] + 1) if self.oldest_first else (last[0], high)

    def sorted(self, found: "list[Found]") -> "list[Found]":
        return sorted(found, key=lambda each: each.key, reverse=not self.oldest_first)


@dataclass(frozen=True, slots=True)
class Found:
    """A row and its place in the order."""

    key: MessageKey
    row: MessageRow | CallRow | QualityRow | LogRow | RegistrationRow | DialogRow
    after: MessageKey | None = None
    """After which the next page begins when this is the last of one; None: after its key."""

    @property
    def last_key(self) -> MessageKey:
        return self.after or self.key


class Source(Protocol):
    """One view over the tables that exist."""

    stopped_at: MessageKey | None
    """The last key that was looked at when a limit of the view itself ended the search, else None."""

    async def of_day(self, day: date, most: int, seconds: float) -> list[Found]:
        """At most `most` rows of a day, in the order of the span. Raises statements.TimeOver."""
        ...

    def places(self, day: date) -> list[tuple[str, Condition]] | None:
        """Tables of a day and what holds there for the rows; None when only looking can tell."""
        ...


@runtime_checkable
class Countable(Source, Protocol):
    """A source whose rows statements count."""

    def counts(self, day: date, most: int) -> list[Condition] | None:
        """Statements that count a day's rows, each up to `most`; None when only looking can tell."""
        ...


@runtime_checkable
class Counting(Source, Protocol):
    """A source that counts by itself."""

    async def count(self, day: date, most: int, seconds: float, *, quick: bool) -> Total:
        """How many rows a day has, up to about `most`; `quick`: at least so many, of what costs little to know.

        Raises statements.TimeOver.
        """
        ...


@runtime_checkable
class Telling(Source, Protocol):
    """A source that says what it looked at."""

    async def looked(self) -> tuple[Looked, ...]:
        """In the order in which it looked."""
        ...


def counting(table: str, where: Condition, most: int) -> Condition:
    """SELECT that counts rows up to a bound."""
    sql = f"SELECT COUNT(*) FROM (SELECT 1 FROM `{table}` WHERE {where.sql} LIMIT {most:d}) AS counted"  # noqa: S608
    return Condition(sql, where.arguments)
