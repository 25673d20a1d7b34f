"""Edges of calls as the settler knows them: read when they are not, changed in memory, handed on to be written."""

from collections import OrderedDict
from collections.abc import Iterable, Sequence

from appliance.calls.joins.edge import Edge, Ground, Place
from appliance.calls.joins.graph import MOST_LEGS
from appliance.storage import legs
from appliance.storage.connection import Database
from appliance.storage.leg_writes import Group

MOST_PLACES = 50_000
_ABOVE = {Ground.SCORE: 0, Ground.KEY: 1, Ground.MADE: 2}


class KnownEdges:
    """Both ends of an edge always agree."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: OrderedDict[Place, dict[Place, Edge]] = OrderedDict()
        self._groups: OrderedDict[Place, Group] = OrderedDict()
        self._before: dict[Place, dict[Place, Edge]] = {}
        """What changed places had at the beginning of the turn."""

    def clear(self) -> None:
        self._known.clear()
        self._groups.clear()
        self._before.clear()

    def begin(self, new: Iterable[Place]) -> None:
        """A turn begins; these calls had no record, so nothing is stored of them."""
        self._before.clear()
        while len(self._known) > MOST_PLACES:
            self._known.popitem(last=False)
        while len(self._groups) > MOST_PLACES:
            self._groups.popitem(last=False)
        for place in new:
            self._known.setdefault(place, {})

    async def load(self, places: Iterable[Place], names: set[str]) -> None:
        """Know the edges of these calls and of all that those lead to."""
        ends = await self._read(places, names)
        await self._read(ends, names)

    async def load_around(self, places: Iterable[Place], names: set[str]) -> None:
        """Know all that joined edges lead to."""
        reached = set(places)
        frontier = set(places)
        for _ in range(MOST_LEGS):
            await self._read(frontier, names)
            frontier = {edge.seen_from(place) for place in frontier for edge in self.of(place) if edge.joined} - reached
            if not frontier:
                break
            reached |= frontier

    async def _read(self, places: Iterable[Place], names: set[str]) -> set[Place]:
        """Returns the other ends."""
        wanted = set(places)
        unknown = [place for place in wanted if place not in self._known]
        if unknown:
            for place, edges in (await legs.edges_of(self._database, names, unknown)).items():
                self._known[place] = {edge.seen_from(place): edge for edge in edges}
        for place in wanted:
            self._known.move_to_end(place)
        return {other for place in wanted for other in self._known[place]}

    def of(self, place: Place) -> Iterable[Edge]:
        return self._known.get(place, {}).values()

    def is_founded(self, one: Place, other: Place) -> bool:
        """Whether these calls are known to have an edge by a key, or made."""
        edge = self._known.get(one, {}).get(other)
        return edge is not None and edge.ground is not Ground.SCORE

    def put(self, edge: Edge) -> None:
        """Have this edge, unless a better founded one is between the same calls."""
        there = self._known.get(edge.one, {}).get(edge.other)
        if there is not None and _ABOVE[there.ground] > _ABOVE[edge.ground]:
            return
        for place, other in ((edge.one, edge.other), (edge.other, edge.one)):
            self._remember(place)
            self._known.setdefault(place, {})[other] = edge

    def drop(self, place: Place, ground: Ground | None = None) -> None:
        """Have no edge (of this ground) at a call any more."""
        for edge in list(self.of(place)):
            if ground is None or edge.ground is ground:
                self._drop(edge)

    def wear(self, worn: Iterable[tuple[Place, str]]) -> None:
        """Have no edge of this reason at these calls: its value turned out to be no key."""
        for place, why in worn:
            for edge in list(self.of(place)):
                if edge.ground is Ground.KEY and edge.why == why:
                    self._drop(edge)

    def _drop(self, edge: Edge) -> None:
        for place, other in ((edge.one, edge.other), (edge.other, edge.one)):
            self._remember(place)
            self._known.get(place, {}).pop(other, None)

    def _remember(self, place: Place) -> None:
        if place not in self._before:
            self._before[place] = dict(self._known.get(place, {}))

    def changed_places(self) -> set[Place]:
        return {place for place, before in self._before.items() if not _alike(before, self._known.get(place, {}))}

    def changes(self) -> dict[Place, Sequence[Edge]]:
        """All edges of the calls whose edges changed."""
        return {place: list(self.of(place)) for place in self.changed_places()}

    def had(self) -> frozenset[Place]:
        """Changed calls that had edges at the beginning of the turn."""
        return frozenset([place for place, before in self._before.items() if before])

    def new_groups(self, groups: dict[Place, Group], always: set[Place]) -> dict[Place, Group]:
        """Those that are not known to be written, and `always` these."""
        found: dict[Place, Group] = {}
        for place, group in groups.items():
            if place in always or self._groups.get(place) != group:
                found[place] = group
            self._groups[place] = group
            self._groups.move_to_end(place)
        return found


def _alike(one: dict[Place, Edge], other: dict[Place, Edge]) -> bool:
    """Whether two sets of edges say the same to whoever reads them."""
    if one.keys() != other.keys():
        return False
    return all(_told(one[end]) == _told(other[end]) for end in one)


def _told(edge: Edge) -> tuple[Ground, bool, int, str]:
    return edge.ground, edge.joined, round(edge.confidence * 100), edge.why
