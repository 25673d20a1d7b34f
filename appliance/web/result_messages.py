"""The messages behind the rows of a search, for files of its result: a message's own, of a call all of them.

The newest are taken, and in the file they stand in order of time with copies folded, as Wireshark and people read them.
"""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from appliance.calls.copies import fold_copies
from appliance.model.octets import octets
from appliance.model.rows import CallRow, MessageRow, Page
from appliance.storage import messages as stored
from appliance.storage.connection import Database
from appliance.storage.search import SearchTimeout

MOST_MESSAGES = 10_000
MOST_OCTETS = 50_000_000
VIEWS = ("calls", "messages")
PAGES = {"calls": 100, "messages": 500}
"""Rows that are asked for at once."""

Ask = Callable[[str | None], Awaitable[Page]]
"""A page of the search by its cursor, None for the first."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much a file holds."""

    seconds: float
    messages: int = MOST_MESSAGES
    octets: int = MOST_OCTETS


@dataclass(frozen=True, slots=True)
class Gathered:
    """Messages in order of time; `notes` are sentences about what is missing."""

    messages: list[MessageRow]
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class _Taken:
    """What was read so far, each stored packet once."""

    bounds: Bounds
    deadline: float
    rows: dict[str, MessageRow] = field(default_factory=dict)
    octets: int = 0
    dropped: bool = False
    """Something did not fit any more."""

    def take(self, rows: list[MessageRow]) -> None:
        for row in rows:
            if row.raw is None or row.id in self.rows:
                continue
            self.dropped = self.dropped or self.is_full
            if not self.dropped:
                self.rows[row.id] = row
                self.octets += len(row.raw)

    @property
    def is_full(self) -> bool:
        return len(self.rows) >= self.bounds.messages or self.octets >= self.bounds.octets

    @property
    def why(self) -> str:
        """Why no more is taken; "" while it is."""
        if self.is_full:
            return "there are more"
        return "the time for a file was over" if time.monotonic() > self.deadline else ""


async def gathered(database: Database, site: str, ask: Ask, bounds: Bounds) -> Gathered:
    """The messages of all pages, newest first until the bounds. Raises what `ask` raises for the first page."""
    taken = _Taken(bounds, time.monotonic() + bounds.seconds)
    page = await ask(None)
    notes = await _read(database, site, page, taken)
    while page.next is not None and not notes:
        try:
            page = await ask(page.next)
        except SearchTimeout as error:
            notes = (str(error),)
            break
        notes = await _read(database, site, page, taken)
    return Gathered(fold_copies(taken.rows.values()), notes)


async def _read(database: Database, site: str, page: Page, taken: _Taken) -> tuple[str, ...]:
    """Take the messages of one page; returns why not all of the search's are taken."""
    messages = [row for row in page.rows if isinstance(row, MessageRow)]
    taken.take(await stored.with_texts(database, messages))
    calls = [row for row in page.rows if isinstance(row, CallRow)]
    left = len(calls)
    for row in calls:
        found = await stored.call(database, site, octets(row.callid), row.started)
        taken.take(list(found.messages) if found else [])
        left -= 1
        if taken.why:
            break
    if taken.why and (page.next or left or taken.dropped):
        return (f"these are the newest {len(taken.rows)} messages; {taken.why}: choose a shorter time",)
    return page.notes
