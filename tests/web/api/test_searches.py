import pytest
from starlette.testclient import TestClient

API = "/api/v1/searches"


def test_a_script_saves_lists_and_deletes_a_search(client: TestClient, token: dict[str, str]) -> None:
    asked = {"name": "Failures", "query": "status:5xx", "from": "-3h", "view": "messages", "columns": ["ts", "method"]}
    made = client.post(API, json={**asked, "shared": True}, headers=token)
    assert made.status_code == 201
    (one,) = client.get(API, headers=token).json()["searches"]
    assert one == made.json()
    assert {name: one[name] for name in asked} == asked
    assert (one["user"], one["own"], one["shared"]) == ("bob", True, True)
    assert one["meaning"] == "Messages whose response code is 5xx."
    assert client.delete(f"{API}/{one['id']}", headers=token).json()["id"] == one["id"]
    assert client.get(API, headers=token).json() == {"searches": []}
    assert client.delete(f"{API}/{one['id']}", headers=token).status_code == 404


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({}, "name"),
        ({"name": 1}, "name"),
        ({"name": "x", "view": "nothing"}, "view"),
        ({"name": "x", "columns": [1]}, "columns"),
        ({"name": "x", "shared": 1}, "shared"),
        ({"name": "x", "unknown": 1}, "unknown"),
        ([], None),
    ],
)
def test_mistakes_are_told_with_their_field(
    client: TestClient, token: dict[str, str], body: object, where: str | None
) -> None:
    answer = client.post(API, json=body, headers=token)
    assert answer.status_code == 422
    assert answer.json()["error"]["where"] == where


def test_a_body_that_is_no_json_is_told(client: TestClient, token: dict[str, str]) -> None:
    assert client.post(API, content=b"{", headers=token).status_code == 422
    assert client.get(API).status_code == 401
