"""Which pairs of calls are joined by their score: only what is far ahead of every rival, seen from both ends.

Fifty calls at once between the same numbers begin within the same second; a pair then is joined when the moments of
ringing, answer and end set it apart, and stays possible when nothing does.
"""

from collections.abc import Callable, Iterable, Sequence

from appliance.calls.joins import weights
from appliance.calls.joins.edge import Edge, Ground, Place
from appliance.calls.joins.leg import Leg
from appliance.calls.joins.score import SameHost, Score, score
from appliance.calls.joins.window import Window

Founded = Callable[[Place, Place], bool]
"""Whether two calls have an edge that is better founded than by a score, so that theirs need not be told."""
MOST_POSSIBLE = 3
"""Possible legs that are kept of one call, the likeliest first."""


class Pairs:
    """One round of decisions over the calls of a window."""

    def __init__(self, window: Window, same_host: SameHost, founded: Founded = lambda one, other: False) -> None:
        self._window = window
        self._same_host = same_host
        self._founded = founded
        self._scores: dict[tuple[Place, Place], Score | None] = {}
        self._near: dict[Place, Sequence[Leg]] = {}

    def around(self, changed: Iterable[Place]) -> tuple[set[Place], list[Edge]]:
        """The calls whose pairs these changes may have changed, and all edges by score that any of them has now."""
        changed = {*changed, *self._window.turned()}
        dirty = [leg for leg in map(self._window.get, changed) if leg is not None]
        touched = {leg.place: leg for leg in dirty}
        for leg in dirty:
            touched.update((near.place, near) for near in self._near_to(leg))
        edges: dict[frozenset[Place], Edge] = {}
        for leg in touched.values():
            for edge in self._edges_of(leg) if self._near_to(leg) else ():
                edges.setdefault(frozenset((edge.one, edge.other)), edge)
        return set(touched), list(edges.values())

    def _edges_of(self, leg: Leg) -> list[Edge]:
        near_by = [near for near in self._near_to(leg) if not self._founded(leg.place, near.place)]
        scores = [self._score(leg, near) for near in near_by]
        likely = [found for found in scores if found is not None and found.points >= weights.POSSIBLE]
        likely.sort(key=lambda found: (-found.points, found.first.place, found.then.place))
        edges = [self._edge(found) for found in likely]
        joined = [edge for edge in edges if edge.joined]
        return joined + [edge for edge in edges if not edge.joined][:MOST_POSSIBLE]

    def _edge(self, found: Score) -> Edge:
        joined = found.points >= weights.JOIN and not self._has_rival(found)
        certain = weights.confidence(found.points)
        return Edge(found.first.place, found.then.place, Ground.SCORE, joined, certain, found.why)

    def _has_rival(self, found: Score) -> bool:
        """Whether another call would do nearly as well as the one leg or as the other."""
        return any(
            self._rivals(found, mine, theirs) for mine, theirs in ((found.first, found.then), (found.then, found.first))
        )

    def _rivals(self, found: Score, mine: Leg, theirs: Leg) -> bool:
        leads = mine is found.first
        for near in self._near_to(mine):
            if near.place == theirs.place:
                continue
            rival = self._score(mine, near)
            if rival is None or rival.points <= found.points - weights.MARGIN or rival.points < weights.POSSIBLE:
                continue
            if (rival.first.place == mine.place) != leads:
                between = self._score(near, theirs)
                if between is not None and between.points < weights.CONTRADICTION:
                    return True
            elif not self._is_excused(rival, near, mine, theirs):
                return True
        return False

    def _is_excused(self, rival: Score, near: Leg, mine: Leg, theirs: Leg) -> bool:
        """It seems to be a leg of the same call, or belongs to somebody else far more clearly."""
        between = self._score(near, theirs)
        if between is not None and between.points >= weights.JOIN:
            return True
        follows = rival.then.place == near.place
        for other in self._near_to(near):
            if other.place in (mine.place, theirs.place):
                continue
            better = self._score(near, other)
            if better is None or better.points < rival.points + weights.MARGIN:
                continue
            if (better.then.place == near.place) == follows:
                return True
        return False

    def _near_to(self, leg: Leg) -> Sequence[Leg]:
        found = self._near.get(leg.place)
        if found is None:
            found = self._near[leg.place] = self._window.near(leg)
        return found

    def _score(self, one: Leg, other: Leg) -> Score | None:
        key = (one.place, other.place) if one.place < other.place else (other.place, one.place)
        if key not in self._scores:
            self._scores[key] = score(one, other, self._same_host, self._window.is_common)
        return self._scores[key]
