"""Edges by key: looks up which other calls have, name or are named by the values of the calls that changed."""

from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from appliance.calls.joins.edge import Edge, Ground, Place
from appliance.calls.joins.keys import MOST_CALLS, SORTS, Key, why_equal, why_named
from appliance.calls.joins.leg import Leg
from appliance.model.ids import HOUR_US
from appliance.model.kinds import day_of
from appliance.model.octets import text
from appliance.storage import calls, daily_tables, legs
from appliance.storage.connection import Database
from appliance.storage.legs import Keyed

BACK_HOURS = 4
"""A call may name one that began so long before: transfers, conferences."""
MOST_PLACES = 50_000


class Changed(Protocol):
    """What is asked of a folded call."""

    @property
    def leg(self) -> Leg: ...
    @property
    def keys(self) -> tuple[Key, ...]: ...
    @property
    def is_new(self) -> bool: ...


@dataclass(slots=True)
class ByKey:
    """What keys say."""

    edges: list[Edge] = field(default_factory=list)
    rows: list[tuple[Place, str, Key]] = field(default_factory=list)
    """Keys to be written."""
    worn: list[tuple[Place, str]] = field(default_factory=list)
    """Calls, and reasons by which they must not be joined any more."""

    @property
    def worn_places(self) -> set[Place]:
        return {place for place, _ in self.worn}


class KeyJoins:
    """Knows which keys of which calls were looked up, for each is once."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._seen: OrderedDict[Place, frozenset[Key]] = OrderedDict()

    def clear(self) -> None:
        self._seen.clear()

    async def of(self, changed: Sequence[Changed], gone: set[Place], names: set[str]) -> ByKey:
        """Edges between these calls, and from them to stored ones, of which `gone` are there no more."""
        found = ByKey()
        fresh = {each.leg.place: self._fresh(each) for each in changed}
        named = await self._named(changed, fresh, gone, names)
        having = await self._having(changed, fresh, gone, names)
        for each in changed:
            place = each.leg.place
            for key in fresh[place]:
                others = {one.place: one.callid for one in having[key.hash] if one.key == key and one.place != place}
                if len({*others.values(), each.leg.callid}) > MOST_CALLS:
                    found.worn += [
                        (other, why) for other in (*others, place) for why in (why_equal(key), why_named(key))
                    ]
                else:
                    found.edges += self._edges(place, key, named.get(key.value, set()), others)
                found.rows += self._rows(each, key, having[key.hash])
            if each.is_new:
                self._naming(each, [one for one in having[place[1]] if one.key.names(each.leg.callid)], found)
        while len(self._seen) > MOST_PLACES:
            self._seen.popitem(last=False)
        return found

    def _fresh(self, each: Changed) -> tuple[Key, ...]:
        """Keys that were not looked up yet."""
        place = each.leg.place
        before = self._seen.get(place, frozenset())
        if each.keys:
            self._seen[place] = before | frozenset(each.keys)
            self._seen.move_to_end(place)
        return tuple(key for key in each.keys if key not in before)

    @staticmethod
    def _edges(place: Place, key: Key, named: Iterable[Place], others: Iterable[Place]) -> list[Edge]:
        """To the call that the key names, and to those that have the same."""
        whys = dict.fromkeys(others, why_equal(key)) if key.may_equal else {}
        whys |= dict.fromkeys(named, why_named(key)) if SORTS[key.sort].naming else {}
        whys.pop(place, None)
        return [Edge(place, other, Ground.KEY, True, 1.0, why) for other, why in sorted(whys.items())]

    @staticmethod
    def _naming(each: Changed, others: Sequence[Keyed], found: ByKey) -> None:
        if len({one.callid for one in others}) > MOST_CALLS:
            return
        place = each.leg.place
        found.edges += [
            Edge(one.place, place, Ground.KEY, True, 1.0, why_named(one.key)) for one in others if one.place != place
        ]

    @staticmethod
    def _rows(each: Changed, key: Key, there: Sequence[Keyed]) -> list[tuple[Place, str, Key]]:
        """Of a value that so many have already, no more are kept in one hour."""
        place = each.leg.place
        hour = place[0] // HOUR_US
        same = [one for one in there if one.key == key and one.place[0] // HOUR_US == hour and one.place != place]
        return [] if len(same) > MOST_CALLS else [(place, each.leg.callid, key)]

    async def _named(
        self, changed: Sequence[Changed], fresh: dict[Place, tuple[Key, ...]], gone: set[Place], names: set[str]
    ) -> dict[str, set[Place]]:
        """Calls by Call-ID, of those that keys name: of several the nearest in time before the namer, or after it."""
        near: dict[str, list[int]] = defaultdict(list)
        hours: dict[int, set[int]] = defaultdict(set)
        for each in changed:
            for key in fresh[each.leg.place]:
                if SORTS[key.sort].naming:
                    near[key.value].append(each.leg.place[0])
                    for hour in _hours(each.leg.place[0]):
                        hours[hour].add(key.hash)
        found: dict[str, set[Place]] = defaultdict(set)
        for each in changed:
            if each.leg.callid in near:
                found[each.leg.callid].add(each.leg.place)
        by_day: dict[date, list[int]] = defaultdict(list)
        for hour in hours:
            by_day[day_of(hour * HOUR_US)].append(hour)
        for day, some in by_day.items():
            if daily_tables.has_calls(names, day):
                hashes = sorted(set().union(*(hours[hour] for hour in some)))
                for home in await calls.homes(self._database, day, [hour % 24 for hour in some], hashes):
                    if home.hash in hours[home.started // HOUR_US]:
                        found[text(home.callid)].add((home.started, home.hash))
        for places in found.values():
            places -= gone
        return {callid: _nearest(found[callid], times) for callid, times in near.items() if found.get(callid)}

    async def _having(
        self, changed: Sequence[Changed], fresh: dict[Place, tuple[Key, ...]], gone: set[Place], names: set[str]
    ) -> dict[int, list[Keyed]]:
        """Calls that have these keys, or name these calls, by hash."""
        hours: dict[int, set[int]] = defaultdict(set)
        found: dict[int, list[Keyed]] = defaultdict(list)
        of_turn: set[tuple[Place, Key]] = set()
        for each in changed:
            place = each.leg.place
            for key in fresh[place]:
                for hour in _hours(place[0]):
                    hours[hour].add(key.hash)
            for key in each.keys:
                of_turn.add((place, key))
                found[key.hash].append(Keyed(place, each.leg.callid, key))
            if each.is_new:
                for hour in range(place[0] // HOUR_US - 1, place[0] // HOUR_US + 2):
                    hours[hour].add(place[1])
        for one in await legs.keyed(self._database, names, hours):
            if (one.place, one.key) not in of_turn and one.place not in gone:
                found[one.key.hash].append(one)
        return found


def _hours(start_us: int) -> range:
    return range(start_us // HOUR_US - BACK_HOURS, start_us // HOUR_US + 2)


def _nearest(places: set[Place], times_us: Sequence[int]) -> set[Place]:
    """The call that a name means, for each that names it."""
    return {min(places, key=lambda place: (abs(place[0] - time_us), place)) for time_us in times_us}
