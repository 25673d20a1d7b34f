import csv
import io

from starlette.testclient import TestClient

from appliance.web import links
from tests.web.conftest import PASSWORD, sign_in

CALL = links.call("answered-1@192.0.2.1")


def rows(client: TestClient) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(client.get("/admin/shares.csv").text)))


def test_a_user_sees_own_links_and_an_administrator_all(client: TestClient) -> None:
    sign_in(client, "alice", PASSWORD)
    client.post(f"{CALL}/share", data={"note": "of alice"})
    client.post(f"{CALL}/pin", data={"days": "7"})
    client.post("/logout")
    sign_in(client, "bob", PASSWORD)
    client.post(f"{CALL}/share", data={"note": "of bob"})
    page = client.get("/admin/shares").text
    assert "of bob" in page
    assert "of alice" not in page
    assert "Let go" not in page
    assert [row["user"] for row in rows(client)] == ["bob"]
    client.post("/logout")
    sign_in(client, "alice", PASSWORD)
    assert [row["user"] for row in rows(client)] == ["bob", "alice"]


def test_a_user_cannot_end_another_s_link_but_an_administrator_can(client: TestClient) -> None:
    sign_in(client, "alice", PASSWORD)
    client.post(f"{CALL}/share")
    number = rows(client)[0]["id"]
    client.post("/logout")
    sign_in(client, "bob", PASSWORD)
    assert client.post(f"/admin/shares/{number}/revoke").status_code == 404
    client.post(f"{CALL}/share")
    own = rows(client)[0]["id"]
    client.post("/logout")
    sign_in(client, "alice", PASSWORD)
    assert [row["state"] for row in rows(client)] == ["live", "live"]
    assert client.post(f"/admin/shares/{own}/revoke").status_code == 303
    assert [row["state"] for row in rows(client)] == ["revoked", "live"]


def test_the_csv_defuses_formulas(alice: TestClient) -> None:
    alice.post(f"{CALL}/share", data={"note": "=1+1"})
    assert rows(alice)[0]["note"] == "'=1+1"


def test_an_empty_list_says_what_to_do(alice: TestClient) -> None:
    page = alice.get("/admin/shares").text
    assert "two clicks make a link" in page
    assert "Pin a call on its page" in page


def test_nothing_changes_by_get(alice: TestClient) -> None:
    assert alice.get("/admin/shares/1/revoke").status_code == 405
    assert alice.post("/admin/shares/999999/revoke").status_code == 404
