import pytest
from starlette.testclient import TestClient

from appliance.settings import Settings
from appliance.storage import audit
from appliance.storage.connection import Database
from appliance.web.middleware.sessions import COOKIE
from tests.web.conftest import PASSWORD, in_database, sign_in


def test_it_signs_in_and_leads_to_where_one_wanted_to_go(client: TestClient) -> None:
    wanted = client.get("/search?q=from:a*&view=messages")
    assert wanted.status_code == 303
    form = client.get(wanted.headers["location"])
    assert 'value="/search?q=from:a*&amp;view=messages"' in form.text
    target = "/search?q=from:a*&view=messages"
    answer = client.post("/login", data={"name": "alice", "password": PASSWORD, "next": target})
    assert (answer.status_code, answer.headers["location"]) == (303, target)
    assert client.get(target).status_code == 200


@pytest.mark.parametrize(
    "target", ["//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:1", "/a\nb"]
)
def test_it_never_leads_to_another_site(client: TestClient, target: str) -> None:
    answer = client.post("/login", data={"name": "alice", "password": PASSWORD, "next": target})
    assert answer.headers["location"] == "/"


def test_a_wrong_password_and_an_unknown_name_are_told_the_same(client: TestClient) -> None:
    wrong = client.post("/login", data={"name": "alice", "password": "no"})
    unknown = client.post("/login", data={"name": "mallory", "password": "no"})
    assert wrong.status_code == unknown.status_code == 403
    assert "Wrong name or password." in wrong.text
    assert wrong.text.replace("alice", "mallory") == unknown.text


def test_the_cookie_is_for_this_site_and_not_for_scripts(client: TestClient) -> None:
    answer = client.post("/login", data={"name": "alice", "password": PASSWORD})
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=lax" in cookie and "path=/" in cookie


def test_signing_in_again_ends_the_session_before(client: TestClient) -> None:
    sign_in(client, "alice", PASSWORD)
    before = client.cookies[COOKIE]
    sign_in(client, "alice", PASSWORD)
    assert client.cookies[COOKIE] != before
    client.cookies.clear()
    client.cookies.set(COOKIE, before)
    assert client.get("/search").status_code == 303


def test_too_many_wrong_passwords_have_to_wait(client: TestClient) -> None:
    codes = [client.post("/login", data={"name": "alice", "password": "no"}).status_code for _ in range(5)]
    assert codes[:3] == [403, 403, 403]
    assert codes[-1] == 429
    refused = client.post("/login", data={"name": "alice", "password": PASSWORD})
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) >= 1


def test_what_was_typed_comes_back_as_text(client: TestClient) -> None:
    answer = client.post("/login", data={"name": '"><script>x</script>', "password": "no"})
    assert "<script>x" not in answer.text


def test_signing_out_ends_the_session(alice: TestClient) -> None:
    kept = alice.cookies[COOKIE]
    assert alice.post("/logout").status_code == 303
    alice.cookies.set(COOKIE, kept)
    assert alice.get("/").headers["location"] == "/login"


def test_signing_out_is_no_link(alice: TestClient) -> None:
    assert alice.get("/logout").status_code == 405


def test_it_is_written_down(client: TestClient, settings: Settings) -> None:
    client.post("/login", data={"name": "alice", "password": "no"})
    sign_in(client, "alice", PASSWORD)

    async def entries(database: Database) -> list[audit.Entry]:
        return await audit.entries(database)

    found = [(entry.action, entry.user_name, entry.address) for entry in in_database(settings.mysql, entries)]
    assert found == [("sign_in", "alice", "testclient"), ("sign_in_failed", "alice", "testclient")]


def test_a_disabled_user_cannot_sign_in(client: TestClient, settings: Settings) -> None:
    in_database(settings.mysql, lambda database: database.execute("UPDATE users SET disabled = 1 WHERE name = 'bob'"))
    assert client.post("/login", data={"name": "bob", "password": PASSWORD}).status_code == 403


def test_whoever_is_signed_in_goes_on(alice: TestClient) -> None:
    assert alice.get("/login?next=/health").headers["location"] == "/health"


def test_an_upload_is_no_sign_in(client: TestClient) -> None:
    assert client.post("/login", files={"name": ("a", b"b")}).status_code in (400, 403)
