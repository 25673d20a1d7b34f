from starlette.testclient import TestClient

from appliance.settings import Settings
from appliance.storage import pins
from appliance.storage.connection import Database
from appliance.storage.messages import FoundCall
from appliance.web import links
from tests.web.conftest import in_database
from tests.web.stored import NOW_US, Sent, sip, store


def test_every_copy_that_is_stored_is_kept(alice: TestClient, settings: Settings) -> None:
    invite = sip("INVITE sip:b SIP/2.0", "pinned-copies@x", user="copied")
    in_database(settings.mysql, lambda _: store(settings.mysql, [Sent(invite, 1), Sent(invite, 2, node=b"core-1")]))
    alice.post(links.call("pinned-copies@x") + "/pin", data={"days": "7"})

    async def kept(database: Database) -> FoundCall | None:
        return await pins.call(database, b"pinned-copies@x", None, None, NOW_US)

    found = in_database(settings.mysql, kept)
    assert [row.node for row in found.messages] == ["edge-1", "core-1"]


def test_a_pinned_call_can_be_pinned_anew(alice: TestClient, settings: Settings) -> None:
    path = links.call("answered-1@192.0.2.1")
    for days in ("7", "30"):
        alice.post(f"{path}/pin", data={"days": days})
    listed = in_database(settings.mysql, lambda database: pins.listed(database, None, NOW_US))
    assert [pin.messages for pin in listed] == [7, 7]
    assert alice.get(f"/api/v1{path}").json()["messages"].__len__() == 7
