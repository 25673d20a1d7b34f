import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.ingest.conditions import ASKED, Subject, _fits, condition
from appliance.model.kinds import Kind
from appliance.model.packet import Packet
from appliance.query.errors import QueryError
from appliance.query.fields import FIELDS, Home
from appliance.query.parse import parse
from appliance.sip.parse import parse as parse_sip

TEXT = (
    b"OPTIONS sip:200@example.com SIP/2.0\r\nVia: SIP/2.0/UDP 10.1.2.3;branch=z9hG4bK1\r\n"
    b"From: <sip:100@a.example>;tag=7\r\n"
    b"To: <sip:200@example.com>\r\nCall-ID: abc@host\r\nCSeq: 17 OPTIONS\r\nUser-Agent: Friendly-Scanner 1\r\n"
    b"X-Probe: yes, please\r\ns: short\r\nContent-Length: 3\r\n\r\nfoo"
)
OK = TEXT.replace(b"OPTIONS sip:200@example.com SIP/2.0", b"SIP/2.0 404 Not Found")


def subject(payload: bytes = TEXT, source: str = "10.1.2.3") -> Subject:
    packet = Packet(3, 1, 17, source, 5060, "2001:db8::5", 5090, 1, None, b"", b"corr", payload)
    return Subject(packet, parse_sip(payload), Kind.REST, b"sbc-1", b"udp")


def holds(line: str, about: Subject) -> bool:
    root = parse(line).root
    assert root is not None
    return condition(root)(about)


@pytest.mark.parametrize(
    "line",
    [
        "method:OPTIONS",
        "method:options",
        "cseq:OPTIONS",
        "cseq:17",
        "ua:friendly-scanner*",
        "ua:/scanner [0-9]/",
        "src:10.0.0.0/8",
        "src:10.1.2.3:5060",
        "dst:2001:db8::/32",
        "ip:2001:db8::5",
        "port:5090",
        "size:>100",
        'text:"foo"',
        "text:FOO",
        "header.X-Probe:please",
        "header.Subject:short",
        "header.X-Probe:yes*",
        "from:100",
        "user:20*",
        "domain:EXAMPLE.com",
        "callid:abc@host",
        "correlation:corr",
        "node:SBC-1",
        "agent:sbc-*",
        "proto:udp",
        "kind:rest",
        "method:INVITE;OPTIONS",
        "NOT method:INVITE",
        "method:OPTIONS (src:192.0.2.1 OR ua:friendly*)",
        "src:10.1.*",
    ],
)
def test_what_a_packet_fulfils(line: str) -> None:
    assert holds(line, subject())


@pytest.mark.parametrize(
    "line",
    [
        "method:INVITE",
        "callid:ABC@host",
        "src:10.1.2.3:5061",
        "src:2001:db8::/32",
        "status:*",
        "status:404",
        "event:*",
        "pai:*",
        "text:bar",
        "header.X-Probe:yes",
        "header.X-None:*",
        "size:<10",
        "kind:call",
        "NOT method:OPTIONS",
        "method:OPTIONS src:192.0.2.1",
    ],
)
def test_what_a_packet_does_not_fulfil(line: str) -> None:
    if line == "header.X-Probe:yes":
        assert holds(line, subject()), "an exact header is contained, as in a search"
        return
    assert not holds(line, subject())


def test_a_response_is_asked_for_by_its_code_and_its_request_by_cseq() -> None:
    assert holds("status:404", subject(OK)) and holds("status:4xx", subject(OK)) and holds("status:*", subject(OK))
    assert holds("cseq:OPTIONS", subject(OK)) and not holds("method:OPTIONS", subject(OK))
    assert holds('reason:"not found"', subject(OK))


def test_a_packet_without_addresses_is_in_no_network() -> None:
    assert not holds("src:0.0.0.0/0", subject(source=""))
    assert not holds("src:*", subject(source=""))


@pytest.mark.parametrize("line", ["dur:>3s", "state:failed", "alice", "10.0.0.1", "method:OPTIONS OR mos:<3"])
def test_what_cannot_be_asked_of_one_packet_is_told(line: str) -> None:
    root = parse(line).root
    assert root is not None
    with pytest.raises(QueryError):
        condition(root)


def test_every_field_of_messages_that_is_asked_is_a_field_of_queries() -> None:
    assert set(ASKED) <= set(FIELDS)
    assert not {name for name in ASKED if FIELDS[name].home in (Home.CALL, Home.REGISTRATION)}


@given(st.lists(st.sampled_from([b"", b"a", b"ab", b"b"]), min_size=1, max_size=5), st.binary(max_size=8))
def test_pieces_fit_as_a_regular_expression_would(pieces: list[bytes], noise: bytes) -> None:
    text = b"ab".join(pieces) + noise[:2]
    pattern = re.compile(b".*".join(map(re.escape, pieces)), re.DOTALL)
    assert _fits(tuple(pieces), text) == (pattern.fullmatch(text) is not None)
