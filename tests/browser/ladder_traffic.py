"""Calls for the ladder's tests: one with everything that a ladder draws, one of 2,100 messages, one of long values."""

import json
import time

from appliance.hep.encode import encode
from appliance.model.packet import Packet
from tests.browser.traffic import SCRIPT

DRAWN = "drawn-1@198.51.100.10"
LONG = "long-1@198.51.100.10"
WIDE = "wide-1@198.51.100.10"
LONG_MESSAGES = 2100
CALLER, PROXY, ONE, TWO = "198.51.100.10", "192.0.2.10", "198.51.100.21", "198.51.100.22"
URI = "sip:+4930777@example.com SIP/2.0"
BIG = "A" * 60_000
"""As long a value as a datagram has room for."""
ODD = "\u202e\u0007\x1b[31m"
"""Turns the direction, rings, colours a terminal."""


def packet(
    payload: bytes, at_us: int, ends: tuple[str, str], node: str = "edge-1", type_: int = 1, call: str = ""
) -> bytes:
    return encode(
        Packet(
            hep_version=3,
            protocol_type=type_,
            ip_protocol=17,
            source_ip=ends[0],
            source_port=5060,
            destination_ip=ends[1],
            destination_port=5060,
            time_us=at_us,
            capture_id=1,
            node_name=node.encode(),
            correlation_id=call.encode(),
            payload=payload,
        )
    )


def sdp(ip: str, port: int, way: str = "sendrecv") -> str:
    lines = ("v=0", f"o=- {port} 1 IN IP4 {ip}", "s=-", f"c=IN IP4 {ip}", "t=0 0", f"m=audio {port} RTP/AVP 8 101")
    return "\r\n".join((*lines, "a=rtpmap:8 PCMA/8000", "a=rtpmap:101 telephone-event/8000", f"a={way}", ""))


def sip(first: str, callid: str, cseq: str, branch: str, to_tag: str = "", body: str = "", *more: str) -> bytes:
    lines = [
        first,
        f"Via: SIP/2.0/UDP {CALLER}:5060;branch=z9hG4bK{branch};rport",
        "From: <sip:+4930666@example.com;user=phone>;tag=a",
        "To: <sip:+4930777@example.com>" + (f";tag={to_tag}" if to_tag else ""),
        f"Call-ID: {callid}",
        f"CSeq: {cseq}",
        *more,
        *(["Content-Type: application/sdp"] if body else []),
        f"Content-Length: {len(body)}",
    ]
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode("utf-8", "surrogateescape")


def drawn() -> list[bytes]:
    """A forked call with a retransmission, a message to oneself, media, a log line and reports."""
    begun = time.time_ns() // 1000 - 50_000_000
    offer, answer = sdp(CALLER, 4000), sdp(ONE, 6000)
    up, down, right, there, back = (CALLER, PROXY), (PROXY, CALLER), (PROXY, TWO), (PROXY, ONE), (ONE, PROXY)
    ok, ringing = "SIP/2.0 200 OK", "SIP/2.0 180 Ringing"
    sent = [
        (0, up, sip(f"INVITE {URI}", DRAWN, "1 INVITE", "a", body=offer)),
        (1, down, sip("SIP/2.0 100 Trying", DRAWN, "1 INVITE", "a")),
        (2, there, sip(f"INVITE {URI}", DRAWN, "1 INVITE", "p1", "", offer, "P-Asserted-Identity: <sip:x@y>")),
        (3, right, sip(f"INVITE {URI}", DRAWN, "1 INVITE", "p2", body=offer)),
        (503, right, sip(f"INVITE {URI}", DRAWN, "1 INVITE", "p2", body=offer)),
        (600, back, sip(ringing, DRAWN, "1 INVITE", "p1", "one")),
        (601, down, sip(ringing, DRAWN, "1 INVITE", "a", "one")),
        (650, (TWO, PROXY), sip(ringing, DRAWN, "1 INVITE", "p2", "two")),
        (651, down, sip(ringing, DRAWN, "1 INVITE", "a", "two")),
        (700, (PROXY, PROXY), sip(f"INFO {URI}", DRAWN, "9 INFO", "self")),
        (2000, back, sip(ok, DRAWN, "1 INVITE", "p1", "one", answer)),
        (2001, down, sip(ok, DRAWN, "1 INVITE", "a", "one", answer)),
        (2010, up, sip(f"ACK {URI}", DRAWN, "1 ACK", "ack", "one")),
        (9000, up, sip(f"BYE {URI}", DRAWN, "2 BYE", "bye", "one")),
        (9005, down, sip(ok, DRAWN, "2 BYE", "bye", "one")),
    ]
    told = [
        packet(b"INFO: routed", begun + 4_000, (PROXY, PROXY), type_=100, call=DRAWN),
        packet(_report(), begun + 8_000_000, (CALLER, ONE), type_=5, call=DRAWN),
    ]
    return [*(packet(payload, begun + 1000 * ms, ends) for ms, ends, payload in sent), *told]


def long() -> list[bytes]:
    begun = time.time_ns() // 1000 - 200_000_000
    found = []
    for number in range(LONG_MESSAGES // 2):
        request = sip(f"INFO {URI}", LONG, f"{number + 1} INFO", f"l{number}", "one")
        answer = sip("SIP/2.0 200 OK", LONG, f"{number + 1} INFO", f"l{number}", "one")
        found.append(packet(request, begun + 20_000 * number, (CALLER, PROXY)))
        found.append(packet(answer, begun + 20_000 * number + 5_000, (PROXY, CALLER)))
    return found


def wide() -> list[bytes]:
    """Markup, controls and marks of direction in every header, and a value of 60,000 characters."""
    begun = time.time_ns() // 1000 - 40_000_000
    evil = f"{SCRIPT}{ODD}"
    names = ("User-Agent", "Subject", "Contact", "Reason", "Warning", "Identity", "X-Odd", "Server", "Allow")
    more = [f"{name}: {evil}" for name in names]
    invite = sip(
        f"INVITE sip:{evil.replace(' ', '')}@b SIP/2.0", WIDE, "1 INVITE", f"w{SCRIPT}", evil, sdp(evil, 1), *more
    )
    busy = sip(f"SIP/2.0 486 {evil * 20}", WIDE, "1 INVITE", "w2", BIG[:200], "", f"X-Big: {BIG[:50_000]}", *more)
    return [
        packet(invite, begun, (CALLER, PROXY), node=evil),
        packet(busy, begun + 20_000, (PROXY, CALLER), node=f"{evil}{'n' * 200}"),
    ]


def _report() -> bytes:
    block = {"source_ssrc": 7, "fraction_lost": 3, "packets_lost": 1, "highest_seq_no": 9, "ia_jitter": 80, "lsr": 0}
    return json.dumps({"ssrc": 9, "type": 201, "report_count": 1, "report_blocks": [block | {"dlsr": 0}]}).encode()
