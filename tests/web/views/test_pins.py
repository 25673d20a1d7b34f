import time
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from starlette.testclient import TestClient

from appliance.model.kinds import day_of
from appliance.rotation import jobs
from appliance.rotation.policy import Policy
from appliance.settings import Settings
from appliance.storage import daily_tables
from appliance.storage.connection import Database
from appliance.web import links
from tests.web.conftest import in_database
from tests.web.stored import BEGUN_US, Sent, answered, store

CALL = links.call("old-1@192.0.2.1")
DAYS = 40
OLD = day_of(BEGUN_US) - timedelta(days=DAYS)


@pytest.fixture
def old(settings: Settings) -> Iterator[None]:
    """A call of a day that rotation is about to drop."""

    async def make(database: Database) -> None:
        await daily_tables.ensure_days(database, [OLD])
        sent = answered("old-1@192.0.2.1", "+4930999")
        back = -DAYS * 86_400_000
        await store(
            settings.mysql, [Sent(one.payload, one.after_ms + back, one.source, one.destination) for one in sent]
        )

    in_database(settings.mysql, make)
    yield
    in_database(settings.mysql, drop_old)


async def drop_old(database: Database) -> list[date]:
    """What the scheduler does by night; the days that are left."""
    now = time.time_ns() // 1000
    plan = await jobs.plan(database, Policy(), now)
    await jobs.carry_out(database, plan, lambda _drop, _gone: None)
    await jobs.prune(database, Policy(), now)
    return sorted({stored.table.day for stored in await daily_tables.existing(database)})


def test_a_pinned_call_is_found_by_the_same_addresses_when_its_day_is_gone(
    alice: TestClient, settings: Settings, old: None
) -> None:
    before = alice.get(f"/api/v1{CALL}").json()
    answer = alice.post(f"{CALL}/pin", data={"days": "30", "next": CALL})
    assert (answer.status_code, answer.headers["location"]) == (303, CALL)
    assert OLD not in in_database(settings.mysql, drop_old)
    after = alice.get(f"/api/v1{CALL}").json()
    assert after == before
    assert len(after["messages"]) == 7
    page = alice.get(CALL).text
    assert "Pinned until" in page
    assert page.count('class="arrow') == 7
    message = after["messages"][3]["id"]
    assert alice.get(f"/messages/{message}").status_code == 200
    assert alice.get(f"/api/v1/messages/{message}").json()["raw"].startswith("SIP/2.0 200")
    assert alice.get(f"{CALL}/messages.pcap").content[:4] == b"\xd4\xc3\xb2\xa1"
    assert CALL in alice.get("/admin/shares").text


def test_what_is_not_pinned_is_gone_with_its_day(alice: TestClient, settings: Settings, old: None) -> None:
    assert alice.get(CALL).status_code == 200
    in_database(settings.mysql, drop_old)
    assert alice.get(CALL).status_code == 404


def test_a_link_that_keeps_its_call_shows_it_when_its_day_is_gone(
    alice: TestClient, settings: Settings, old: None
) -> None:
    paths = []
    for fields in ({"keep": "1"}, {}):
        made = alice.post(f"{CALL}/share", data=fields).text
        paths.append("/s/" + made.split('value="http://testserver/s/')[1].split('"')[0])
    in_database(settings.mysql, drop_old)
    assert alice.get(paths[0]).text.count('class="raw"') == 7
    number = alice.get("/admin/shares.csv").text.splitlines()[2].split(",")[0]
    alice.post(f"/admin/shares/{number}/revoke")
    assert [alice.get(path).status_code for path in paths] == [404, 404]


def test_a_pin_is_let_go(alice: TestClient, settings: Settings, old: None) -> None:
    alice.post(f"{CALL}/pin", data={"days": "30"})
    number = alice.get(CALL).text.split('action="/pins/')[1].split("/")[0]
    in_database(settings.mysql, drop_old)
    assert alice.post(f"/pins/{number}/release").headers["location"] == "/admin/shares"
    assert alice.get(CALL).status_code == 404
    assert alice.post(f"/pins/{number}/release").status_code == 404


@pytest.mark.parametrize("days", ["", "0", "367", "x", "²"])
def test_days_are_within_bounds(alice: TestClient, days: str) -> None:
    assert alice.post(links.call("answered-1@192.0.2.1") + "/pin", data={"days": days}).status_code == 422
