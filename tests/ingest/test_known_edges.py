from appliance.calls.joins.edge import Edge, Ground, Place
from appliance.ingest import known_edges
from appliance.ingest.known_edges import KnownEdges
from appliance.storage import daily_tables, leg_writes
from appliance.storage.connection import Database
from appliance.storage.leg_writes import Group, LegWrites
from tests.calls.joins.traffic import BEGUN_US

A, B, C = ((BEGUN_US + number, number) for number in (1, 2, 3))


def edge(one: Place, other: Place, ground: Ground, why: str = "x", joined: bool = True) -> Edge:
    return Edge(one, other, ground, joined, 0.97, why)


async def begun(database: Database, *new: Place) -> KnownEdges:
    known = KnownEdges(database)
    known.begin(new)
    await known.load([A, B, C], await daily_tables.all_names(database))
    return known


async def test_a_better_founded_edge_stays_and_both_ends_agree(database: Database) -> None:
    known = await begun(database, A, B)
    for ground in (Ground.SCORE, Ground.KEY, Ground.SCORE, Ground.MADE, Ground.KEY):
        known.put(edge(A, B, ground))
    assert [found.ground for found in known.of(A)] == [found.ground for found in known.of(B)] == [Ground.MADE]
    known.drop(A, Ground.SCORE)
    assert known.changed_places() == {A, B}
    known.drop(B)
    assert list(known.of(A)) == [] and known.changed_places() == set()


async def test_what_says_the_same_as_before_is_no_change(database: Database) -> None:
    known = await begun(database, A, B)
    known.put(edge(A, B, Ground.SCORE))
    known.begin([])
    known.drop(A, Ground.SCORE)
    known.put(Edge(B, A, Ground.SCORE, True, 0.9699, "x"))
    assert known.changes() == {}


async def test_a_reason_that_wore_out_takes_its_edges_along(database: Database) -> None:
    known = await begun(database, A, B, C)
    known.put(edge(A, B, Ground.KEY, "same icid-value x"))
    known.put(edge(A, C, Ground.KEY, "same Cisco-Guid y"))
    known.wear([(A, "same icid-value x")])
    assert [found.why for found in known.of(A)] == ["same Cisco-Guid y"]


async def test_what_is_not_known_is_read_with_all_it_leads_to(database: Database) -> None:
    names = await daily_tables.all_names(database)
    one, other = edge(A, B, Ground.KEY), edge(B, C, Ground.SCORE)
    async with database.transaction() as cursor:
        await leg_writes.write(cursor, names, LegWrites(edges={A: [one], B: [one, other], C: [other]}))
    known = KnownEdges(database)
    known.begin([])
    await known.load_around([A], names)
    assert [list(known.of(place)) != [] for place in (A, B, C)] == [True, True, True]


async def test_groups_are_written_once(database: Database) -> None:
    known = await begun(database)
    groups = {A: Group(2, 0, 7), B: Group(2, 1, 7)}
    assert known.new_groups(groups, {A}) == groups
    assert known.new_groups(groups, {A}) == {A: groups[A]}
    known.clear()
    assert known.new_groups(groups, set()) == groups


async def test_it_is_bounded(database: Database) -> None:
    known = await begun(database, *((BEGUN_US, number) for number in range(known_edges.MOST_PLACES + 50)))
    known.begin([])
    assert len(known._known) == known_edges.MOST_PLACES
