from starlette.testclient import TestClient

from appliance.settings import Settings
from appliance.storage import audit, pins
from appliance.storage.accounts import Role, User
from appliance.web import links, share_making
from tests.web.conftest import browser, in_database, sign_in

CALL = links.call("answered-1@192.0.2.1")
ADMIN = User(1, "alice", Role.ADMIN, "", False, False, 1, 1)
BOB = User(2, "bob", Role.USER, "", False, False, 1, 1)


def test_one_s_own_is_one_s_own_and_everything_an_administrator_s() -> None:
    assert share_making.owns(BOB, 2)
    assert not share_making.owns(BOB, 1)
    assert not share_making.owns(BOB, None)
    assert share_making.owns(ADMIN, 2)


def test_a_link_that_keeps_its_call_pins_it_and_lets_go_of_it_when_revoked(
    alice: TestClient, settings: Settings
) -> None:
    alice.post(f"{CALL}/share", data={"keep": "1", "hours": "24"})
    (pin,) = in_database(settings.mysql, lambda database: pins.listed(database, None, 1))
    assert pin.messages == 7
    page = alice.get("/admin/shares").text
    assert f"for link {pin.share_id}" in page
    alice.post(f"/admin/shares/{pin.share_id}/revoke")
    assert in_database(settings.mysql, lambda database: pins.listed(database, None, 1)) == []


def test_a_call_that_cannot_be_kept_gives_no_link(alice: TestClient, monkeypatch) -> None:
    monkeypatch.setattr(pins, "MOST_BYTES_OF_A_PIN", 1)
    answer = alice.post(f"{CALL}/share", data={"keep": "1"})
    assert answer.status_code == 422
    assert "export it instead" in answer.text
    assert '<span class="share-live">' not in alice.get("/admin/shares").text


def test_the_address_is_the_one_that_users_reach(settings: Settings, alice: TestClient) -> None:
    reached = settings.model_copy(update={"web": settings.web.model_copy(update={"url": "https://sip.example/"})})
    with browser(reached) as opened:
        sign_in(opened, "alice", "violet parrot 7")
        assert 'value="https://sip.example/s/' in opened.post(f"{CALL}/share").text


def test_making_and_revoking_are_written_down(alice: TestClient, settings: Settings) -> None:
    alice.post(f"{CALL}/share", data={"redaction": "numbers"})
    number = alice.get("/admin/shares.csv").text.splitlines()[1].split(",")[0]
    alice.post(f"/admin/shares/{number}/revoke")
    entries = in_database(settings.mysql, lambda database: audit.entries(database, limit=3))
    told = {(entry.action, entry.object) for entry in entries}
    assert ("share_made", f"share {number} {CALL} numbers") in told
    assert ("share_revoked", f"share {number} {CALL}") in told
