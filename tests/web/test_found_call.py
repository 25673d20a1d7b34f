from starlette.testclient import TestClient

from appliance.settings import Settings
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
