from dataclasses import replace

from starlette.testclient import TestClient

from appliance.model.kinds import DAY_US, day_of
from appliance.rotation import jobs
from appliance.rotation.policy import Policy
from appliance.settings import Settings
from appliance.storage import daily_tables, pins
from appliance.storage.connection import Database
from appliance.storage.messages import FoundCall
from appliance.web import links
from tests.web.conftest import in_database
from tests.web.stored import BEGUN_US, NOW_US, Sent, reported, sip, store


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


FORTY_DAYS_MS = 40 * DAY_US // 1000
OLD = "pinned-old@x"


def _drop_old_days(settings: Settings) -> None:
    """As rotation does it."""

    async def rotate(database: Database) -> None:
        plan = await jobs.plan(database, Policy(), NOW_US)
        assert (await jobs.carry_out(database, plan, lambda drop, gone: None)).dropped

    in_database(settings.mysql, rotate)


def test_a_pinned_call_is_found_with_its_reports_and_lines_after_its_day_was_dropped(
    alice: TestClient, settings: Settings
) -> None:
    begun_us = BEGUN_US - 40 * DAY_US

    async def fill(database: Database) -> None:
        await daily_tables.ensure_days(database, {day_of(begun_us)})
        sent = [replace(one, after_ms=one.after_ms - FORTY_DAYS_MS) for one in reported(OLD)]
        await store(settings.mysql, sent)

    in_database(settings.mysql, fill)
    path, page = f"/api/v1{links.call(OLD)}", links.call(OLD)
    before = alice.get(path).json()
    assert (len(before["quality"]), len(before["logs"])) == (2, 2)
    alice.post(f"{page}/pin", data={"days": "7"})
    _drop_old_days(settings)
    after = alice.get(path).json()
    for part in ("call", "messages", "quality", "logs"):
        assert after[part] == before[part], part
    assert "routed" in alice.get(f"{page}/logs").text
    assert "2 reports" in alice.get(f"{page}/quality").text
    span = {"from": str(begun_us // 1_000_000 - 60), "to": "now"}
    for question in ({"q": f"callid:{OLD}"}, {"q": "from:+49303*", "limit": "1000"}):
        for view, rows in (("calls", 1), ("messages", 7)):
            answer = alice.get("/api/v1/search", params={**span, **question, "view": view}).json()
            assert [row["callid"] for row in answer["rows"]].count(OLD) == rows, (question, view)
    shown = alice.get("/search", params={**span, "q": f"callid:{OLD}"}).text
    assert "pinned ones, kept beyond their days" in shown
    text = alice.get("/search.txt", params={**span, "q": f"callid:{OLD}"})
    assert text.status_code == 200 and text.text.count(f"Call-ID: {OLD}") == 7
