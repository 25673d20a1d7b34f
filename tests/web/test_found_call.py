import pytest
from starlette.testclient import TestClient

from appliance.calls.joins.edge import Edge, Ground
from appliance.calls.joins.keys import Key, why_named
from appliance.calls.joins.leg import place_of
from appliance.settings import Settings
from appliance.storage import calls, daily_tables, leg_writes
from appliance.storage.connection import Database
from appliance.storage.leg_writes import LegWrites
from tests.web.conftest import in_database
from tests.web.stored import Sent, answered, sip, store


def test_copies_of_another_agent_are_folded(alice: TestClient, settings: Settings) -> None:
    async def add(_database: object) -> None:
        invite = sip("INVITE sip:b SIP/2.0", "copied@x", user="copied")
        await store(settings.mysql, [Sent(invite, 1), Sent(invite, 2, node=b"core-1")])

    in_database(settings.mysql, add)
    page = alice.get("/calls/copied@x").text
    assert "+ 1 copies" in page and "seen by 2" in page


def test_the_order_is_that_of_the_transaction(alice: TestClient, settings: Settings) -> None:
    async def add(_database: object) -> None:
        sent = answered("late@x", "late")
        await store(settings.mysql, [Sent(sent[0].payload, 11), *sent[1:]])

    in_database(settings.mysql, add)
    found = alice.get("/api/v1/calls/late@x").json()["messages"]
    assert [row["method"] for row in found[:2]] == ["INVITE", "100"]


@pytest.mark.parametrize("legs", ["all", "one"])
def test_the_header_that_joined_is_named_also_when_its_leg_is_not_shown(
    legs: str, alice: TestClient, settings: Settings
) -> None:
    first, second = f"first-{legs}@x", f"second-{legs}@x"

    async def add(_database: Database) -> None:
        replaces = sip(
            "INVITE sip:b SIP/2.0", second, "1 INVITE", f"Replaces: {first};to-tag=1;from-tag=2", user="second"
        )
        await store(settings.mysql, [*answered(first, "first"), Sent(replaces, 5000)])
        database = await Database.open(settings.mysql, local_infile=True)
        names = await daily_tables.all_names(database)
        one, other = [place_of((await calls.of_callid(database, names, c.encode()))[0]) for c in (first, second)]
        edge = Edge(one, other, Ground.KEY, True, 1.0, why_named(Key("n", first)))
        async with database.transaction() as cursor:
            await leg_writes.write(cursor, names, LegWrites(edges={one: [edge], other: [edge]}))
        await database.close()

    in_database(settings.mysql, add)
    answer = alice.get(f"/api/v1/calls/{first}?legs={legs}").json()
    told = {leg["callid"]: (leg["why"], leg["shown"]) for leg in answer["legs"]}
    assert told == {first: ("asked for", True), second: (f"its Replaces names {first}", legs == "all")}
    assert {row["callid"] for row in answer["messages"]} == ({first, second} if legs == "all" else {first})
