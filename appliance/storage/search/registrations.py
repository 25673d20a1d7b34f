"""The view `registrations`: one row a binding, as it was at the end of the range, the latest hour of REGISTERs first.

Tables hold what each hour says of a binding; the last before the end of the range says what it came to, and is what
terms are asked of. Bindings that were made before the range and last into it are rows too, as far back as LOOK_BACK_US.
Pages stand on the rows that were made when the first page was: what is settled meanwhile would move bindings up the
list, past where a page begins, so that they were missed.
"""

import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from appliance.model.ids import HOUR_US, hour_of_day
from appliance.model.kinds import DAY_US, day_of, day_start_us, registrations_table
from appliance.model.registrations import BindingHour
from appliance.query.tree import And, Node, Term
from appliance.registrations.fold import fold
from appliance.registrations.merge import merge
from appliance.storage import daily_tables
from appliance.storage import registrations as stored
from appliance.storage.connection import Database, Row
from appliance.storage.register_packets import packets_around
from appliance.storage.registrations import COLUMNS, binding_hour
from appliance.storage.search import plan
from appliance.storage.search.binding_columns import leaf
from appliance.storage.search.clock import LEAST_SECONDS, Clock
from appliance.storage.search.condition import TRUE, Condition, all_of
from appliance.storage.search.cursor import BindingKey
from appliance.storage.search.source import Found, Span
from appliance.storage.search.statements import TimeOver, select

LOOK_BACK_US = 24 * HOUR_US
"""Devices that register for longer are few, and refresh sooner all the same."""
SETTLING_US = 2_000_000
"""A row is written within this time after it was made: the youngest are left for the next search."""
CANDIDATES = 250
_ALL_HOURS = range(24)


class Registrations:
    """Bindings that fulfil a tree and registered, or tried to, or were registered within the span."""

    def __init__(self, database: Database, tables: plan.Tables, root: Node | None, span: Span) -> None:
        self.stopped_at: BindingKey | None = None
        self._database = database
        self._tables = tables
        self._root = root
        self._span = span
        self._since_us = max(0, span.from_us - LOOK_BACK_US)
        after = span.after[2] if span.after else ""
        self._made_us = int(after) if after.isdigit() else time.time_ns() // 1000 - SETTLING_US
        self._counted = False

    @property
    def reach(self) -> Span:
        """The days that are looked into."""
        return replace(self._span, from_us=self._since_us)

    async def of_day(self, day: date, most: int, seconds: float) -> list[Found]:
        clock, found, after = Clock(seconds), list[Found](), self._span.after
        if registrations_table(day) not in self._tables.names:
            return []
        try:
            while len(found) < most:
                left = max(clock.left, LEAST_SECONDS)
                rows = await select(self._database, self._candidates(day, after), left)
                found += await self._merged((await self._last(rows, clock))[: most - len(found)], clock)
                if len(rows) < CANDIDATES:
                    break
                after = (rows[-1][2], rows[-1][0], str(self._made_us))
                if clock.left == 0 and len(found) < most:
                    raise TimeOver
        except TimeOver:
            if after == self._span.after:
                raise
            self.stopped_at = after
        return found

    def places(self, day: date) -> list[tuple[str, Condition]] | None:
        return None

    def counts(self, day: date, most: int) -> list[Condition] | None:
        """Asked for the newest day first, it counts the bindings of all: those of days cannot be added up."""
        if self._counted:
            return []
        self._counted = True
        constant = _of_every_hour(self._root)
        hours = [self._hours(one, constant) for one in self._days(self._since_us)]
        if not hours:
            return []
        union = " UNION ALL ".join(each.sql for each in hours)
        counted = (
            f"SELECT COUNT(*) FROM (SELECT binding FROM ({union}) AS hours GROUP BY binding"  # noqa: S608
            f" HAVING MOD(MAX(started * 2 + fits), 2) = 1 LIMIT {most:d}) AS counted"
        )
        return [Condition(counted, tuple(argument for each in hours for argument in each.arguments))]

    def _hours(self, day: date, constant: Condition) -> Condition:
        window, fits = all_of([self._window(), constant]), self._fits()
        sql = (
            f"SELECT binding, started, IF({fits.sql}, 1, 0) AS fits FROM `{registrations_table(day)}`"  # noqa: S608
            f" WHERE {window.sql}"
        )
        return Condition(sql, (*fits.arguments, *window.arguments))

    def _window(self) -> Condition:
        """Rows that the search knows of."""
        return Condition(
            "started >= %s AND started < %s AND made <= %s", (self._since_us, self._span.to_us, self._made_us)
        )

    def _fits(self) -> Condition:
        """Whether a row, if it is its binding's last, makes it one of the answer."""
        in_range = Condition(
            "(started >= %s OR (state = 'registered' AND COALESCE(expires_at, 0) > %s))",
            (self._span.from_us, self._span.from_us),
        )
        asked = TRUE if self._root is None else plan.condition(self._root, leaf(self._span.to_us))
        return all_of([in_range, asked])

    def _candidates(self, day: date, after: BindingKey | None) -> Condition:
        where = [self._window(), self._fits()]
        if after is not None:
            started, binding, _ = after
            where.append(Condition("started <= %s AND (started < %s OR binding < %s)", (started, started, binding)))
        asked = all_of(where)
        sql = (
            f"SELECT binding, hash, started FROM `{registrations_table(day)}` WHERE {asked.sql}"  # noqa: S608
            f" ORDER BY started DESC, binding DESC LIMIT {CANDIDATES:d}"
        )
        return Condition(sql, asked.arguments)

    async def _last(self, rows: Sequence[Row], clock: Clock) -> list[Row]:
        """Those that are the last of their bindings."""
        bindings = {row[0] for row in rows}
        latest: dict[int, int] = defaultdict(int)
        if rows:
            for found in await self._of_bindings(
                "binding, MAX(started)", bindings, rows[-1][2], "GROUP BY binding", clock
            ):
                latest[found[0]] = max(latest[found[0]], found[1])
        kept: dict[int, Row] = {}
        for row in rows:
            if row[2] >= latest[row[0]]:
                kept.setdefault(row[0], row)
        return list(kept.values())

    async def _merged(self, rows: Sequence[Row], clock: Clock) -> list[Found]:
        """The bindings of these rows, with all that the hours of the search say of them."""
        if not rows:
            return []
        columns = f"hour, hash, binding, aor_key, {', '.join(COLUMNS)}"
        of_binding: dict[int, list[BindingHour]] = defaultdict(list)
        places: dict[int, tuple[int, int]] = {}
        for values in await self._of_bindings(columns, {row[0] for row in rows}, self._since_us, "", clock):
            of_binding[values[2]] += await self._as_of_end(binding_hour(values[4:]), values)
            places[values[2]] = max(places.get(values[2], (0, 0)), (values[4], values[3]))
        stars = await self._stars({key for _, key in places.values()}, clock)
        return [
            self._found(row, [*of_binding[row[0]], *stars[places[row[0]][1]]]) for row in rows if of_binding[row[0]]
        ]

    def _found(self, row: Row, hours: Sequence[BindingHour]) -> Found:
        return Found((row[2], row[0], str(self._made_us)), merge(hours, self._span.to_us))

    async def _stars(self, aor_keys: Iterable[int], clock: Clock) -> dict[int, list[BindingHour]]:
        """What took all bindings of these addresses of record away, by aor_key."""
        stars: dict[int, list[BindingHour]] = defaultdict(list)
        of_aor = {stored.star_key(key): key for key in aor_keys}
        for values in await self._of_bindings(f"binding, {', '.join(COLUMNS)}", set(of_aor), self._since_us, "", clock):
            stars[of_aor[values[0]]].append(binding_hour(values[1:]))
        return stars

    async def _as_of_end(self, hour: BindingHour, values: Row) -> list[BindingHour]:
        """The hour; without what came after the end of the range, when it lies within."""
        if hour.ended < self._span.to_us:
            return [hour]
        unit = (hour.started // HOUR_US, values[1])
        packets = await packets_around(self._database, self._tables.names, unit)
        rows = fold([packet for packet in packets if packet.ts < self._span.to_us], unit[0])
        return [row for row in rows if stored.binding_key(row) == values[2]]

    async def _of_bindings(
        self, columns: str, bindings: set[int], since_us: int, closing: str, clock: Clock
    ) -> list[Row]:
        """Rows of bindings from a time on to the end of the range."""
        if not bindings:
            return []
        found: list[Row] = []
        marks = ",".join(["%s"] * len(bindings))
        for day in self._days(since_us):
            sql = (
                f"SELECT {columns} FROM `{registrations_table(day)}`"  # noqa: S608
                f" WHERE hour IN ({self._hours_of(day, since_us)}) AND binding IN ({marks}) AND started >= %s"
                f" AND started < %s AND made <= %s {closing}"
            )
            arguments = (*sorted(bindings), since_us, self._span.to_us, self._made_us)
            found += await select(self._database, Condition(sql, arguments), max(clock.left, LEAST_SECONDS))
        return found

    def _days(self, since_us: int) -> list[date]:
        """Those of the search from a time on that have a table: a range may reach over centuries."""
        parsed = (daily_tables.parsed(name) for name in self._tables.names)
        days = {table.day for table in parsed if table is not None and table.name == registrations_table(table.day)}
        to_us = self._span.to_us
        return sorted(day for day in days if day_start_us(day) < to_us and since_us < day_start_us(day) + DAY_US)

    def _hours_of(self, day: date, since_us: int) -> str:
        first = hour_of_day(since_us) if day == day_of(since_us) else 0
        last = hour_of_day(self._span.to_us - 1) if day == day_of(self._span.to_us - 1) else 23
        return ",".join(str(hour) for hour in _ALL_HOURS if first <= hour <= last)


def _of_every_hour(root: Node | None) -> Condition:
    """What all hours of a binding have in common, when it is asked for: its address of record."""
    parts = root.operands if isinstance(root, And) else (root,)
    test = leaf(0)
    return all_of(test(part) for part in parts if isinstance(part, Term) and part.field == "aor")
