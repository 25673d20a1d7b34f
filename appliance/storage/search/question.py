"""What is asked of the tables, within which limits, and how a search can fail."""

from dataclasses import dataclass

from appliance.query.errors import QueryError

MAX_ROWS = 1000
"""Rows of one page at most."""

VIEWS = ("calls", "messages", "quality", "logs")


@dataclass(frozen=True, slots=True)
class Question:
    """A query line over [from_us, to_us); with a cursor those are taken from it."""

    line: str
    from_us: int
    to_us: int
    view: str = "calls"
    limit: int = 100
    cursor: str | None = None
    legs: str = "joined"


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how far one search may look; what was not looked at is said."""

    seconds: float = 20.0
    """For the rows, over all tables."""
    count_seconds: float = 2.0
    count_rows: int = 10_000
    text_seconds: float = 10.0
    text_messages: int = 200_000
    """Messages whose octets are read for `text:` and `header.NAME:`."""


class Unsearchable(QueryError):
    """A field that this version, or this view, cannot search; the sentence says why."""


class BadCursor(ValueError):
    """A cursor that was not made by this search for this question."""


class SearchTimeout(Exception):
    """The time was over before any row was found; the sentence says what was not looked at."""
