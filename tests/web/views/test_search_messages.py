import pytest
from starlette.testclient import TestClient

from appliance.settings import Settings
from appliance.storage import audit
from appliance.web import result_messages
from appliance.web.views.search_files import INCOMPLETE
from tests.web.conftest import in_database

OPTIONS = "view=messages&q=method:OPTIONS"


def test_a_pcap_has_every_message_of_the_result(alice: TestClient) -> None:
    answer = alice.get(f"/search.pcap?{OPTIONS}")
    assert answer.headers["content-type"] == "application/vnd.tcpdump.pcap"
    assert answer.headers["content-disposition"].startswith('attachment; filename="hepbox-messages-20')
    assert answer.content[:4] == b"\xd4\xc3\xb2\xa1" and answer.content.count(b"OPTIONS sip:a SIP/2.0") == 150
    assert INCOMPLETE not in answer.headers


def test_a_text_of_calls_has_all_their_messages(alice: TestClient) -> None:
    answer = alice.get("/search.txt?q=from:%2B4930111")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    first = ("INVITE ", "BYE ", "SIP/2.0 ")
    assert [line.split()[0] for line in answer.text.splitlines() if line.startswith(first)] == [
        "INVITE", "SIP/2.0", "SIP/2.0", "SIP/2.0", "BYE", "SIP/2.0",
    ]  # fmt: skip


@pytest.mark.parametrize("view", ["calls", "messages", "registrations", "dialogs"])
def test_the_page_has_links_to_the_messages_behind_its_rows(alice: TestClient, view: str) -> None:
    page = alice.get(f"/search?view={view}").text
    assert f"/search.pcap?view={view}&amp;" in page and f"/search.txt?view={view}&amp;" in page


def test_a_file_that_has_not_all_says_so(alice: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(result_messages.Bounds, "__init__", _few)
    answer = alice.get(f"/search.txt?{OPTIONS}")
    assert "-incomplete.txt" in answer.headers["content-disposition"]
    assert answer.headers[INCOMPLETE] == "These are the newest 10 messages; there are more: choose a shorter time."
    assert "many-149" in answer.text and "many-139" not in answer.text


def _few(self: result_messages.Bounds, seconds: float) -> None:
    for name, value in (("seconds", seconds), ("messages", 10), ("octets", 10**6)):
        object.__setattr__(self, name, value)


@pytest.mark.parametrize(
    ("query", "words"),
    [("q=form:x", "There is no field form"), ("view=logs", "is of messages: ask for the view calls or messages")],
)
def test_what_cannot_be_a_file_is_a_sentence(alice: TestClient, query: str, words: str) -> None:
    for name in ("pcap", "txt"):
        answer = alice.get(f"/search.{name}?{query}")
        assert answer.status_code == 422 and words in answer.text


def test_it_is_written_down(alice: TestClient, settings: Settings) -> None:
    alice.get(f"/search.pcap?{OPTIONS}")
    entry = in_database(settings.mysql, audit.entries)[0]
    assert entry.action == "exported" and entry.object.startswith("pcap messages 20") and "OPTIONS" in entry.object


def test_nobody_gets_one(client: TestClient) -> None:
    assert client.get(f"/search.pcap?{OPTIONS}", headers={"accept": "*/*"}).status_code == 401


def test_the_result_leads_to_both(alice: TestClient) -> None:
    page = alice.get(f"/search?{OPTIONS}").text
    assert "/search.pcap?" in page and "/search.txt?" in page
    assert "/search.pcap?" not in alice.get("/search?view=logs").text


def test_a_registrations_file_has_the_messages_of_its_last_callid(alice: TestClient) -> None:
    answer = alice.get("/search.txt?view=registrations&q=aor:reg-1@example.com")
    first = ("REGISTER ", "SIP/2.0 ")
    lines = [line.split(" sip:")[0].strip() for line in answer.text.splitlines() if line.startswith(first)]
    assert lines == ["REGISTER", "SIP/2.0 401 Unauthorized", "REGISTER", "SIP/2.0 200 OK", "REGISTER", "SIP/2.0 200 OK"]


def test_a_dialogs_file_has_every_message_of_every_one_of_the_folded(alice: TestClient) -> None:
    answer = alice.get("/search.pcap?view=dialogs&q=method:OPTIONS")
    assert answer.content.count(b"OPTIONS sip:a SIP/2.0") == 150
