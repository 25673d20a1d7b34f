import json

import pytest
from starlette.testclient import TestClient

from appliance.export import ladder_png
from appliance.settings import Settings
from appliance.storage import audit
from appliance.web import links
from tests.web.conftest import in_database
from tests.web.stored import HOSTILE_CALLID, REPORTED, SCRIPT

CALL = "/calls/answered-1@192.0.2.1"
FILES = {
    "flow.svg": ("image/svg+xml", b"<svg"),
    "flow.png": ("image/png", b"\x89PNG"),
    "flow.png.zip": ("application/zip", b"PK"),
    "flow.txt": ("text/plain; charset=utf-8", b""),
    "messages.pcap": ("application/vnd.tcpdump.pcap", b""),
    "messages.txt": ("text/plain; charset=utf-8", "Call +4930111 → +4930222\n".encode()),
    "messages.json": ("application/json", b"{"),
    "sipp-uac.xml": ("application/xml", b"<?xml"),
    "sipp-uas.xml": ("application/xml", b"<?xml"),
    "report.html": ("text/html; charset=utf-8", b"<!DOCTYPE html>"),
    "report.zip": ("application/zip", b"PK"),
}


@pytest.mark.parametrize("name", FILES)
def test_each_file_comes_with_its_kind_and_a_name(alice: TestClient, name: str) -> None:
    answer = alice.get(f"{CALL}/{name}")
    kind, begin = FILES[name]
    assert answer.status_code == 200
    assert answer.headers["content-type"] == kind
    assert answer.content.startswith(begin) and len(answer.content) > 100
    assert "+4930111-+4930222" in answer.headers["content-disposition"]
    assert answer.headers["cache-control"] == "no-store"


def test_the_pcap_has_every_message(alice: TestClient) -> None:
    content = alice.get(f"{CALL}/messages.pcap").content
    assert content[:4] in (b"\xd4\xc3\xb2\xa1", b"\xa1\xb2\xc3\xd4", b"\x4d\x3c\xb2\xa1")
    assert content.count(b"Call-ID: answered-1@192.0.2.1") == 7


def test_the_json_has_texts_and_headers(alice: TestClient) -> None:
    whole = json.loads(alice.get(f"{CALL}/messages.json").text)
    assert whole["call"]["state"] == "completed"
    found = whole["messages"]
    assert [row["method"] for row in found] == ["INVITE", "100", "180", "200", "ACK", "BYE", "200"]
    assert found[0]["raw"].startswith("INVITE sip:") and found[0]["fields"][0]["name"] == "Via"


def test_the_json_is_what_the_api_answers(alice: TestClient) -> None:
    for legs in ("all", "one"):
        api = alice.get(f"/api/v1{links.call(REPORTED)}?legs={legs}").json()
        assert json.loads(alice.get(links.call(REPORTED, "messages.json") + f"?legs={legs}").text) == api
        assert len(api["quality"]) == 2 and len(api["logs"]) == 2
    assert alice.get(f"/api/v1{CALL}?legs=two").status_code == 422


def test_a_scenario_that_cannot_be_made_is_refused_in_a_sentence(alice: TestClient) -> None:
    answer = alice.get("/calls/many-1/sipp-uac.xml")
    assert answer.status_code == 422
    assert "No INVITE of this call was captured, so there is nothing that a scenario could begin with." in answer.text


@pytest.mark.parametrize(
    "name", ["flow.svg", "flow.txt", "messages.txt", "messages.json", "sipp-uas.xml", "report.html"]
)
def test_nothing_in_a_file_can_run(alice: TestClient, name: str) -> None:
    answer = alice.get(links.call(HOSTILE_CALLID, name))
    assert answer.status_code == 200
    assert "sandbox" in answer.headers["content-security-policy"]
    assert "script-src" not in answer.headers["content-security-policy"]
    if name in ("flow.svg", "report.html"):
        assert SCRIPT not in answer.text


def test_the_name_of_a_file_is_plain(alice: TestClient) -> None:
    disposition = alice.get(links.call(HOSTILE_CALLID, "messages.pcap")).headers["content-disposition"]
    assert disposition.startswith('attachment; filename="call-20')
    assert all(c not in disposition for c in "<>'/\\")


@pytest.mark.parametrize("name", FILES)
def test_a_script_takes_them_with_a_token(client: TestClient, token: dict[str, str], name: str) -> None:
    assert client.get(f"{CALL}/{name}", headers=token).status_code == 200


def test_nobody_gets_none(client: TestClient) -> None:
    answer = client.get(f"{CALL}/messages.pcap", headers={"accept": "*/*"})
    assert answer.status_code == 401 and "www-authenticate" in answer.headers
    assert client.get(f"{CALL}/messages.pcap").headers["location"].startswith("/login?next=")


@pytest.mark.parametrize(("query", "status"), [("legs=one", 200), ("legs=all", 200), ("legs=x", 422)])
def test_legs_are_all_or_one(alice: TestClient, query: str, status: int) -> None:
    assert alice.get(f"{CALL}/flow.txt?{query}").status_code == status


@pytest.mark.parametrize("number", ["0", "2", "x", "-1"])
def test_a_picture_has_so_many_pages(alice: TestClient, number: str) -> None:
    assert alice.get(f"{CALL}/flow.png?page={number}").status_code == 404


def test_a_picture_that_cannot_be_drawn_is_told_in_a_sentence(
    alice: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ladder_png, "_zoom", lambda _ladder: 1000.0)
    answer = alice.get(f"{CALL}/flow.png")
    assert answer.status_code == 503
    assert (
        "The picture could not be drawn in the memory it may use; the SVG or the text has the same call." in answer.text
    )


def test_an_unknown_call_has_no_files(alice: TestClient) -> None:
    assert alice.get("/calls/nobody/messages.pcap").status_code == 404
    assert alice.get("/calls/nobody/nothing.exe").status_code == 404


def test_an_export_is_written_down(alice: TestClient, settings: Settings) -> None:
    alice.get(f"{CALL}/messages.pcap")
    entry = in_database(settings.mysql, audit.entries)[0]
    assert (entry.action, entry.object) == ("exported", "messages.pcap answered-1@192.0.2.1")


def test_the_files_show_what_the_address_chooses(alice: TestClient) -> None:
    text = alice.get(f"{CALL}/flow.txt?hide=100&time=delta").text
    assert "Trying" not in text and "1 message is hidden" in text and "+500.0 ms" in text
    assert "own-1" in alice.get(f"{CALL}/flow.svg?colour=transaction").text
    plain, hidden = (alice.get(f"{CALL}/flow.png{query}").content for query in ("", "?hide=INVITE"))
    assert plain != hidden
    assert alice.get(f"{CALL}/flow.svg?legs=nonsense").status_code == 422


def test_what_is_usual_in_a_browser_changes_no_file(alice: TestClient) -> None:
    before = alice.get(f"{CALL}/flow.txt").text
    alice.cookies.set("ladder", "time=delta&sdp=1")
    assert alice.get(f"{CALL}/flow.txt").text == before
