"""Legs of one call: what edges connect, bounded, the surest edges first."""

from collections.abc import Callable, Iterable

from appliance.calls.joins.edge import Edge, Ground, Place

MOST_LEGS = 20

_RANK = {Ground.MADE: 0, Ground.KEY: 1, Ground.SCORE: 2}


def component(start: Place, edges_of: Callable[[Place], Iterable[Edge]]) -> list[Place]:
    """The calls that joined edges lead to from `start`, itself included, at most MOST_LEGS; the earliest first."""
    found = {start}
    waiting = [start]
    while waiting and len(found) < MOST_LEGS:
        place = waiting.pop(0)
        joined = [edge for edge in edges_of(place) if edge.joined]
        for edge in sorted(joined, key=lambda edge: (_RANK[edge.ground], -edge.confidence, edge.seen_from(place))):
            other = edge.seen_from(place)
            if other not in found and len(found) < MOST_LEGS:
                found.add(other)
                waiting.append(other)
    return sorted(found)


def reasons(start: Place, legs: Iterable[Place], edges: Iterable[Edge]) -> dict[Place, Edge]:
    """For each other leg the surest edge to one that is connected with `start` already."""
    inside = set(legs)
    left = [edge for edge in edges if edge.joined and edge.one in inside and edge.other in inside]
    found: dict[Place, Edge] = {}
    reached = {start}
    while leading := [edge for edge in left if (edge.one in reached) != (edge.other in reached)]:
        best = min(leading, key=lambda edge: (_RANK[edge.ground], -edge.confidence, edge.one, edge.other))
        new = best.other if best.one in reached else best.one
        found[new] = best
        reached.add(new)
    return found
