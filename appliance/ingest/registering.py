"""Keeps registrations: takes the notes of which Call-IDs had REGISTERs, and folds each of their hours anew.

A device that refreshes every minute is folded at most once in LONGEST_US, and many are folded together, so that a
flood of refreshes costs little. What was read of an hour is remembered, so that each packet is read once; the oldest
are forgotten, and read again when more comes. An hour is always folded whole: order and copies do not count.
"""

from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from appliance.ingest.pending import Pending, is_time
from appliance.metrics import Counts
from appliance.model.ids import HOUR_US
from appliance.model.kinds import DailyTable, Kind, day_of, registrations_table
from appliance.model.registrations import BindingHour
from appliance.registrations.exchanges import TOGETHER_US
from appliance.registrations.hour import Hour
from appliance.storage import daily_tables, register_packets, registrations
from appliance.storage.changes import Note
from appliance.storage.connection import Database
from appliance.storage.known_tables import KnownTables
from appliance.storage.register_packets import MOST_PACKETS
from appliance.storage.registrations import Unit, Written

QUIET_US = 2_000_000
"""An hour of a Call-ID is folded when nothing came for it for this long,"""
LONGEST_US = 10_000_000
"""or when its first unfolded packet has waited this long,"""
EVERY_US = 4_000_000
"""and many together: a block of texts that holds packets of many is then read once."""
UNITS_AT_ONCE = 2_000
MOST_REMEMBERED = 30_000
"""Packets; each is about a kilobyte."""

Span = tuple[int, int]


@dataclass(slots=True)
class _Known:
    """All packets around an hour of a Call-ID, and the rows that it has in the table."""

    packets: Hour
    made: dict[int, int] = field(default_factory=dict)
    rows: dict[int, BindingHour] = field(default_factory=dict)


class Registering:
    """The settler's part that keeps registrations."""

    def __init__(self, database: Database, tables: KnownTables, counts: Counts) -> None:
        self._database = database
        self._counts = counts
        self._tables = tables
        self._pending: dict[Unit, Pending] = {}
        self._notes: dict[str, int] = {}
        """How many units of each note are not folded yet."""
        self._known: OrderedDict[Unit, _Known] = OrderedDict()
        self._remembered = 0
        self._next_us = 0

    def holds(self, note: str) -> bool:
        """Whether a note has something that is not folded yet."""
        return note in self._notes

    def forget(self) -> None:
        """After a fault."""
        self._pending.clear()
        self._notes.clear()
        self._known.clear()
        self._remembered = 0

    def hear(self, note: Note) -> None:
        """Take what a note says of REGISTERs."""
        for key, first_us, last_us in note.registered:
            for unit in _units(registrations.hash_of(key), first_us, last_us):
                if self._pending.setdefault(unit, Pending()).add(first_us, last_us, note):
                    self._notes[note.batch] = self._notes.get(note.batch, 0) + 1

    async def turn(self, now_us: int) -> int:
        """Fold what is due; returns the number of hours of Call-IDs."""
        if not self._pending or not is_time(now_us, self._next_us, EVERY_US):
            return 0
        ready = [unit for unit, pending in self._pending.items() if pending.is_due(now_us, QUIET_US, LONGEST_US)]
        if ready:
            self._next_us = now_us + (EVERY_US if len(ready) <= UNITS_AT_ONCE else 0)
            ready = ready[:UNITS_AT_ONCE]
            there = await self._with_tables(ready)
            await self._read({unit: self._pending[unit] for unit in there})
            await self._write(there, now_us)
            self._done(ready)
        return len(ready)

    async def _with_tables(self, units: Sequence[Unit]) -> list[Unit]:
        """Those whose day has messages: rotation may drop a day that still has notes. The folded table is made."""
        days = {day_of(hour * HOUR_US) for hour, _ in units}
        names = await self._tables.names()
        if not all(registrations_table(day) in names for day in days):
            self._tables.forget()
            names = await self._tables.names()
        there = {day for day in days if DailyTable(day, Kind.REGISTRATION).name in names}
        for day in sorted(there):
            if registrations_table(day) not in names:
                await daily_tables.create(self._database, registrations_table(day))
        return [unit for unit in units if day_of(unit[0] * HOUR_US) in there]

    async def _read(self, pending: Mapping[Unit, Pending]) -> None:
        """What came, of hours that are known; of others all."""
        fresh = dict.fromkeys(unit for unit in pending if unit not in self._known)
        for day, units in _by_day(fresh).items():
            for unit, rows in (await registrations.stored(self._database, day, units)).items():
                self._known[unit] = _Known(Hour(unit[0]), {row.binding: row.made for row in rows})
        for unit in fresh:
            self._known.setdefault(unit, _Known(Hour(unit[0])))
        self._remembered += len(fresh)
        more = {unit: (one.first_us, one.last_us) for unit, one in pending.items()
                if unit not in fresh and len(self._known[unit].packets) < MOST_PACKETS}  # fmt: skip
        whole = {unit: self._first_span(unit, pending[unit]) for unit in fresh}
        for spans in (whole, more):
            for hour in sorted({hour for hour, _ in spans}):
                await self._add({unit: span for unit, span in spans.items() if unit[0] == hour})

    def _first_span(self, unit: Unit, came: Pending) -> Span:
        """All of the hour when it has rows; else nothing lies further from what came than an exchange takes."""
        first, last = register_packets.window(unit[0])
        if self._known[unit].made:
            return first, last
        return max(first, came.first_us - TOGETHER_US), min(last, came.last_us + TOGETHER_US)

    async def _add(self, spans: Mapping[Unit, Span]) -> None:
        """Read these spans of one hour's units, and add what was found to what is known of them."""
        hashes = {hash_: (hour, hash_) for hour, hash_ in spans}
        between = min(first for first, _ in spans.values()), max(last for _, last in spans.values())
        touched = {(hour, hash_) for (_, hash_), span in spans.items() for hour in _hours(span)}
        names = await self._tables.names()
        for day, keys in register_packets.keys_of(touched).items():
            if DailyTable(day, Kind.REGISTRATION).name not in names:
                continue
            for key, packet in await register_packets.packets_of(self._database, day, keys, between):
                unit = hashes[registrations.hash_of(key)]
                known, (first, last) = self._known[unit].packets, register_packets.window(unit[0])
                if first <= packet.ts <= last and len(known) < MOST_PACKETS:
                    self._remembered += known.add((packet,))

    async def _write(self, units: Iterable[Unit], now_us: int) -> None:
        rows: dict[Unit, list[tuple[BindingHour, int, int]]] = {}
        gone: dict[Unit, list[int]] = {}
        for unit in units:
            known = self._known[unit]
            folded: dict[int, BindingHour] = {}
            for row in known.packets.rows():
                folded.setdefault(registrations.binding_key(row), row)
            rows[unit] = [(row, binding, known.made.setdefault(binding, now_us)) for binding, row in folded.items()
                          if known.rows.get(binding) != row]  # fmt: skip
            gone[unit] = [binding for binding in known.made if binding not in folded]
            for binding in gone[unit]:
                del known.made[binding]
            known.rows = folded
        if any(rows.values()) or any(gone.values()):
            await registrations.write(self._database, Written(rows, gone))
            self._counts.add("registrations_settled_total", sum(map(len, rows.values())))

    def _done(self, units: Iterable[Unit]) -> None:
        for unit in units:
            for note in self._pending.pop(unit).notes:
                self._notes[note] -= 1
                if not self._notes[note]:
                    del self._notes[note]
            if unit in self._known:
                self._known.move_to_end(unit)
        while self._remembered > MOST_REMEMBERED:
            self._remembered -= 1 + len(self._known.popitem(last=False)[1].packets)


def _units(hash_: int, first_us: int, last_us: int) -> Iterable[Unit]:
    """The hours that packets of these times may change: their own, and the next to it when they are near its edge.

    All packets of a key are of one hour of the day, maybe of several days.
    """
    for own in range(first_us // HOUR_US, last_us // HOUR_US + 1, 24):
        yield own, hash_
        if first_us < own * HOUR_US + TOGETHER_US:
            yield own - 1, hash_
        if last_us >= (own + 1) * HOUR_US - TOGETHER_US:
            yield own + 1, hash_


def _hours(span: Span) -> range:
    return range(span[0] // HOUR_US, span[1] // HOUR_US + 1)


def _by_day(units: Iterable[Unit]) -> dict[date, list[Unit]]:
    days: dict[date, list[Unit]] = defaultdict(list)
    for unit in units:
        days[day_of(unit[0] * HOUR_US)].append(unit)
    return days
