"""Joins calls into one: for the calls that a turn of the settler folded, their edges and the groups they form.

An edge is found when the later of its two calls settles. Edges by a key stay; those by score are decided anew whenever
a call changes that may speak for or against them; what people decided is above both. Everything kept in memory here
is in the tables too, and read from there when it is not known.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from appliance.calls.joins.edge import Edge, Ground, Place
from appliance.calls.joins.graph import component
from appliance.calls.joins.keys import Key
from appliance.calls.joins.leg import Leg, place_of
from appliance.calls.joins.pairs import Pairs
from appliance.calls.joins.together import Together
from appliance.calls.joins.window import Window
from appliance.ingest.key_joins import KeyJoins
from appliance.ingest.known_edges import KnownEdges
from appliance.model.ids import callid_hash
from appliance.model.octets import octets
from appliance.storage import calls, leg_decisions, legs
from appliance.storage.connection import Database
from appliance.storage.leg_decisions import Decision
from appliance.storage.leg_writes import Group, LegWrites

ALONE = Group()


@dataclass(frozen=True, slots=True)
class Changed:
    """A call that was folded."""

    leg: Leg
    keys: tuple[Key, ...]
    is_new: bool
    """It had no record before."""


@dataclass(frozen=True, slots=True)
class Joined:
    """What came of a turn: the groups of its calls, and what else is to be written."""

    groups: dict[Place, Group]
    writes: LegWrites


class Joining:
    """One settler's joins."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._window = Window()
        self._edges = KnownEdges(database)
        self._keys = KeyJoins(database)
        self._together = Together()
        self._decisions: dict[frozenset[int], Decision] = {}
        self._decided: dict[int, list[Decision]] = {}
        self._knows_decisions = False

    def decided(self) -> None:
        """Somebody joined or cut calls."""
        self._knows_decisions = False

    def forget(self) -> None:
        """After a fault, begin again from the tables."""
        self._window.clear()
        self._edges.clear()
        self._keys.clear()
        self._knows_decisions = False

    async def turn(self, changed: Sequence[Changed], gone: Iterable[Place], names: set[str]) -> Joined:
        """Find edges and groups; `gone` are places of records that no new one takes."""
        await self._prepare(changed, names)
        gone = list(gone)
        for place in gone:
            self._window.remove(place)
        for each in changed:
            self._window.put(each.leg)
        places = [each.leg.place for each in changed]
        by_key = await self._keys.of(changed, set(gone), names)
        found = [*by_key.edges, *await self._made(changed, names)]
        touched, scored = self._pairs(found).around(places)
        self._edges.begin(each.leg.place for each in changed if each.is_new)
        ends = {end for edge in (*found, *scored) for end in (edge.one, edge.other)}
        await self._edges.load({*places, *touched, *gone, *ends, *by_key.worn_places}, names)
        self._replace(gone, touched, scored, found)
        self._edges.wear(by_key.worn)
        self._decide({*places, *ends})
        groups = await self._groups(places, names)
        facts = {each.leg.place: each.leg.line for each in changed}
        writes = LegWrites(by_key.rows, self._edges.changes(), {}, _keys_gone(gone, changed), self._edges.had(), facts)
        for place in groups.keys() - set(places):
            writes.groups[place] = groups[place]
        self._window.shrink()
        return Joined({place: groups[place] for place in places}, writes)

    def _pairs(self, found: Iterable[Edge]) -> Pairs:
        """Pairs that need a score: those without a better edge, be it one of this turn."""
        new = {end for edge in found for end in ((edge.one, edge.other), (edge.other, edge.one))}
        known = self._edges.is_founded
        return Pairs(self._window, self._together.same, lambda one, other: (one, other) in new or known(one, other))

    async def _prepare(self, changed: Sequence[Changed], names: set[str]) -> None:
        """Have the minutes that calls are compared in, and what people decided."""
        minutes = self._window.missing(
            time_us for each in changed for time_us in (each.leg.place[0], each.leg.moments.invited)
        )
        found = await legs.of_minutes(self._database, names, minutes)
        for minute in minutes:
            self._window.begin(minute, found[minute])
        if not self._knows_decisions:
            self._knows_decisions = True
            self._decisions, self._decided = {}, {}
            for decision in await leg_decisions.all_of(self._database):
                pair = callid_hash(octets(decision.one)), callid_hash(octets(decision.other))
                self._decisions[frozenset(pair)] = decision
                for hash_ in pair:
                    self._decided.setdefault(hash_, []).append(decision)

    async def _made(self, changed: Sequence[Changed], names: set[str]) -> list[Edge]:
        """Edges that somebody made between these and other calls: the other Call-ID's nearest one in time."""
        found: list[Edge] = []
        for each in changed:
            place = each.leg.place
            for decision in self._decided.get(place[1], ()):
                if not decision.joined:
                    continue
                callid = decision.other if callid_hash(octets(decision.one)) == place[1] else decision.one
                others = {place_of(record) for record in await calls.of_callid(self._database, names, octets(callid))}
                others |= {one.leg.place for one in changed if one.leg.callid == callid}
                others.discard(place)
                if others:
                    nearest = min(others, key=lambda other: (abs(other[0] - place[0]), other))
                    found.append(Edge(place, nearest, Ground.MADE, True, 1.0, decision.why))
        return found

    def _replace(
        self, gone: Iterable[Place], touched: Iterable[Place], scored: Iterable[Edge], found: Iterable[Edge]
    ) -> None:
        for place in gone:
            self._edges.drop(place)
        for place in touched:
            self._edges.drop(place, Ground.SCORE)
        for edge in found:
            self._edges.put(edge)
            self._learn(edge)
        for edge in scored:
            self._edges.put(edge)

    def _learn(self, edge: Edge) -> None:
        """A join by a header tells which addresses are one host."""
        one, other = self._window.get(edge.one), self._window.get(edge.other)
        if one is not None and other is not None:
            first, then = sorted((one, other), key=lambda leg: leg.moments.invited)
            self._together.seen(first.destination[0], then.source[0])

    def _decide(self, places: Iterable[Place]) -> None:
        """What people cut is kept as a possible edge, so that it can be made again."""
        if self._decisions:
            for edge in [edge for place in places for edge in self._edges.of(place)]:
                decision = self._decisions.get(frozenset((edge.one[1], edge.other[1])))
                if decision is not None and not decision.joined and edge.joined:
                    why = f"cut by {decision.by}; {edge.why}"
                    self._edges.put(Edge(edge.one, edge.other, Ground.MADE, False, edge.confidence, why))

    async def _groups(self, places: Iterable[Place], names: set[str]) -> dict[Place, Group]:
        """The groups of these calls, and of all whose edges changed."""
        wanted = {*places, *self._edges.changed_places()}
        await self._edges.load_around(wanted, names)
        groups: dict[Place, Group] = {}
        for place in sorted(wanted):
            if place in groups:
                continue
            if not self._edges.of(place):
                groups[place] = ALONE
                continue
            members = component(place, self._edges.of)
            joined = number_of(members[0]) if len(members) > 1 else 0
            for leg, member in enumerate(members):
                groups[member] = Group(len(members), leg, joined)
        return self._edges.new_groups(groups, set(places))


def _keys_gone(gone: Iterable[Place], changed: Iterable[Changed]) -> list[tuple[Place, Key]]:
    """What a call was found by where its record lay before: it has the same keys still."""
    places: dict[int, list[Place]] = {}
    for place in gone:
        places.setdefault(place[1], []).append(place)
    if not places:
        return []
    return [(place, key) for each in changed for key in each.keys for place in places.get(each.leg.place[1], ())]


def number_of(lead: Place) -> int:
    """What the legs of one call share: made of its earliest leg."""
    return callid_hash(b"%d %d" % lead) or 1
