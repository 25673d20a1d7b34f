"""What is asked of the tables, within which limits, and how a search can fail."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from appliance.model.aliases import NONE, Aliases
from appliance.query.errors import QueryError
from appliance.settings import SearchSettings

MAX_ROWS = 1000
"""Rows of one page at most."""

VIEWS = ("calls", "messages", "registrations", "dialogs", "quality", "logs")


FOLDED = frozenset({"registrations", "dialogs"})
"""Views that are read from the newest alone: their rows are made of many, met at the last of them."""


class Order(StrEnum):
    """Which end of the range the first page begins at."""

    NEWEST_FIRST = "newest"
    OLDEST_FIRST = "oldest"


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
    order: Order = Order.NEWEST_FIRST
    custom_headers: tuple[str, ...] = ()
    """What custom1, custom2 and custom3 are ([sip] custom_headers)."""
    aliases: Aliases = NONE
    """Names of addresses that its line may use."""
    options: str = "folded"
    """In dialogs, whether OPTIONS of the same two ends are one row; else `apart`."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how far one search may look; what was not looked at is said."""

    seconds: float = 20.0
    """For the rows, over all tables."""
    count_seconds: float = 2.0
    count_rows: int = 10_000
    text_seconds: float = 10.0
    text_messages: int = 1_000_000
    """Messages whose octets are read for `text:` and `header.NAME:`."""

    @classmethod
    def of(cls, settings: SearchSettings) -> Self:
        """Those of [search]."""
        seconds, text_seconds = float(settings.seconds), float(settings.text_seconds)
        return cls(seconds=seconds, text_seconds=text_seconds, text_messages=settings.text_messages)


class Unsearchable(QueryError):
    """A field that this version, or this view, cannot search; the sentence says why."""


class BadCursor(ValueError):
    """A cursor that was not made by this search for this question."""


class SearchTimeout(Exception):
    """The time was over before any row was found; the sentence says what was not looked at."""
