"""Keys of calls that a driver's lookups find: read from the indexes alone, day by day, as long as they are few."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from appliance.model.kinds import calls_table
from appliance.storage.connection import Database, Row
from appliance.storage.search import plan
from appliance.storage.search.clock import Clock
from appliance.storage.search.condition import Condition, any_of
from appliance.storage.search.lookups import LONG, Driver, Lookup
from appliance.storage.search.statements import select

MOST_KEYS = 2000
"""Of a day: what more calls have is found sooner by reading through the newest."""
FEW_KEYS = 60
"""What a lookup may find in a day when several days are asked at once."""
PARTS_AT_ONCE = 32
"""Lookups of a statement, each in a day."""


class Key(NamedTuple):
    """Where a row of calls lies, in the order of searches."""

    started: int
    hash: int
    hour: int
    leg: int


class Keys:
    """What a driver finds in the tables that exist."""

    def __init__(self, database: Database, tables: plan.Tables, driver: Driver, apart: bool) -> None:
        """`apart`: every leg is a row of its own."""
        self._database = database
        self._tables = tables
        self._driver = driver
        self._apart = apart
        self._read: dict[tuple[date, int], list[Key] | None] = {}
        self._not_few: set[date] = set()
        """Days in which a lookup found more than FEW_KEYS."""

    async def look_ahead(self, days: Sequence[date], first_hour: int, clock: Clock) -> None:
        """Read what is rare of several days at once, the newest first, not before an hour of the oldest. Raises
        TimeOver."""
        if self._driver.rank > LONG or not days:
            return
        asked = [(day, first_hour if day == days[-1] else 0) for day in days if calls_table(day) in self._tables.names]
        step = max(1, PARTS_AT_ONCE // len(self._driver.lookups))
        for start in range(0, len(asked), step):
            parts = [
                (place, self._statement(lookup, *place, FEW_KEYS))
                for place in asked[start : start + step]
                for lookup in self._driver.lookups
            ]
            rows = await select(self._database, _together([part for _, part in parts]), clock.left)
            self._remember([place for place, _ in parts], rows)

    def _remember(self, places: Sequence[tuple[date, int]], rows: Sequence[Row]) -> None:
        by_part = Counter(row[0] for row in rows)
        cut = {places[part] for part, count in by_part.items() if count > FEW_KEYS}
        self._not_few |= {day for day, _ in cut}
        found: dict[tuple[date, int], set[Key]] = {place: set() for place in places if place not in cut}
        for part, *values in rows:
            if places[part] in found:
                found[places[part]].add(Key(*values))
        self._read |= {place: list(keys) for place, keys in found.items()}

    async def of_day(self, day: date, first_hour: int, clock: Clock) -> list[Key] | None:
        """Rows that stand for calls which began on a day, not before an hour, the newest first; None when they are
        many. Raises TimeOver."""
        own = await self._found(day, first_hour, clock)
        if own is None or self._apart:
            return own and sorted(own, reverse=True)
        next_ = day + timedelta(days=1)
        following = await self._found(next_, 0, clock)
        if following is None:
            return None
        later = {part: [key for key in keys if key.leg > 0] for part, keys in ((day, own), (next_, following))}
        firsts = {key for key in own if key.leg == 0} | await self._first_legs(day, later, clock)
        return sorted(firsts, reverse=True)

    async def hashes_of(self, day: date, keys: Sequence[Key], clock: Clock) -> list[int]:
        """Hashes of the Call-IDs of these calls, all of their legs included."""
        found = {key.hash for key in keys}
        for part in () if self._apart or not keys else (day, day + timedelta(days=1)):
            if calls_table(part) in self._tables.names:
                sql = (
                    f"SELECT STRAIGHT_JOIN leg.hash FROM ({_joined(day, keys)}) AS call_"  # noqa: S608
                    f" JOIN `{calls_table(part)}` AS leg FORCE INDEX (joined) ON leg.joined = call_.number"
                )
                found |= {hash_ for (hash_,) in await select(self._database, Condition(sql), clock.left)}
        return sorted(found)

    async def _found(self, day: date, first_hour: int, clock: Clock) -> list[Key] | None:
        if calls_table(day) not in self._tables.names:
            return []
        if (day, first_hour) not in self._read:
            self._read[day, first_hour] = await self._few(day, first_hour, clock)
        return self._read[day, first_hour]

    async def _few(self, day: date, first_hour: int, clock: Clock) -> list[Key] | None:
        found: set[Key] = set()
        for lookup in self._driver.lookups:
            statement = self._statement(lookup, day, first_hour, MOST_KEYS)
            if lookup.rank > LONG or day in self._not_few:  # counting many takes a tenth of the time of reading them
                sql = f"SELECT COUNT(*) FROM ({statement.sql}) AS counted"  # noqa: S608
                rows = await select(self._database, Condition(sql, statement.arguments), clock.left)
                if rows and rows[0][0] > MOST_KEYS:
                    return None
            found |= {Key(*row) for row in await select(self._database, statement, clock.left)}
            if len(found) > MOST_KEYS:
                return None
        return list(found)

    def _statement(self, lookup: Lookup, day: date, first_hour: int, most: int) -> Condition:
        hours = ",".join(map(str, range(first_hour, 24)))
        first = " AND leg = 0" if lookup.of_first_leg and not self._apart else ""
        sql = (
            f"SELECT started, hash, hour, leg FROM `{calls_table(day)}` FORCE INDEX (`{lookup.index}`)"  # noqa: S608
            f" WHERE hour IN ({hours}) AND {lookup.where.sql}{first} LIMIT {most + 1:d}"
        )
        return Condition(sql, lookup.where.arguments)

    async def _first_legs(self, day: date, later: Mapping[date, Sequence[Key]], clock: Clock) -> set[Key]:
        """The earliest legs, of a day, of the calls that these are later legs of."""
        parts = [_joined(part, keys) for part, keys in later.items() if keys]
        if not parts:
            return set()
        sql = (
            f"SELECT STRAIGHT_JOIN started, hash, hour, leg FROM ({' UNION '.join(parts)}) AS later"  # noqa: S608
            f" JOIN `{calls_table(day)}` AS first FORCE INDEX (joined) ON first.joined = later.number WHERE leg = 0"
        )
        return {Key(*row) for row in await select(self._database, Condition(sql), clock.left)}


def _joined(day: date, keys: Sequence[Key]) -> str:
    """SELECT of the numbers of the joined calls that these are legs of."""
    table = f"`{calls_table(day)}` FORCE INDEX (PRIMARY)"
    starts = ",".join(str(key.started) for key in keys)  # `+ 0`: not one range for every pair of hash and start
    where = f"{among(keys).sql} AND started + 0 IN ({starts}) AND joined > 0"
    return f"SELECT DISTINCT joined AS number FROM {table} WHERE {where}"  # noqa: S608


def _together(parts: Sequence[Condition]) -> Condition:
    """All rows of these SELECTs, each with the place of its own before it."""
    named = [part.sql.replace("SELECT ", f"SELECT {place:d} AS part, ", 1) for place, part in enumerate(parts)]
    sql = "SELECT * FROM (" + " UNION ALL ".join(f"({part})" for part in named) + ") AS parts"  # noqa: S608
    return Condition(sql, tuple(argument for part in parts for argument in part.arguments))


def among(keys: Iterable[Key]) -> Condition:
    """Rows of these hours and hashes; the same Call-ID may have begun twice in an hour, so compare `started` too."""
    by_hour: dict[int, list[int]] = defaultdict(list)
    for key in keys:
        by_hour[key.hour].append(key.hash)
    return any_of(
        Condition(f"(hour = {hour:d} AND hash IN ({','.join(map(str, sorted(set(hashes))))}))")
        for hour, hashes in sorted(by_hour.items())
    )
