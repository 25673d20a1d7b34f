from starlette.testclient import TestClient

from appliance.export.json_fields import DIALOG_FIELDS, REGISTRATION_FIELDS
from appliance.web.api.registering import ROWS, SCHEMAS


def test_the_description_names_what_rows_have(alice: TestClient) -> None:
    described = alice.get("/api/v1/openapi.json").json()["components"]["schemas"]
    assert set(described["RegistrationRow"]["properties"]) == set(REGISTRATION_FIELDS)
    assert set(described["DialogRow"]["properties"]) == set(DIALOG_FIELDS)
    assert {*ROWS} == {*SCHEMAS} <= {*described}


def test_a_registration_is_told_in_the_words_of_the_contract(alice: TestClient) -> None:
    answer = alice.get("/api/v1/search?view=registrations&q=aor:reg-1@example.com").json()
    (row,) = answer["rows"]
    assert list(row) == list(REGISTRATION_FIELDS)
    assert (row["state"], row["status"], row["reg_id"], row["source_port"]) == ("registered", 200, 1, 40001)
    assert (row["flaps"], row["refreshes"], row["instance"], row["path"]) == (1, 0, "urn:uuid:reg-1", None)
    assert answer["total"] == {"count": 1, "exact": True}


def test_dialogs_are_told_in_the_words_of_the_contract(alice: TestClient) -> None:
    answer = alice.get("/api/v1/search?view=dialogs&q=method:OPTIONS&options=apart&limit=2").json()
    assert [list(row) for row in answer["rows"]] == [list(DIALOG_FIELDS)] * 2
    assert [(row["method"], row["dialogs"], row["status"]) for row in answer["rows"]] == [("OPTIONS", 1, None)] * 2
    folded = alice.get("/api/v1/search?view=dialogs&q=method:OPTIONS").json()
    assert [(row["dialogs"], row["failed"]) for row in folded["rows"]] == [(150, 150)]


def test_wrong_words_are_an_error_of_the_api(alice: TestClient) -> None:
    answer = alice.get("/api/v1/search?view=registrations&q=from:x")
    assert answer.status_code == 422
    assert answer.json()["error"]["code"] == "unsearchable"
    assert alice.get("/api/v1/search?view=dialogs&options=no").json()["error"]["where"] == "options"
