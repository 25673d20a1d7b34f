"""Messages that others wrote: RFC 4475 and 5118, call flows of RFCs, other parsers' test cases."""

from pathlib import Path

import pytest

from appliance.sip import sdp
from appliance.sip.headers import body, headers
from appliance.sip.parse import parse
from tests.captures import CAPTURES, load_json
from tests.torture import INVALID, RFC_4475, RFC_5118


@pytest.mark.parametrize("name", [*RFC_4475, *RFC_5118])
def test_a_torture_message_is_marked_exactly_when_it_is_malformed(name: str) -> None:
    entry = (RFC_4475 | RFC_5118)[name]
    message = parse((CAPTURES / entry["file"]).read_bytes())
    assert message.problems == INVALID.get(name, ())
    if entry.get("category") == "valid":
        assert message.problems == ()


@pytest.mark.parametrize("name", [*RFC_4475, *RFC_5118])
def test_a_torture_message_can_be_found_by_call_id_cseq_and_parties(name: str) -> None:
    payload = (CAPTURES / (RFC_4475 | RFC_5118)[name]["file"]).read_bytes()
    message = parse(payload)
    values = {header.canonical: header.value for header in reversed(headers(payload))}
    assert message.callid == values.get(b"call-id", b"")
    assert message.cseq_method == values[b"cseq"].split()[1]
    assert message.cseq == (None if name == "scalar02" else int(values[b"cseq"].split()[0]))
    assert message.method or message.status
    if name != "insuf":
        assert message.from_user in values[b"from"]
        assert message.to_user in values[b"to"]
        assert message.from_tag


def test_what_the_torture_messages_say_where_it_is_hard_to_tell() -> None:
    def read(name: str):
        return parse((CAPTURES / (RFC_4475 | RFC_5118)[name]["file"]).read_bytes())

    assert read("wsinv").to_tag == b"1918181833n"
    assert read("wsinv").via_branch == b"390skdjuw"
    assert read("wsinv").from_user == b"jdrosen"
    assert read("intmeth").from_tag == b"_token~1'+`*%!-."
    assert read("intmeth").to_user == b"1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*"
    assert read("intmeth").method == b"!interesting-Method0123456789_*+`.%indeed'~"
    assert read("esc01").ruri_user == b"sips%3Auser%40example.com"
    assert (read("noreason").status, read("noreason").reply_reason) == (100, b"")
    assert read("unkscm").ruri_user == b"totallyopaquecontent"
    assert read("novelsc").ruri_domain == b"192.0.2.103"
    assert read("bext01").via_transport == b"tls"
    assert read("quotbal").to_user == b"j.user"
    assert read("ipv6-correct-abnf-2-colons").ruri_domain == b"[2001:db8::192.0.2.1]"
    assert read("port-unambiguous").ruri_domain == b"[2001:db8::10]"


def test_the_session_descriptions_of_rfc_5118_have_their_addresses() -> None:
    described = sdp.parse(body((CAPTURES / RFC_5118["mult-ip-in-sdp"]["file"]).read_bytes()))
    assert [media.address for media in described.media] == ["192.0.2.1", "2001:db8::1"]


CASES = {case["id"]: case for case in load_json("sip_parse_cases")["cases"]}
FIELDS = {
    "call_id": "callid",
    "from_tag": "from_tag",
    "to_tag": "to_tag",
    "user_agent": "user_agent",
    "via_branch": "via_branch",
    "cseq_method": "cseq_method",
    "content_type": "content_type",
    "pai_user": "pid_user",
    "x_call_id (aleg header X-FORCE)": "callid_aleg",
}


@pytest.mark.parametrize("case", CASES)
def test_another_parsers_cases_give_the_same_values(case: str) -> None:
    message = parse(CASES[case]["message"].encode(), (b"X-FORCE",))
    expected = CASES[case]["expected"]
    found = {name: getattr(message, FIELDS[name]).decode() for name in expected if name in FIELDS}
    assert found == {name: value for name, value in expected.items() if name in FIELDS}


@pytest.mark.parametrize("sent", load_json("pjsip_sendto_messages")["messages"], ids=lambda sent: sent["file"])
def test_what_a_user_agents_tests_send_has_call_id_and_method(sent: dict) -> None:
    message = parse(sent["message"].encode())
    assert message.callid
    assert message.method == sent["message"].split(" ")[0].encode()
    assert message.cseq_method == message.method


def flow_messages(path: Path) -> list[bytes]:
    """Block scalars of a YAML list, which is all that these files hold."""
    messages: list[list[str]] = []
    for line in path.read_text(encoding="utf-8").split("\n"):
        if line.startswith("- |"):
            messages.append([])
        elif messages and (line.startswith("  ") or not line):
            messages[-1].append(line[2:])
    return ["\r\n".join(lines).encode() + b"\r\n" for lines in messages]


FLOWS = sorted((CAPTURES / "rtckit-php-sip/tests/fixtures/misc").rglob("*.yaml"))


@pytest.mark.parametrize("path", FLOWS, ids=lambda path: path.stem)
def test_the_call_flows_of_the_rfcs_are_read(path: Path) -> None:
    messages = [parse(payload) for payload in flow_messages(path)]
    assert messages
    for message in messages:
        assert (message.method or 100 <= message.status < 700) and message.callid and message.cseq is not None
        assert message.from_user and message.to_user and message.via_branch
        assert set(message.problems) <= {"short-body", "no-end-of-headers"}, message
    requests = {(message.callid, message.cseq, message.cseq_method) for message in messages if message.method}
    assert {(m.callid, m.cseq, m.cseq_method) for m in messages if not m.method} <= requests or not requests


@pytest.mark.parametrize(
    "path", sorted((CAPTURES / "kamailio-kamailio/test/misc/sip").glob("*.sip")), ids=lambda p: p.stem
)
def test_hand_made_messages_with_faults_keep_what_they_have(path: Path) -> None:
    payload = path.read_bytes()
    message = parse(payload)
    values = {header.canonical: header.value for header in reversed(headers(payload))}
    assert message.callid == values.get(b"call-id", b"")
    assert message.method or message.status
    assert (b"\r\n" in payload) or "bare-lf" in message.problems


@pytest.mark.parametrize(
    "path", sorted((CAPTURES / "emiago-sipgo").rglob("FuzzParseSipMessage/*")), ids=lambda p: p.stem
)
def test_other_fuzzers_finds_do_no_harm(path: Path) -> None:
    payload = path.read_bytes()
    parse(payload), headers(payload), sdp.parse(body(payload))


def test_the_stream_of_another_parsers_tests_is_read() -> None:
    messages = (CAPTURES / "rtckit-php-sip/tests/fixtures/stream/lioneagle-sipparser.txt").read_bytes()
    assert parse(messages).callid
