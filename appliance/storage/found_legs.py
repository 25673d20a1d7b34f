"""Which calls are legs of one call, read for whoever opens it: by the settler's edges and by what people decided.

A decision holds at once here, before the settler has folded its calls anew.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace

from appliance.calls.joins.edge import Edge, Ground, Place
from appliance.calls.joins.graph import MOST_LEGS, component, reasons
from appliance.calls.joins.naming import Naming
from appliance.model.ids import callid_hash
from appliance.model.octets import octets
from appliance.model.rows import CallRow, MessageRow
from appliance.storage import calls, leg_decisions, legs
from appliance.storage.connection import Database

ASKED_FOR = "asked for"
MOST_POSSIBLE = 20


@dataclass(frozen=True, slots=True)
class FoundLeg:
    """One call as a leg of another."""

    record: CallRow
    why: str
    confidence: float
    shown: bool = True
    """Whether its messages are among those read."""
    of: str = ""
    """Call-ID of the leg that the reason joins it with."""

    @property
    def callid(self) -> str:
        return self.record.callid

    @property
    def started(self) -> int:
        return self.record.started

    @property
    def ended(self) -> int:
        return self.record.ended

    @property
    def was_asked_for(self) -> bool:
        return self.why == ASKED_FOR


@dataclass(frozen=True, slots=True)
class FoundLegs:
    """Legs, the earliest first; possible ones, the surest first."""

    legs: tuple[FoundLeg, ...]
    possible: tuple[FoundLeg, ...]

    def only(self, callids: Collection[str] | None) -> "FoundLegs":
        """With only these shown, if any of them is a leg."""
        if callids is None or not any(leg.callid in callids for leg in self.legs):
            return self
        return replace(self, legs=tuple(replace(leg, shown=leg.callid in callids) for leg in self.legs))


def with_headers(legs: Iterable[FoundLeg], rows: Iterable[MessageRow], chosen: Sequence[str]) -> tuple[FoundLeg, ...]:
    """With the name of the header in each reason, as these messages of the legs have it; `chosen` are the operator's
    correlation headers."""
    naming = Naming(rows, chosen)
    return tuple(replace(leg, why=naming.reason(leg.why, leg.callid, leg.of)) if leg.of else leg for leg in legs)


async def legs_of(database: Database, names: set[str], record: CallRow, hash_: int) -> FoundLegs:
    """The legs of a call; `hash_` is that of its whole Call-ID."""
    place = record.started, hash_
    around = _Around({place: record})
    frontier = {place}
    for _ in range(MOST_LEGS):
        frontier = await around.read(database, names, frontier)
        if not frontier:
            break
    members = component(place, around.of)
    edges = [edge for member in members for edge in around.of(member)]
    why = reasons(place, members, edges)
    found = [around.leg(member, why.get(member)) for member in members]
    return FoundLegs(tuple(found), tuple(around.possible(members)[:MOST_POSSIBLE]))


@dataclass(slots=True)
class _Around:
    """What was read around a call so far."""

    records: dict[Place, CallRow]
    edges: dict[Place, dict[Place, Edge]] = field(default_factory=dict)

    def of(self, place: Place) -> Iterable[Edge]:
        return self.edges.get(place, {}).values()

    def leg(self, place: Place, edge: Edge | None, shown: bool = True) -> FoundLeg:
        """The call there with what its edge says; without one it is the call that was asked for."""
        record = self.records[place]
        if edge is None:
            return FoundLeg(record, ASKED_FOR, 1.0, shown)
        return FoundLeg(record, edge.why, edge.confidence, shown, self.records[edge.seen_from(place)].callid)

    async def read(self, database: Database, names: set[str], places: set[Place]) -> set[Place]:
        """Read the edges of these calls and the records they lead to; returns those that are joined and new."""
        found = await legs.edges_of(database, names, places)
        ends = {edge.seen_from(place) for place, edges in found.items() for edge in edges}
        self.records |= await legs.records(database, names, ends - self.records.keys())
        for place, edges in found.items():
            there = {edge.seen_from(place): edge for edge in edges}
            self.edges.setdefault(place, {}).update({end: edge for end, edge in there.items() if end in self.records})
        await self._decide(database, names, places)
        joined = {edge.seen_from(place) for place in places for edge in self.of(place) if edge.joined}
        return {place for place in joined if place not in self.edges}

    async def _decide(self, database: Database, names: set[str], places: set[Place]) -> None:
        by_callid = {self.records[place].callid: place for place in places}
        for decision in await leg_decisions.about(database, by_callid):
            for callid, other in ((decision.one, decision.other), (decision.other, decision.one)):
                place = by_callid.get(callid)
                if place is not None and decision.joined:
                    await self._make(database, names, place, other, decision.why)
                elif place is not None:
                    self._cut(place, callid_hash(octets(other)), decision.by)

    async def _make(self, database: Database, names: set[str], place: Place, callid: str, why: str) -> None:
        found = await calls.of_callid(database, names, octets(callid))
        if not found:
            return
        record = min(found, key=lambda one: abs(one.started - place[0]))
        other = record.started, callid_hash(octets(callid))
        self.records.setdefault(other, record)
        self.edges.setdefault(place, {})[other] = Edge(place, other, Ground.MADE, True, 1.0, why)

    def _cut(self, place: Place, hash_: int, by: str) -> None:
        for end, edge in self.edges.get(place, {}).items():
            if end[1] == hash_ and edge.joined:
                why = f"cut by {by}; {edge.why}"
                self.edges[place][end] = Edge(edge.one, edge.other, Ground.MADE, False, edge.confidence, why)

    def possible(self, members: Sequence[Place]) -> list[FoundLeg]:
        inside = set(members)
        found: dict[Place, Edge] = {}
        for member in members:
            for edge in self.of(member):
                end = edge.seen_from(member)
                if end not in inside and (end not in found or found[end].confidence < edge.confidence):
                    found[end] = edge
        ordered = sorted(found.items(), key=lambda item: (-item[1].confidence, item[0]))
        return [self.leg(end, edge, shown=False) for end, edge in ordered]
