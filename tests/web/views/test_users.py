from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from appliance.settings import Settings
from appliance.storage import audit
from appliance.web.middleware.sessions import COOKIE
from tests.web.conftest import PASSWORD, browser, in_database, sign_in

PAGE = "/admin/users"
OTHER = "a heron on the pier"


@pytest.fixture
def bob(settings: Settings, alice: TestClient) -> Iterator[TestClient]:
    """In another browser, while alice, an administrator, is signed in."""
    with browser(settings) as other:
        sign_in(other, "bob", PASSWORD)
        yield other


def do(client: TestClient, name: str, deed: str, **fields: str) -> int:
    return client.post(f"{PAGE}/{name}/{deed}", data=fields).status_code


def can_sign_in(settings: Settings, name: str, password: str = PASSWORD) -> bool:
    with browser(settings) as other:
        return other.post("/login", data={"name": name, "password": password}).status_code == 303


def test_a_new_user_chooses_a_password_first(alice: TestClient, settings: Settings) -> None:
    answer = alice.post(PAGE, data={"name": "carol", "role": "user", "password": OTHER})
    assert answer.status_code == 303, answer.text
    assert "must choose a password" in alice.get(PAGE).text
    (entry,) = [one for one in in_database(settings.mysql, audit.entries) if one.action == "user_added"]
    assert (entry.object, entry.user_name) == ("carol user", "alice")
    with browser(settings) as carol:
        sign_in(carol, "carol", OTHER)
        assert carol.get("/search").headers["location"].startswith("/account")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": "bob", "password": OTHER}, "There is a user bob already"),
        ({"name": "<b>", "password": OTHER}, "cannot be a user"),
        ({"name": "dave", "password": "short"}, "at least 8 characters"),
        ({"name": "dave", "password": OTHER, "role": "god"}, "A role is one of admin, user"),
    ],
)
def test_what_is_wrong_is_said_beside_the_form(alice: TestClient, fields: dict[str, str], said: str) -> None:
    answer = alice.post(PAGE, data={"role": "user", **fields})
    assert answer.status_code == 422 and said in answer.text
    assert "<b>" not in answer.text


def test_a_user_is_disabled_and_let_in_again(alice: TestClient, settings: Settings) -> None:
    assert do(alice, "bob", "disable") == 303
    assert "disabled" in alice.get(PAGE).text and not can_sign_in(settings, "bob")
    assert do(alice, "bob", "enable") == 303
    assert can_sign_in(settings, "bob")


def test_sessions_of_a_user_are_ended(alice: TestClient, bob: TestClient, settings: Settings) -> None:
    assert do(alice, "bob", "end") == 303
    with browser(settings) as again:
        again.cookies.set(COOKIE, bob.cookies[COOKIE])
        assert again.get("/search").status_code == 303


def test_a_password_that_an_administrator_sets_is_to_be_changed(alice: TestClient, settings: Settings) -> None:
    assert do(alice, "bob", "password", password="short") == 422
    assert do(alice, "bob", "password", password=OTHER) == 303
    assert not can_sign_in(settings, "bob") and can_sign_in(settings, "bob", OTHER)
    assert "must choose a password" in alice.get(PAGE).text


def test_a_role_is_changed_and_nobody_changes_their_own(alice: TestClient, settings: Settings) -> None:
    assert do(alice, "bob", "role", role="admin") == 303
    with browser(settings) as bob:
        sign_in(bob, "bob", PASSWORD)
        assert do(bob, "alice", "role", role="user") == 303
        assert do(bob, "alice", "disable") == 303
        assert do(bob, "bob", "role", role="user") == 422
        assert "That is you" in bob.post(f"{PAGE}/bob/disable").text


def test_a_user_is_deleted_and_the_trail_keeps_the_name(alice: TestClient, settings: Settings) -> None:
    assert do(alice, "bob", "delete") == 303
    assert ">bob</a>" not in alice.get(PAGE).text
    assert ("user_deleted", "bob") in [(one.action, one.object) for one in in_database(settings.mysql, audit.entries)]
    assert do(alice, "bob", "delete") == 404
    assert do(alice, "alice", "nothing") == 404


def test_one_does_not_lock_oneself_out(alice: TestClient) -> None:
    for deed in ("disable", "delete", "end", "password", "role"):
        assert do(alice, "alice", deed, password=OTHER, role="user") == 422, deed
    assert alice.get(PAGE).status_code == 200


def test_it_is_for_administrators(bob: TestClient) -> None:
    assert bob.get(PAGE).status_code == 403
    assert bob.post(PAGE, data={"name": "x", "role": "admin", "password": OTHER}).status_code == 403
    assert do(bob, "alice", "disable") == 403
    assert PAGE not in bob.get("/").text
