"""Makes call records: takes the notes of which calls changed, waits until they are quiet, and folds them whole.

A record is always folded from all messages of its call: those that the notes brought, or, when an older part of the
call is not remembered, those in the tables. So it is right whatever their order, and can be made anew at any time.
There is one settler; only it writes call records.
"""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import date
from itertools import islice

from appliance.calls.fold import Countries
from appliance.calls.joins.keys import SUFFIXES
from appliance.geo import countries as geo
from appliance.ingest.folded import Folded, folded_anew, gone
from appliance.ingest.joining import Joining
from appliance.ingest.opinions import Opinions
from appliance.ingest.pending import Pending, is_time
from appliance.ingest.recall import Recall
from appliance.ingest.registering import Registering
from appliance.ingest.session_timers import SessionTimers
from appliance.ingest.spans import Span, days_of
from appliance.ingest.whole import Whole, home_of, read_whole, whole_callid
from appliance.log import logger
from appliance.metrics import Counts
from appliance.model.kinds import DAY_US, calls_table, day_of
from appliance.model.rows import CallRow
from appliance.storage import calls, changes, daily_tables, leg_decisions
from appliance.storage.calls import Settled
from appliance.storage.connection import Database, DatabaseError
from appliance.storage.faults import StoreError
from appliance.storage.known_tables import KnownTables

QUIET_US = 1_000_000
"""A call is folded when nothing came for it for this long,"""
LONGEST_US = 3_000_000
"""or when its first unfolded message has waited this long."""
TURN_SECONDS = 0.4
BUSY_CALLS = 50
BUSY_TURN_SECONDS = 0.8
"""After a turn of BUSY_CALLS or more: its statements cost the same for ten calls as for hundreds."""
CALLS_AT_ONCE = 400
OVERDUE_EVERY_US = 5_000_000

Tell = Callable[[Sequence[CallRow]], Awaitable[None]]
NO_PLACES = geo.Countries(None)
log = logger()


class Settler:
    """The one settler of an appliance."""

    def __init__(
        self,
        database: Database,
        counts: Counts,
        countries: Countries | None = None,
        places: geo.Countries = NO_PLACES,
        suffixes: Sequence[str] = SUFFIXES,
        tell: Tell | None = None,
    ) -> None:
        """`countries` are those of numbers, `places` those of addresses; `suffixes` are what a Call-ID may have behind
        that of the leg that it continues; `tell` is told each turn's records once they are written."""
        self._database = database
        self._counts = counts
        self._countries = countries
        self._places = places
        self._suffixes = tuple(suffixes)
        self._tell = tell
        self._joining = Joining(database)
        self._tables = KnownTables(database)
        self._pending: dict[bytes, Pending] = {}
        self._open_notes: dict[str, set[bytes]] = {}
        self._recall = Recall()
        self._opinions = Opinions(database)
        self._timers = SessionTimers(database)
        self._registering = Registering(database, self._tables, counts)
        self._look_for_overdue_us = 0
        self._no_overdue_before = date.min

    @property
    def waiting(self) -> int:
        """Calls that changed and are not folded yet."""
        return len(self._pending)

    async def run(self, stop: asyncio.Event) -> None:
        """Settle until stopped; a database that is away is waited for."""
        while not stop.is_set():
            try:
                settled = await self.turn(time.time_ns() // 1000)
            except (DatabaseError, StoreError, OSError, RuntimeError) as error:
                log.warning("settling_failed", error=str(error))
                self._forget()
                settled = 0
            if settled < CALLS_AT_ONCE:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), TURN_SECONDS if settled < BUSY_CALLS else BUSY_TURN_SECONDS)

    def _forget(self) -> None:
        """After a fault, begin again from the tables."""
        self._pending.clear()
        self._open_notes.clear()
        self._tables.forget()
        self._recall.clear()
        self._joining.forget()
        self._opinions.forget()
        self._registering.forget()
        self._no_overdue_before = date.min

    async def turn(self, now_us: int) -> int:
        """Fold what is due; returns the number of Call-IDs."""
        for note in await changes.noted(self._database, set(self._open_notes)):
            self._take(note)
        await self._registering.turn(now_us)
        due = (callid for callid, pending in self._pending.items() if pending.is_due(now_us, QUIET_US, LONGEST_US))
        ready = list(islice(due, CALLS_AT_ONCE))
        spans = {callid: self._pending[callid].span for callid in ready}
        if is_time(now_us, self._look_for_overdue_us, OVERDUE_EVERY_US):
            self._look_for_overdue_us = now_us + OVERDUE_EVERY_US
            overdue = await self._overdue(now_us)
            if len(overdue) >= CALLS_AT_ONCE:
                self._look_for_overdue_us = now_us
            for callid, span in overdue.items():
                spans.setdefault(callid, span)
        if spans or self._opinions.waiting or self._finished():
            await self._settle(spans, now_us)
        self._recall.shrink(set(self._pending))
        return len(spans)

    def _take(self, note: changes.Note) -> None:
        left = self._open_notes.setdefault(note.batch, set())
        self._opinions.hear(note.opinions)
        self._registering.hear(note)
        if leg_decisions.is_told_by(note.batch):
            self._joining.decided()
        for change in note.changes:
            if self._recall.is_flood(change):
                self._counts.add("calls_flooded_total", len(change.lines))
                continue
            left.add(change.callid)
            self._recall.add(change)
            self._pending.setdefault(change.callid, Pending()).add(change.first_us, change.last_us, note)

    async def _overdue(self, now_us: int) -> dict[bytes, Span]:
        """Records whose time has come; at first, and after a fault, of all days, since nobody looked meanwhile."""
        names = await self._tables.names()
        found: dict[bytes, Span] = {}
        for day in daily_tables.days_of(names):
            if day < self._no_overdue_before or not daily_tables.has_calls(names, day):
                continue
            for home in await calls.overdue(self._database, day, now_us, CALLS_AT_ONCE - len(found)):
                found[await whole_callid(self._database, home)] = Span(home.started, home.ended)
        if len(found) < CALLS_AT_ONCE:
            self._no_overdue_before = day_of(now_us - 2 * DAY_US)
        return found

    async def _settle(self, spans: dict[bytes, Span], now_us: int) -> None:
        names = await self._tables.names(days_of(us for span in spans.values() for us in (span.first_us, span.last_us)))
        whole = await self._whole(spans, names)
        folded = {callid: self._fold(callid, whole[callid], now_us) for callid in spans}
        folded = await self._timers.told(folded, whole, names, now_us)
        done = self._done_notes(spans)
        found = [one for some in folded.values() for one in some if one.is_in(names)]
        replaced = [home for one in whole.values() for home in one.homes if calls_table(home.day) in names]
        joined = await self._joining.turn([one.changed for one in found], gone(replaced, found), names)
        grouped = [one.with_group(joined.groups) for one in found]
        records = await self._opinions.given(self._with_countries(grouped), names, now_us)
        lowered = await self._opinions.late(lambda callid: self._recall.of(callid).homes, self._pending, names, now_us)
        dues = [(record, self._timers.due(record)) for record in records]
        await calls.write(self._database, Settled(dues, replaced, done, lowered, joined.writes, names))
        self._counts.add("calls_settled_total", len(records))
        for callid, some in folded.items():
            homes = [home_of(callid, one.record) for one in some]
            self._recall.settled(callid, homes, whole[callid].from_memory)
            self._pending.pop(callid, None)
        for note in done:
            del self._open_notes[note]
        if self._tell is not None:
            await self._tell(records)

    async def _whole(self, spans: dict[bytes, Span], names: set[str]) -> dict[bytes, Whole]:
        """All messages of each call: remembered, or read."""
        found: dict[bytes, Whole] = {}
        fresh: dict[bytes, Span] = {}
        for callid, span in spans.items():
            memory = self._recall.of(callid)
            if memory.is_whole:
                found[callid] = Whole(memory.rows(), memory.homes, True)
            else:
                fresh[callid] = span
        if fresh:
            noted = {callid: self._recall.of(callid).rows() for callid in fresh}
            found.update(await read_whole(self._database, fresh, noted, names))
        return found

    def _with_countries(self, records: Sequence[CallRow]) -> list[CallRow]:
        known = [self._places.among(record.source_ip, record.destination_ip) for record in records]
        return [replace(r, countries=codes) if codes else r for r, codes in zip(records, known, strict=True)]

    def _fold(self, callid: bytes, whole: Whole, now_us: int) -> list[Folded]:
        return folded_anew(callid, whole, now_us, self._suffixes, self._countries)

    def _done_notes(self, spans: dict[bytes, Span]) -> list[str]:
        for callid in spans:
            pending = self._pending.get(callid)
            for note in pending.notes if pending is not None else ():
                self._open_notes[note].discard(callid)
        return self._finished()

    def _finished(self) -> list[str]:
        """Notes of which nothing is left to be settled."""
        return [note for note, left in self._open_notes.items() if not left and not self._registering.holds(note)]
