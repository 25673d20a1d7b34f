"""All messages of all legs, from the tables (joins and cuts by hand are in test_leg_edits.py)."""

from appliance.calls.joins.edge import Edge, Ground
from appliance.calls.joins.leg import place_of
from appliance.storage import daily_tables, leg_writes, messages
from appliance.storage.connection import Database
from appliance.storage.leg_writes import LegWrites
from tests.storage.search.stored import NOON, SECOND, Sent, a_call, store, store_calls

IN, OUT = a_call("in"), a_call("out", started=NOON + SECOND)


async def joined(database: Database) -> None:
    await store_calls(database, [IN, OUT])
    await store(database, [Sent(at=NOON, callid=b"in"), Sent(at=NOON + SECOND, callid=b"out")])
    edge = Edge(place_of(IN), place_of(OUT), Ground.KEY, True, 1.0, "same icid-value x")
    names = await daily_tables.all_names(database)
    async with database.transaction() as cursor:
        await leg_writes.write(cursor, names, LegWrites(edges={edge.one: [edge], edge.other: [edge]}))


async def test_a_call_has_the_messages_of_all_its_legs(tables: Database) -> None:
    await joined(tables)
    for callid in (b"in", b"out"):
        found = await messages.call(tables, "site", callid)
        assert found is not None
        assert [row.callid for row in found.messages] == ["in", "out"]
        assert found.callids == ["in", "out"]


async def test_or_of_those_that_are_chosen(tables: Database) -> None:
    await joined(tables)
    found = await messages.call(tables, "site", b"in", only=["out"])
    assert found is not None and found.call is not None
    assert ([row.callid for row in found.messages], found.callids, found.call.callid) == (["out"], ["out"], "in")


async def test_a_leg_whose_day_was_dropped_is_none(tables: Database) -> None:
    await joined(tables)
    await tables.execute("DELETE FROM calls_20261123 WHERE callid = 'out'")
    found = await messages.call(tables, "site", b"in")
    assert found is not None
    assert [leg.callid for leg in found.legs] == ["in"]
