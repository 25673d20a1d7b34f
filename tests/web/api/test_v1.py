import pytest
from starlette.testclient import TestClient

from appliance.export.json_fields import CALL_FIELDS, LOG_FIELDS, MESSAGE_FIELDS, QUALITY_FIELDS
from tests.web.stored import BEGUN_US, HOSTILE_CALLID, REPORTED, SITE


def get(client: TestClient, token: dict[str, str], path: str):  # type: ignore[no-untyped-def]
    return client.get(f"/api/v1{path}", headers=token)


def test_search_answers_in_the_words_of_the_interface(client: TestClient, token: dict[str, str]) -> None:
    found = get(client, token, "/search?q=from:%2B4930111").json()
    assert set(found) >= {"query", "view", "from", "to", "rows", "next", "total", "sites"}
    (row,) = found["rows"]
    assert set(row) == set(CALL_FIELDS)
    assert (row["state"], row["status"], row["talk_ms"]) == ("completed", 200, 7000)
    assert row["started"] == BEGUN_US
    assert found["total"] == {"count": 1, "exact": True}
    assert found["sites"][0]["name"] == SITE


def test_messages_are_paged_by_cursor(client: TestClient, token: dict[str, str]) -> None:
    seen, cursor = [], ""
    while True:
        found = get(client, token, f"/search?view=messages&q=method:OPTIONS&limit=60{cursor}").json()
        assert all(set(row) == set(MESSAGE_FIELDS) for row in found["rows"])
        seen += [row["id"] for row in found["rows"]]
        if found["next"] is None:
            break
        cursor = f"&cursor={found['next']}"
    assert len(seen) == len(set(seen)) == 150


def test_a_later_page_echoes_the_range_of_the_first(client: TestClient, token: dict[str, str]) -> None:
    first = get(client, token, "/search?view=messages&q=method:OPTIONS&limit=60&from=-7d").json()
    later = get(client, token, f"/search?view=messages&q=method:OPTIONS&limit=60&cursor={first['next']}").json()
    assert (later["from"], later["to"]) == (first["from"], first["to"])


@pytest.mark.parametrize(
    ("query", "code", "where"),
    [
        ("q=form:x", "bad_query", "q:1"),
        ("q=attest:A", "unsearchable", "q:1"),
        ("from=x", "bad_time", "from"),
        ("to=x", "bad_time", "to"),
        ("view=x", "bad_argument", "view"),
        ("cursor=x", "bad_cursor", "cursor"),
    ],
)
def test_what_is_wrong_has_code_message_and_place(
    client: TestClient, token: dict[str, str], query: str, code: str, where: str
) -> None:
    answer = get(client, token, f"/search?{query}")
    assert answer.status_code == 422
    error = answer.json()["error"]
    assert set(error) == {"code", "message", "where"}
    assert (error["code"], error["where"]) == (code, where)


def test_a_call_has_its_messages_in_order(client: TestClient, token: dict[str, str]) -> None:
    found = get(client, token, "/calls/answered-1@192.0.2.1").json()
    assert set(found) >= {"call", "legs", "messages", "quality", "logs", "why"}
    assert [row["method"] for row in found["messages"]] == ["INVITE", "100", "180", "200", "ACK", "BYE", "200"]
    assert found["call"]["hung_up_by"] == "caller"


def test_a_call_has_what_was_reported_and_logged_of_it(client: TestClient, token: dict[str, str]) -> None:
    found = get(client, token, f"/calls/{REPORTED}").json()
    assert {row["callid"] for row in found["quality"] + found["logs"]} == {REPORTED}
    for row in (found["quality"][0], found["logs"][0]):
        assert get(client, token, f"/messages/{row['id']}").json()["id"] == row["id"]
    for view, fields in (("quality", QUALITY_FIELDS), ("logs", LOG_FIELDS)):
        (first, *_) = get(client, token, f"/search?view={view}&q=callid:{REPORTED}&from=-1h").json()["rows"]
        assert list(first) == list(fields)
        assert first in found[view]


def test_a_message_has_its_text(client: TestClient, token: dict[str, str]) -> None:
    (broken,) = get(client, token, "/search?view=messages&q=kind:rest problems:*").json()["rows"]
    found = get(client, token, f"/messages/{broken['id']}").json()
    assert "raw" not in found or found["raw"] is None
    assert found["raw_base64"].startswith("AP/+IG5vdC")
    options = get(client, token, "/search?view=messages&q=method:OPTIONS&limit=1").json()["rows"][0]
    found = get(client, token, f"/messages/{options['id']}").json()
    assert found["raw"].startswith("OPTIONS sip:a SIP/2.0\r\n")
    assert {"name": "CSeq", "value": "1 OPTIONS"} in found["fields"]


def test_hostile_text_is_json(client: TestClient, token: dict[str, str]) -> None:
    answer = get(client, token, "/search?q=status:486")
    assert answer.headers["content-type"] == "application/json"
    assert answer.json()["rows"][0]["callid"] == HOSTILE_CALLID


@pytest.mark.parametrize("path", ["/calls/nobody", "/calls/~!", "/messages/x", "/nothing", "/"])
def test_what_is_not_there_is_404_in_json(client: TestClient, token: dict[str, str], path: str) -> None:
    answer = get(client, token, path)
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "not_found"


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic YTpi"}])
def test_without_a_valid_token_it_is_401(client: TestClient, headers: dict[str, str]) -> None:
    answer = get(client, headers, "/search")
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "unauthorized"
    assert "Bearer" in answer.headers["www-authenticate"]


def test_a_wrong_method_is_405_in_json(client: TestClient, token: dict[str, str]) -> None:
    answer = client.post("/api/v1/search", headers=token)
    assert answer.status_code == 405 and "error" in answer.json()


def test_a_session_may_ask_too(alice: TestClient) -> None:
    assert alice.get("/api/v1/search").status_code == 200
