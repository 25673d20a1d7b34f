from starlette.testclient import TestClient

API = "/api/v1/audit"


def test_a_page_at_a_time(alice: TestClient) -> None:
    for number in range(5):
        alice.get(f"/search?q=from:{number}")
    first = alice.get(f"{API}?action=searched&limit=3").json()
    assert [entry["object"].split()[2] for entry in first["entries"]] == ["from:4", "from:3", "from:2"]
    assert {entry["user"] for entry in first["entries"]} == {"alice"}
    rest = alice.get(f"{API}?action=searched&limit=3&before={first['next']}").json()
    assert [entry["object"].split()[2] for entry in rest["entries"]] == ["from:1", "from:0"]
    assert rest["next"] is None


def test_mistakes_are_told_with_their_field(alice: TestClient) -> None:
    for query, where in (("limit=0", "limit"), ("limit=x", "limit"), ("from=x", "from"), ("before=x", "before")):
        answer = alice.get(f"{API}?{query}")
        assert (answer.status_code, answer.json()["error"]["where"]) == (422, where)


def test_it_is_for_administrators(client: TestClient, token: dict[str, str]) -> None:
    assert client.get(API, headers=token).status_code == 403
