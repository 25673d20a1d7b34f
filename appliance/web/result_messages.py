"""The messages behind the rows of a search, for files of its result: a message's own, of a call or dialog all of them,
of a registration those of its last Call-ID within the range.

The newest are taken, and in the file they stand in order of time with copies folded, as Wireshark and people read them.
"""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from appliance.calls.copies import fold_copies
from appliance.model.dialogs import DialogRow
from appliance.model.kinds import Kind
from appliance.model.octets import octets
from appliance.model.registrations import RegistrationRow
from appliance.model.rows import CallRow, MessageRow, Page
from appliance.storage import messages as stored
from appliance.storage import pins
from appliance.storage.connection import Database
from appliance.storage.search import SearchTimeout
from appliance.web.state import now_us

MOST_MESSAGES = 10_000
MOST_OCTETS = 50_000_000
VIEWS = ("calls", "messages", "registrations", "dialogs")
PAGES = {"calls": 100, "messages": 500, "registrations": 100, "dialogs": 100}
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
    alone: bool
    """Of a call the messages of its own leg only."""
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


async def gathered(
    database: Database, site: str, ask: Ask, bounds: Bounds, since_us: int = 0, *, alone: bool = False
) -> Gathered:
    """The messages of all pages, newest first until the bounds. Registrations may have begun before `since_us`;
    `alone`: of calls without their other legs.

    Raises what `ask` raises for the first page.
    """
    taken = _Taken(bounds, time.monotonic() + bounds.seconds, alone)
    page = await ask(None)
    notes = await _read(database, site, page, taken, since_us)
    while page.next is not None and not notes:
        try:
            page = await ask(page.next)
        except SearchTimeout as error:
            notes = (str(error),)
            break
        notes = await _read(database, site, page, taken, since_us)
    return Gathered(fold_copies(taken.rows.values()), notes)


async def _read(database: Database, site: str, page: Page, taken: _Taken, since_us: int) -> tuple[str, ...]:
    """Take the messages of one page; returns why not all of the search's are taken."""
    messages = [row for row in page.rows if isinstance(row, MessageRow)]
    pinned = [row for row in messages if row.raw is not None]
    taken.take([*pinned, *await stored.with_texts(database, [row for row in messages if row.raw is None])])
    others = [row for row in page.rows if isinstance(row, CallRow | RegistrationRow | DialogRow)]
    left = len(others)
    for row in others:
        taken.take(await _behind(database, site, row, since_us, taken.alone))
        left -= 1
        if taken.why:
            break
    if taken.why and (page.next or left or taken.dropped):
        return (f"these are the newest {len(taken.rows)} messages; {taken.why}: choose a shorter time",)
    return page.notes


async def _behind(
    database: Database, site: str, row: CallRow | RegistrationRow | DialogRow, since_us: int, alone: bool
) -> list[MessageRow]:
    """All messages of a row."""
    callid = octets(row.callid)
    match row:
        case CallRow():
            found = await stored.call(database, site, callid, row.started, [row.callid] if alone else None)
            found = await pins.call(database, callid, row.started, found, now_us())
            return list(found.messages) if found else []
        case RegistrationRow():
            times = max(row.started, min(since_us, row.ended)), row.ended
            return await stored.within(database, site, callid, Kind.REGISTRATION, times)
    return await stored.within(database, site, callid, Kind.REST, (row.started, row.ended))
