import re

import pytest
from starlette.testclient import TestClient

from appliance.web import links
from tests.web.conftest import PASSWORD, sign_in
from tests.web.stored import SCRIPT

CALL = links.call("answered-1@192.0.2.1")


def message_of(client: TestClient) -> str:
    found: str = client.get(f"/api/v1{CALL}").json()["messages"][2]["id"]
    return found


def test_a_note_stands_on_every_tab_and_in_the_json(alice: TestClient) -> None:
    answer = alice.post(f"{CALL}/notes", data={"text": "rang too long", "next": CALL})
    assert (answer.status_code, answer.headers["location"]) == (303, CALL)
    for tab in ("", "/messages", "/quality", "/logs", "/export"):
        assert "rang too long" in alice.get(CALL + tab).text
    (note,) = alice.get(f"/api/v1{CALL}").json()["notes"]
    assert (note["text"], note["user"], note["message"], note["changed"]) == ("rang too long", "alice", None, None)
    assert alice.get(f"{CALL}/messages.json").json()["notes"] == [note]


def test_a_note_on_a_message_stands_on_both_pages(alice: TestClient) -> None:
    number = message_of(alice)
    alice.post(f"/messages/{number}/notes", data={"text": "this 180"})
    assert "this 180" in alice.get(f"/messages/{number}").text
    page = alice.get(CALL).text
    assert "this 180" in page
    assert f"#m-{number}" in page
    assert alice.get(f"/api/v1/messages/{number}").json()["notes"][0]["message"] == number


def test_it_is_text_and_never_markup(alice: TestClient) -> None:
    alice.post(f"{CALL}/notes", data={"text": SCRIPT})
    assert SCRIPT not in alice.get(CALL).text


def test_one_changes_and_deletes_one_s_own(alice: TestClient) -> None:
    alice.post(f"{CALL}/notes", data={"text": "old words"})
    number = alice.get(f"/api/v1{CALL}").json()["notes"][0]["id"]
    assert alice.post(f"/notes/{number}", data={"text": "new words", "next": CALL}).status_code == 303
    assert "new words" in alice.get(CALL).text
    assert alice.post(f"/notes/{number}/delete", data={"next": "https://evil.example"}).headers["location"] == CALL
    assert alice.get(f"/api/v1{CALL}").json()["notes"] == []


def test_another_s_note_stays_but_for_an_administrator(client: TestClient) -> None:
    sign_in(client, "alice", PASSWORD)
    client.post(f"{CALL}/notes", data={"text": "of alice"})
    number = client.get(f"/api/v1{CALL}").json()["notes"][0]["id"]
    client.post("/logout")
    sign_in(client, "bob", PASSWORD)
    assert client.post(f"/notes/{number}", data={"text": "x"}).status_code == 404
    assert client.post(f"/notes/{number}/delete").status_code == 404
    assert not re.search(r">\s*Edit\s*<", client.get(CALL).text)
    client.post(f"{CALL}/notes", data={"text": "of bob"})
    client.post("/logout")
    sign_in(client, "alice", PASSWORD)
    for note in client.get(f"/api/v1{CALL}").json()["notes"]:
        assert client.post(f"/notes/{note['id']}/delete").status_code == 303


@pytest.mark.parametrize("text", ["", "x" * 2001])
def test_nothing_and_too_much_are_refused_with_a_sentence(alice: TestClient, text: str) -> None:
    answer = alice.post(f"{CALL}/notes", data={"text": text})
    assert answer.status_code == 422
    assert "A note" in answer.text
    alice.post(f"{CALL}/notes", data={"text": "one"})
    number = alice.get(f"/api/v1{CALL}").json()["notes"][0]["id"]
    assert alice.post(f"/notes/{number}", data={"text": text}).status_code == 422


def test_a_note_is_on_no_share(alice: TestClient) -> None:
    alice.post(f"{CALL}/notes", data={"text": "between us"})
    answer = alice.post(f"{CALL}/share")
    found = re.search(r'value="http://testserver(/s/[\w-]+)"', answer.text)
    assert found is not None
    assert "between us" not in alice.get(found[1]).text
