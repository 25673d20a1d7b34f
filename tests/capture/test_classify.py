import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.capture.classify import HEP, RTCP, SIP, is_rtcp, is_sip, protocol_type
from tests.captures import load_json


@pytest.mark.parametrize(
    "payload",
    [
        b"INVITE sip:bob@example.com SIP/2.0\r\n\r\n",
        b"SIP/2.0 200 OK\r\n\r\n",
        b"\r\n\r\n\0\0REGISTER sip:example.com SIP/2.0\r\n",
        b"OPTIONS tel:+15550100;phone-context=x SIP/2.0\n",
        b"X-WEIRD!method urn:service:sos SIP/2.0\r\n",
        b"INVITE sip:bob@example.com\r\nno version",
        b"SIP/2.0 99",
        b"NOTIFY http://example.com/x SIP/2.0\r\n",
    ],
)
def test_a_first_line_makes_sip_on_any_port(payload: bytes) -> None:
    assert protocol_type(payload, 1, 65535) == SIP


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"\r\n\r\n",
        b"\0\0\0\0",
        b"GET / HTTP/1.1\r\nHost: sip.example.com\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"DESCRIBE rtsp://example.com/x RTSP/1.0\r\n\r\n",
        b"AUEP 1500 mg@example.com MGCP 1.0\r\n",
        b"\x80\x00" + bytes(170),
        b"\x00\x01\x00\x00\x21\x12\xa4\x42" + bytes(12),
        b"\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x03sip\x07example\x03com\x00\x00\x01\x00\x01",
    ],
)
def test_what_is_not_ours_is_left_alone_even_on_port_5060(payload: bytes) -> None:
    assert protocol_type(payload, 5060, 5060) is None


RTCP_MESSAGES = load_json("rtcp_binary_fixtures")
DAMAGED = {
    "pion-source_description-two-chunks": "claims four times the octets that it has",
    "pion-header-bad-version": "version 0",
}


@pytest.mark.parametrize("fixture", RTCP_MESSAGES, ids=lambda fixture: fixture["id"])
def test_recorded_rtcp_is_known_unless_it_is_damaged(fixture: dict) -> None:
    assert is_rtcp(bytes.fromhex(fixture["hex"])) == (fixture["id"] not in DAMAGED)


def test_a_compound_must_fill_the_datagram() -> None:
    report = b"\x80\xc9\x00\x01\x00\x00\x00\x07"
    assert is_rtcp(report)
    assert is_rtcp(report + b"\x81\xca\x00\x02" + bytes(8))
    assert is_rtcp(report + b"\0\0"), "odd octets at the end, as some telephones send them"
    assert not is_rtcp(report + bytes(4))
    assert not is_rtcp(report[:-1])
    assert not is_rtcp(report + b"\x81\xca\x00\x09" + bytes(8))
    assert not is_rtcp(b"\x80\xc9\x00\x00")
    assert not is_rtcp(b"\x40" + report[1:])
    assert not is_rtcp(b"\x80\xc0" + report[2:])


def test_hep_is_known_by_its_magic_and_older_hep_by_its_port() -> None:
    assert protocol_type(b"HEP3\x00\x10" + bytes(10), 1, 2) == HEP
    older = b"\x01\x10\x02\x11" + bytes(20)
    assert protocol_type(older, 40000, 9060) == HEP
    assert protocol_type(older, 40000, 9061) is None


@given(st.binary(max_size=80), st.integers(0, 65535), st.integers(0, 65535))
def test_any_octets_are_classified(payload: bytes, source: int, destination: int) -> None:
    assert protocol_type(payload, source, destination) in (SIP, RTCP, HEP, None)


@pytest.mark.parametrize("piece", [b" ", b"\t ", b"A", b"A ", b"INVITE sip:", b"\0", b"SIP/2.", b"x SIP/"])
def test_hostile_first_lines_are_judged_quickly(piece: bytes) -> None:
    for line in (piece * 60_000, b"INVITE " + piece * 60_000, b"INVITE sip:a " + piece * 60_000):
        started = time.thread_time()
        is_sip(line[:65_507])
        assert time.thread_time() - started < 0.05
