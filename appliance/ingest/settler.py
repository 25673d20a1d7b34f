"""Makes call records: takes the notes of which calls changed, waits until they are quiet, and folds them whole.

A record is always folded from all messages of its call as they are in the tables, so that it is right whatever
their order, and can be made anew at any time. There is one settler; only it writes call records.
"""

import asyncio
import contextlib
import time
from collections import OrderedDict, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from appliance.calls.fold import due, fold
from appliance.ingest.spans import Span, keys_by_day
from appliance.log import logger
from appliance.metrics import Counts
from appliance.model.ids import HOUR_US, callid_hash
from appliance.model.kinds import DAY_US, day_of, days_between
from appliance.model.octets import octets, text
from appliance.model.rows import CallRow, MessageRow
from appliance.storage import calls, changes, daily_tables
from appliance.storage.calls import Home, Settled
from appliance.storage.connection import Database, DatabaseError

QUIET_US = 1_000_000
"""A call is folded when nothing came for it for this long,"""
LONGEST_US = 3_000_000
"""or when its first unfolded message has waited this long."""
TURN_SECONDS = 0.3
CALLS_AT_ONCE = 400
OVERDUE_EVERY_US = 5_000_000
BACK_US = 25 * HOUR_US
"""A call that was silent for longer is another one (INTERFACES: 24 h)."""
REMEMBERED_CALLS = 50_000

log = logger()


@dataclass(slots=True)
class Pending:
    """A changed Call-ID: the span of its new messages, and when they were noted."""

    span: Span
    first_noted_us: int
    last_noted_us: int
    notes: set[str] = field(default_factory=set)

    def is_due(self, now_us: int) -> bool:
        return now_us - self.last_noted_us >= QUIET_US or now_us - self.first_noted_us >= LONGEST_US


class Settler:
    """The one settler of an appliance."""

    def __init__(self, database: Database, counts: Counts) -> None:
        self._database = database
        self._counts = counts
        self._pending: dict[bytes, Pending] = {}
        self._open_notes: dict[str, set[bytes]] = {}
        self._remembered: OrderedDict[bytes, list[Home]] = OrderedDict()
        self._look_for_overdue_us = 0

    async def run(self, stop: asyncio.Event) -> None:
        """Settle until stopped; a database that is away is waited for."""
        while not stop.is_set():
            try:
                settled = await self.turn(time.time_ns() // 1000)
            except (DatabaseError, OSError, RuntimeError) as error:
                log.warning("settling_failed", error=str(error))
                self._forget()
                settled = 0
            if settled < CALLS_AT_ONCE:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), TURN_SECONDS)

    @property
    def waiting(self) -> int:
        """Calls that changed and are not folded yet."""
        return len(self._pending)

    def _forget(self) -> None:
        """After a fault, begin again from the tables."""
        self._pending.clear()
        self._open_notes.clear()
        self._remembered.clear()

    async def turn(self, now_us: int) -> int:
        """Fold what is due; returns the number of Call-IDs."""
        for note in await changes.noted(self._database, set(self._open_notes)):
            self._take(note)
        ready = [callid for callid, pending in self._pending.items() if pending.is_due(now_us)][:CALLS_AT_ONCE]
        spans = {callid: self._pending[callid].span for callid in ready}
        if now_us >= self._look_for_overdue_us:
            self._look_for_overdue_us = now_us + OVERDUE_EVERY_US
            for callid, span in (await self._overdue(now_us)).items():
                spans.setdefault(callid, span)
        if spans or any(not left for left in self._open_notes.values()):
            await self._settle(spans, now_us)
        return len(spans)

    def _take(self, note: changes.Note) -> None:
        left = self._open_notes.setdefault(note.batch, set())
        for change in note.changes:
            left.add(change.callid)
            span = Span(change.first_us, change.last_us)
            pending = self._pending.get(change.callid)
            if pending is None:
                pending = self._pending[change.callid] = Pending(span, note.noted_us, note.noted_us)
            pending.span = pending.span.with_(span)
            pending.last_noted_us = max(pending.last_noted_us, note.noted_us)
            pending.notes.add(note.batch)

    async def _overdue(self, now_us: int) -> dict[bytes, Span]:
        names = await daily_tables.all_names(self._database)
        found: dict[bytes, Span] = {}
        for day in _with_calls(names, days_between(now_us - 2 * DAY_US, now_us + 1)):
            for home in await calls.overdue(self._database, day, now_us, CALLS_AT_ONCE):
                found[home.callid] = Span(home.started, home.ended)
        return found

    async def _settle(self, spans: dict[bytes, Span], now_us: int) -> None:
        names = await daily_tables.all_names(self._database)
        messages = await self._messages(names, spans)
        homes = await self._homes(names, spans, messages)
        longer = {
            callid: spans[callid].with_(*(Span(home.started, home.ended) for home in homes[callid]))
            for callid in spans
            if homes[callid]
        }
        messages.update(await self._messages(names, {c: s for c, s in longer.items() if s.hours != spans[c].hours}))
        folded = {callid: _fold(callid, messages.get(callid[:255], []), now_us) for callid in spans}
        done = self._done_notes(spans)
        records = [(record, due(record)) for found in folded.values() for record in found]
        replaced = [home for found in homes.values() for home in found]
        await calls.write(self._database, Settled(records, replaced, done))
        self._counts.add("calls_settled_total", len(records))
        self._remember(folded)
        for callid in spans:
            self._pending.pop(callid, None)
        for note in done:
            del self._open_notes[note]

    async def _messages(self, names: set[str], spans: dict[bytes, Span]) -> dict[bytes, list[MessageRow]]:
        found: dict[bytes, list[MessageRow]] = defaultdict(list)
        wanted = {callid[:255] for callid in spans}
        for day, keys in keys_by_day({callid_hash(callid): span for callid, span in spans.items()}).items():
            if has_tables(names, day):
                for row in await calls.messages_of(self._database, day, keys):
                    callid = octets(row.callid)
                    if callid in wanted:
                        found[callid].append(row)
        return found

    async def _homes(
        self, names: set[str], spans: dict[bytes, Span], messages: dict[bytes, list[MessageRow]]
    ) -> dict[bytes, list[Home]]:
        """Records that these calls have already: remembered, or looked for as far back as they can lie."""
        homes: dict[bytes, list[Home]] = {callid: [] for callid in spans}
        unknown: dict[bool, list[bytes]] = {True: [], False: []}
        for callid in spans:
            if callid in self._remembered:
                homes[callid] = [home for home in self._remembered[callid] if spans[callid].touches(home, BACK_US)]
            else:
                unknown[_begins(messages.get(callid[:255], []))].append(callid)
        for begins, callids in unknown.items():
            await self._look_up(names, {c: spans[c].wider(HOUR_US if begins else BACK_US) for c in callids}, homes)
        return homes

    async def _look_up(self, names: set[str], spans: dict[bytes, Span], homes: dict[bytes, list[Home]]) -> None:
        by_hash = {callid_hash(callid): callid for callid in spans}
        for day, keys in keys_by_day({hash_: spans[callid] for hash_, callid in by_hash.items()}).items():
            if not has_tables(names, day):
                continue
            hours = {key >> 56 for key in keys}
            hashes = sorted({key & (1 << 56) - 1 for key in keys})
            for home in await calls.homes(self._database, day, hours, hashes):
                callid = by_hash.get(home.hash)
                if callid is not None and callid[:255] == home.callid:
                    homes[callid].append(home)

    def _done_notes(self, spans: dict[bytes, Span]) -> list[str]:
        for callid in spans:
            pending = self._pending.get(callid)
            for note in pending.notes if pending is not None else ():
                self._open_notes[note].discard(callid)
        return [note for note, left in self._open_notes.items() if not left]

    def _remember(self, folded: dict[bytes, list[CallRow]]) -> None:
        for callid, records in folded.items():
            self._remembered[callid] = [_home(callid, record) for record in records]
            self._remembered.move_to_end(callid)
        while len(self._remembered) > REMEMBERED_CALLS:
            self._remembered.popitem(last=False)


def _fold(callid: bytes, messages: Sequence[MessageRow], now_us: int) -> list[CallRow]:
    """The calls of a Call-ID; columns hold only the beginning of a very long one, records are found by all of it."""
    return [replace(record, callid=text(callid)) for record in fold(messages, now_us)]


def _home(callid: bytes, record: CallRow) -> Home:
    hour = record.started // HOUR_US % 24
    return Home(day_of(record.started), hour, callid_hash(callid), record.started, record.ended, callid[:255])


def _begins(messages: Sequence[MessageRow]) -> bool:
    """Whether the INVITE that makes the call is among these."""
    return any(row.method == "INVITE" and not row.to_tag for row in messages)


def has_tables(names: set[str], day: date) -> bool:
    """Whether a day has its tables."""
    return f"calls_{day:%Y%m%d}" in names and f"sip_capture_call_{day:%Y%m%d}" in names


def _with_calls(names: set[str], days: Sequence[date]) -> list[date]:
    return [day for day in days if has_tables(names, day)]
