"""Joining and cutting by hand, as pages and commands do it, and what is found right after."""

import pytest

from appliance.calls.joins.edge import Edge, Ground, Place
from appliance.calls.joins.leg import place_of
from appliance.storage import daily_tables, leg_edits, leg_writes
from appliance.storage.calls import Settled, write
from appliance.storage.connection import Database
from appliance.storage.found_legs import FoundLegs, legs_of
from appliance.storage.leg_edits import NoSuchLeg
from appliance.storage.leg_writes import LegWrites
from tests.storage.search.stored import NOON, SECOND, a_call

CALLS = [a_call(name, started=NOON + place * SECOND) for place, name in enumerate("abcdef")]
PLACES: dict[str, Place] = {call.callid: place_of(call) for call in CALLS}


@pytest.fixture
async def stored(tables: Database) -> Database:
    """a-b-c-d are legs of one call in a chain, e may be one of them, f is none."""
    edges: dict[Place, list[Edge]] = {}
    for one, other, joined in (("a", "b", True), ("b", "c", True), ("c", "d", True), ("e", "d", False)):
        edge = Edge(PLACES[one], PLACES[other], Ground.KEY, joined, 1.0 if joined else 0.7, f"{one}{other}")
        for end in (edge.one, edge.other):
            edges.setdefault(end, []).append(edge)
    await write(tables, Settled([(call, None) for call in CALLS], [], []))
    async with tables.transaction() as cursor:
        await leg_writes.write(cursor, await daily_tables.all_names(tables), LegWrites(edges=dict(edges)))
    return tables


async def found(database: Database, callid: str) -> FoundLegs:
    record = next(call for call in CALLS if call.callid == callid)
    return await legs_of(database, await daily_tables.all_names(database), record, PLACES[callid][1])


async def names(database: Database, callid: str) -> tuple[str, str]:
    legs = await found(database, callid)
    return "".join(leg.callid for leg in legs.legs), "".join(leg.callid for leg in legs.possible)


async def test_legs_come_with_the_reason_on_the_way_to_each(stored: Database) -> None:
    assert {callid: await names(stored, callid) for callid in "adef"} == {
        "a": ("abcd", "e"), "d": ("abcd", "e"), "e": ("e", "d"), "f": ("f", "")
    }  # fmt: skip
    legs = await found(stored, "b")
    assert [(leg.callid, leg.why) for leg in legs.legs] == [("a", "ab"), ("b", "asked for"), ("c", "bc"), ("d", "cd")]
    assert [(leg.why, leg.confidence, leg.shown) for leg in legs.possible] == [("ed", 0.7, False)]


async def test_only_legs_that_are_named_are_shown(stored: Database) -> None:
    legs = await found(stored, "a")
    assert [leg.shown for leg in legs.only(["b", "z"]).legs] == [False, True, False, False]
    assert legs.only(["z"]) is legs and legs.only(None) is legs


async def test_what_is_cut_goes_with_what_hangs_on_it(stored: Database) -> None:
    await leg_edits.cut(stored, b"a", None, b"c", "alice", 1)
    assert await names(stored, "a") == ("ab", "c")
    assert await names(stored, "d") == ("cd", "be")
    (possible,) = (await found(stored, "a")).possible
    assert possible.why == "cut by alice; bc"
    await leg_edits.join(stored, b"a", None, b"c", "bob", 2)
    assert await names(stored, "d") == ("abcd", "e")


async def test_a_possible_leg_is_joined_and_a_stranger_added(stored: Database) -> None:
    await leg_edits.join(stored, b"d", None, b"e", "alice", 1)
    await leg_edits.join(stored, b"e", NOON, b"f", "alice", 2)
    assert await names(stored, "f") == ("abcdef", "")
    whys = {leg.callid: leg.why for leg in (await found(stored, "f")).legs}
    assert (whys["e"], whys["d"], whys["c"]) == ("joined by alice", "joined by alice", "cd")


@pytest.mark.parametrize(("callid", "other"), [(b"a", b"a"), (b"a", b"z"), (b"z", b"a")])
async def test_what_is_no_other_call_is_refused(stored: Database, callid: bytes, other: bytes) -> None:
    for change in (leg_edits.join, leg_edits.cut):
        with pytest.raises(NoSuchLeg):
            await change(stored, callid, None, other, "alice", 1)
