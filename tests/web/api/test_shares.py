import pytest
from starlette.testclient import TestClient

from appliance.web import links
from tests.web.conftest import PASSWORD, sign_in

CALLID = "answered-1@192.0.2.1"
KEY = links.call(CALLID).removeprefix("/calls/")
API = "/api/v1/shares"


def test_a_script_makes_lists_and_ends_a_link(client: TestClient, token: dict[str, str]) -> None:
    made = client.post(API, json={"call": KEY, "hours": 2, "redaction": "numbers", "note": "n"}, headers=token)
    assert made.status_code == 201
    assert set(made.json()) == {"id", "url", "expires"}
    path = made.json()["url"].removeprefix("http://testserver")
    assert client.get(path).status_code == 200
    (listed,) = client.get(API, headers=token).json()["shares"]
    assert (listed["call"], listed["redaction"], listed["state"], listed["opens"]) == (KEY, "numbers", "live", 1)
    assert listed["expires"] == made.json()["expires"]
    assert path.removeprefix("/s/") not in str(listed)
    ended = client.delete(f"{API}/{listed['id']}", headers=token)
    assert ended.status_code == 200
    assert ended.json()["url"] is None
    assert client.get(path).status_code == 404
    assert client.get(API, headers=token).json()["shares"][0]["state"] == "revoked"


def test_by_call_id_with_legs_password_and_keep(client: TestClient, token: dict[str, str]) -> None:
    asked = {"callid": CALLID, "legs": [CALLID], "password": "a quiet violet owl", "keep": True, "words": "Snom"}
    made = client.post(API, json=asked, headers=token)
    assert made.status_code == 201
    path = made.json()["url"].removeprefix("http://testserver")
    assert "with a password" in client.get(path).text
    client.post(path, data={"password": "a quiet violet owl"})
    page = client.get(path).text
    assert 'class="raw"' in page
    assert "pinned" not in page


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({}, "call"),
        ({"call": "nobody"}, "call"),
        ({"call": "~!"}, "call"),
        ({"call": KEY, "hours": 0}, "hours"),
        ({"call": KEY, "hours": "2"}, "hours"),
        ({"call": KEY, "hours": True}, "hours"),
        ({"call": KEY, "redaction": "x"}, "redaction"),
        ({"call": KEY, "password": "short"}, "password"),
        ({"call": KEY, "legs": ["other"]}, "legs"),
        ({"call": KEY, "legs": []}, "leg"),
        ({"call": KEY, "legs": [{}]}, "legs"),
        ({"call": KEY, "unknown": 1}, "unknown"),
        ([], ""),
    ],
)
def test_mistakes_are_told_with_their_field(
    client: TestClient, token: dict[str, str], body: object, where: str
) -> None:
    answer = client.post(API, json=body, headers=token)
    assert answer.status_code == 422
    assert answer.json()["error"]["where"] == where


def test_what_is_no_json_is_refused(client: TestClient, token: dict[str, str]) -> None:
    for body in (b"", b"{", b"\xff", b"[" * 10_000):
        assert client.post(API, content=body, headers=token).status_code == 422


def test_another_s_link_is_not_found(client: TestClient, token: dict[str, str]) -> None:
    sign_in(client, "alice", PASSWORD)
    client.post(links.call(CALLID) + "/share")
    number = client.get("/admin/shares.csv").text.splitlines()[1].split(",")[0]
    client.cookies.clear()
    assert client.delete(f"{API}/{number}", headers=token).status_code == 404
    assert client.get(API, headers=token).json()["shares"] == []


def test_nobody_makes_a_link_without_a_token(client: TestClient) -> None:
    assert client.post(API, json={"call": KEY}).status_code == 401
