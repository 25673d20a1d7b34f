import pytest
from starlette.testclient import TestClient

from appliance.settings import Settings
from appliance.web.middleware.sessions import COOKIE
from tests.web.conftest import PASSWORD, browser, sign_in

NEW = "a heron on the pier"


def change(client: TestClient, old: str, new: str, again: str | None = None):  # type: ignore[no-untyped-def]
    return client.post("/account/password", data={"old": old, "new": new, "again": new if again is None else again})


def test_it_changes_the_password_and_keeps_this_session(alice: TestClient) -> None:
    before = alice.cookies[COOKIE]
    answer = change(alice, PASSWORD, NEW)
    assert (answer.status_code, answer.headers["location"]) == (303, "/account?changed=1")
    assert alice.cookies[COOKIE] != before
    assert alice.get("/account?changed=1").status_code == 200


def test_it_ends_all_other_sessions(alice: TestClient, settings: Settings) -> None:
    with browser(settings) as other:
        sign_in(other, "alice", PASSWORD)
        kept = alice.cookies[COOKIE]
        assert change(other, PASSWORD, NEW).status_code == 303
        other.cookies.clear()
        other.cookies.set(COOKIE, kept)
        assert other.get("/account").status_code == 303


@pytest.mark.parametrize(
    ("old", "new", "again", "why"),
    [
        ("wrong", NEW, NEW, "not the present password"),
        (PASSWORD, NEW, NEW + "x", "not the same twice"),
        (PASSWORD, PASSWORD, PASSWORD, "is the old one"),
        (PASSWORD, "short 1", "short 1", "at least 8 characters"),
        (PASSWORD, "Password123!", "Password123!", "tried first"),
        (PASSWORD, "alice2026", "alice2026", "little more than"),
    ],
)
def test_it_refuses_with_a_reason(alice: TestClient, old: str, new: str, again: str, why: str) -> None:
    answer = change(alice, old, new, again)
    assert answer.status_code == 422
    assert why in answer.text
    assert 'role="alert"' in answer.text


def test_a_token_is_shown_once_and_signs_in(alice: TestClient) -> None:
    made = alice.post("/account/tokens", data={"name": "grafana"})
    token = made.text.split('class="token">')[1].split("<")[0]
    assert token not in alice.get("/account").text
    alice.cookies.clear()
    assert alice.get("/api/v1/search", headers={"Authorization": f"Bearer {token}"}).status_code == 200
    sign_in(alice, "alice", PASSWORD)
    assert alice.post("/account/tokens/revoke", data={"name": "grafana"}).status_code == 303
    alice.cookies.clear()
    assert alice.get("/api/v1/search", headers={"Authorization": f"Bearer {token}"}).status_code == 401


@pytest.mark.parametrize("name", ["", " ", "x" * 65, "a\x00b"])
def test_a_bad_name_of_a_token_is_told(alice: TestClient, name: str) -> None:
    assert alice.post("/account/tokens", data={"name": name}).status_code == 422


def test_a_token_cannot_make_tokens_nor_change_the_password(client: TestClient, token: dict[str, str]) -> None:
    assert client.post("/account/tokens", data={"name": "x"}, headers=token).status_code == 403
    data = {"old": PASSWORD, "new": NEW, "again": NEW}
    assert client.post("/account/password", data=data, headers=token).status_code == 403


@pytest.mark.parametrize(
    ("theme", "kept"), [("dark", "theme=dark"), ("light", "theme=light"), ("x'onload=", 'theme=""')]
)
def test_colours_are_kept_in_a_cookie(client: TestClient, theme: str, kept: str) -> None:
    answer = client.post("/theme", data={"theme": theme, "next": "/login"})
    assert kept in answer.headers["set-cookie"]
    assert answer.headers["location"] == "/login"


def test_a_chosen_theme_is_on_the_page(client: TestClient) -> None:
    client.cookies.set("theme", "dark")
    assert '<html lang="en" data-theme="dark">' in client.get("/login").text
    client.cookies.set("theme", '"><script>')
    assert '<html lang="en">' in client.get("/login").text


def test_a_chosen_zone_is_on_every_page_and_not_in_files(alice: TestClient) -> None:
    assert '<option value="" selected>UTC' in alice.get("/account").text
    answer = alice.post("/account/zone", data={"zone": "Asia/Kathmandu"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/account?zone=1#zone")
    assert "<option selected>Asia/Kathmandu" in alice.get("/account?zone=1").text
    page = alice.get("/search?q=from:%2B4930111").text
    assert "+0545 (UTC+05:45)" in page and "Asia/Kathmandu" in page
    address = page.split('data-href="')[1].split('"')[0].replace("&amp;", "&")
    flow = alice.get(address).text
    assert "+0545" in flow and "UTC</text>" not in flow
    assert "Z," in alice.get("/search.csv?q=from:%2B4930111").text.splitlines()[1]
    assert "UTC</text>" in alice.get(address.replace("?", "/flow.svg?")).text


def test_the_browsers_zone_is_told_by_its_cookie(alice: TestClient) -> None:
    alice.post("/account/zone", data={"zone": "browser"})
    assert "+0545" not in alice.get("/search").text
    alice.cookies.set("zone", "Asia/Kathmandu")
    assert "+0545" in alice.get("/search").text


def test_a_zone_that_is_none_is_not_kept(alice: TestClient) -> None:
    assert alice.post("/account/zone", data={"zone": "Moon/Base"}).status_code == 422


def test_sessions_are_listed_and_ended(alice: TestClient, settings: Settings) -> None:
    with browser(settings) as other:
        sign_in(other, "alice", PASSWORD)
        page = alice.get("/account").text
        assert page.count("this one") == 1 and page.count('name="key"') == 1
        key = page.split('name="key" value="')[1].split('"')[0]
        assert alice.post("/account/sessions/end", data={"key": key}).status_code == 303
        assert 'name="key"' not in alice.get("/account").text
        sign_in(other, "alice", PASSWORD)
        ended = other.cookies[COOKIE]
        assert alice.post("/account/sessions/end").status_code == 303
        assert "End all others" not in alice.get("/account").text
    with browser(settings) as again:
        again.cookies.set(COOKIE, ended)
        assert again.get("/account").status_code == 303, "another process asks the table"
    assert alice.get("/account").status_code == 200


def test_the_key_of_anothers_session_ends_nothing(alice: TestClient, settings: Settings) -> None:
    with browser(settings) as other:
        sign_in(other, "bob", PASSWORD)
        assert 'name="key"' not in alice.get("/account").text
        assert alice.post("/account/sessions/end", data={"key": "0" * 16}).status_code == 303
        assert other.get("/account").text.count("this one") == 1


def test_a_token_is_limited_in_what_it_may_and_how_long(alice: TestClient) -> None:
    made = alice.post("/account/tokens", data={"name": "push", "scope": "ingest", "days": "30"})
    assert made.status_code == 200 and "hepbox_" in made.text
    page = alice.get("/account").text
    assert "<td>ingest</td>" in page and page.count("for ever") == 0
    for fields, said in (
        ({"scope": "x"}, "scope is one of"),
        ({"days": "x"}, "no number of days"),
        ({"days": "0"}, "1 to"),
    ):
        answer = alice.post("/account/tokens", data={"name": "other", **fields})
        assert answer.status_code == 422 and said in answer.text
