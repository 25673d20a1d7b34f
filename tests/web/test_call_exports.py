from dataclasses import replace

from starlette.testclient import TestClient

from appliance.model.kinds import Kind
from appliance.web.call_exports import exports
from appliance.web.found_call import FoundCall
from appliance.web.state import Request
from tests.calls.made import flow
from tests.web.stored import REPORTED

NAMES = ["report.html", "report.zip", "messages.txt", "messages.pcap", "messages.json", "sipp-uac.xml", "sipp-uas.xml",
         "quality.csv", "quality.json", "flow.svg", "flow.png", "flow.txt"]  # fmt: skip
CALL = flow("0 A>P INVITE", "9 P>A 486 INVITE")


def of(rows: list, at: int | None = None, callid: str = "c1@made"):  # type: ignore[no-untyped-def, type-arg]
    scope = {"type": "http", "scheme": "https", "server": ("hep.example", 443), "path": "/", "headers": [],
             "query_string": b"", "root_path": ""}  # fmt: skip
    return exports(Request(scope), FoundCall(callid, None, tuple(rows), len(rows), (), False), at)


def test_every_file_has_an_address_a_sentence_and_the_large_ones_a_size() -> None:
    files = [file for group in of(CALL, at=7).groups for file in group.files]
    assert [file.name for file in files] == NAMES
    assert all(file.address == f"/calls/c1@made/{file.name}?at=7" and file.words for file in files)
    assert {file.name for file in files if file.size} == {
        "report.html", "messages.txt", "messages.pcap", "messages.json", "flow.svg", "flow.txt",
    }  # fmt: skip
    assert not any(file.one_leg for file in files)


def test_a_joined_call_has_each_file_of_one_leg_too() -> None:
    joined = [*CALL, *flow("2 P>B INVITE id=x", callid="c2@made")]
    (first, *_) = of(joined, at=7).groups[0].files
    assert first.one_leg == "/calls/c1@made/report.html?at=7&legs=one"


def test_a_scenario_that_cannot_be_made_says_why() -> None:
    file = next(file for file in of(flow("0 A>P BYE")).groups[1].files if file.name == "sipp-uac.xml")
    assert file.address == "" and file.words.startswith("not of this call: no INVITE of this call was captured")


def test_what_the_pcap_has_not_and_how_wireshark_finds_the_rest_is_said() -> None:
    assert of(CALL).notes == ()
    web = [replace(row, proto="ws", destination_port=8088) for row in CALL]
    log = replace(CALL[0], id="l", kind=Kind.LOG)
    notes = of([*web, log]).notes
    assert notes[0] == "1 report, log line or event was never a packet and not in the pcap; the JSON has them."
    assert "tshark -d tcp.port==8088,sip" in notes[1] and "TLS or WebSocket" in notes[2]


def test_lines_for_a_script_can_be_pasted() -> None:
    shown = of(CALL, callid="a'b; rm -rf /")
    assert shown.curl[0] == (
        "curl -OJ -H 'Authorization: Bearer TOKEN' 'https://hep.example/calls/~YSdiOyBybSAtcmYgLw/messages.pcap'"
    )
    assert shown.commands[0] == "hepbox call 'a'\"'\"'b; rm -rf /' --format pcap -o call.pcap"
    assert of(CALL, callid="--x").commands[0] == "hepbox call --format pcap -o call.pcap -- --x"


def test_the_tab_lists_them(alice: TestClient) -> None:
    page = alice.get(f"/calls/{REPORTED}/export").text
    assert all(f'href="/calls/{REPORTED}/{name}" download' in page for name in NAMES)
    assert "4 reports, log lines and events were never a packet" in page
    assert "curl -OJ -H &#39;Authorization: Bearer TOKEN&#39;" in page
