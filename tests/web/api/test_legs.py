import pytest
from starlette.testclient import TestClient

from appliance.settings import Settings
from tests.web.conftest import in_database
from tests.web.stored import REPORTED

ANSWERED = "answered-1@192.0.2.1"
LEGS = f"/api/v1/calls/{ANSWERED}/legs"


@pytest.fixture(autouse=True)
def undecided(settings: Settings) -> None:
    """Each test begins with nothing joined by hand."""
    in_database(settings.mysql, lambda database: database.execute("DELETE FROM leg_decisions"))
    in_database(settings.mysql, lambda database: database.execute("DELETE FROM call_changes"))


def test_a_leg_is_joined_and_cut_by_a_program(client: TestClient, token: dict[str, str]) -> None:
    answer = client.post(LEGS, json={"callid": REPORTED, "joined": True}, headers=token)
    assert answer.status_code == 200
    whys = {leg["callid"]: leg["why"] for leg in answer.json()["legs"]}
    assert whys == {ANSWERED: "asked for", REPORTED: "joined by bob"}
    whole = client.get(f"/api/v1/calls/{ANSWERED}", headers=token).json()
    assert {row["callid"] for row in whole["messages"]} == {ANSWERED, REPORTED}
    one = client.get(f"/api/v1/calls/{ANSWERED}?legs=one", headers=token).json()
    assert {row["callid"] for row in one["messages"]} == {ANSWERED}
    assert {leg["callid"]: leg["shown"] for leg in one["legs"]} == {ANSWERED: True, REPORTED: False}
    answer = client.post(LEGS, json={"callid": REPORTED, "joined": False}, headers=token)
    assert [leg["callid"] for leg in answer.json()["legs"]] == [ANSWERED]


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b'{"callid": 5, "joined": true}', b'{"callid": "x"}', b'{"callid": "", "joined": true}']
)
def test_what_is_no_decision_is_refused(client: TestClient, token: dict[str, str], body: bytes) -> None:
    answer = client.post(LEGS, content=body, headers=token)
    assert answer.status_code == 422
    assert answer.json()["error"]["code"] == "bad_argument"


def test_an_unknown_leg_is_refused(client: TestClient, token: dict[str, str]) -> None:
    answer = client.post(LEGS, json={"callid": "nobody", "joined": True}, headers=token)
    assert (answer.status_code, answer.json()["error"]["message"][:30]) == (422, "There is no call with Call-ID ")
    bad = client.post("/api/v1/calls/~!/legs", json={"callid": "x", "joined": True}, headers=token)
    assert bad.status_code == 404
    assert client.post(LEGS, json={"callid": REPORTED, "joined": True}).status_code == 401
