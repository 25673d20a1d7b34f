from collections import defaultdict

from hypothesis import given
from hypothesis import strategies as st

from appliance.calls.joins.edge import Edge, Ground, Place
from appliance.calls.joins.graph import MOST_LEGS, component, reasons


def edge(one: int, other: int, ground: Ground = Ground.KEY, joined: bool = True, confidence: float = 1.0) -> Edge:
    return Edge((one, one), (other, other), ground, joined, confidence, f"{one}-{other} {ground}")


def around(*edges: Edge) -> dict[Place, list[Edge]]:
    found: dict[Place, list[Edge]] = defaultdict(list)
    for each in edges:
        found[each.one].append(each)
        found[each.other].append(each)
    return found


def legs(start: int, *edges: Edge) -> list[int]:
    known = around(*edges)
    return [place[0] for place in component((start, start), lambda place: known.get(place, []))]


def test_legs_are_what_joined_edges_lead_to() -> None:
    edges = edge(1, 2), edge(2, 3), edge(3, 4, joined=False), edge(5, 6)
    assert legs(3, *edges) == [1, 2, 3]
    assert legs(4, *edges) == [4]


def test_a_call_has_no_more_legs_than_one_can_read() -> None:
    chain = [edge(number, number + 1) for number in range(100)]
    assert len(legs(50, *chain)) == MOST_LEGS


def test_each_leg_has_the_surest_reason_on_the_way_to_it() -> None:
    edges = [
        edge(1, 2, Ground.SCORE, confidence=0.96),
        edge(1, 3),
        edge(2, 3, Ground.MADE),
        edge(2, 4, Ground.SCORE, confidence=0.99),
        edge(3, 4, joined=False),
    ]
    found = reasons((1, 1), [(number, number) for number in (1, 2, 3, 4)], edges)
    assert {place[0]: edge.why for place, edge in found.items()} == {3: "1-3 key", 2: "2-3 made", 4: "2-4 score"}
    assert reasons((9, 9), [(9, 9)], edges) == {}


@given(st.sets(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=20))
def test_every_leg_sees_the_same_call(pairs: set[tuple[int, int]]) -> None:
    edges = [edge(one, other) for one, other in pairs if one != other]
    for start in range(13):
        found = legs(start, *edges)
        assert start in found
        assert all(legs(other, *edges) == found for other in found)
        assert len(reasons((start, start), [(leg, leg) for leg in found], edges)) == len(found) - 1
