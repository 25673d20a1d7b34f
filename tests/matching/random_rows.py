"""Packets and calls of few different values, so that random queries find some of them and never all."""

import random
from typing import Any

from appliance.model.kinds import Kind
from appliance.model.octets import octets
from appliance.model.quality import Measured, ReportKind
from appliance.model.rows import CallRow, CallState
from tests.storage.measured import stream
from tests.storage.search.stored import NOON, SECOND, Sent, a_call

LONG = "long-" + "x" * 300
TEXTS = (
    "", "alice", "Alice", "ALICE", "bob", "+4930123", "+4930999", "*21#", "a%b_c|d", "a\\b", "é", "É", "\udce9",
    "\udcc9", "x,y", "a b", "'\"", "日本", "OR", "example.com", "EXAMPLE.com", "friendly-scanner", LONG,
)  # fmt: skip
CALLIDS = (
    "",
    "c1@pc33",
    "c2@pc33",
    "C1@PC33",
    "c3",
    "c4",
    "c5",
    "c6",
    "'; DROP TABLE x; --",
    "\udcff",
    "10.0.0.1",
    LONG,
)
ADDRESSES = ("10.0.0.1", "10.0.0.2", "10.1.2.3", "192.0.2.9", "2001:db8::1", "2001:db8:1::1", "0.0.0.0", "")
PORTS = (5060, 5061, 5080, 0, 65535)
METHODS = {
    Kind.CALL: ("INVITE", "invite", "ACK", "BYE", "100", "180", "200", "486", "487", "503", "", "2x0", "99"),
    Kind.REST: ("OPTIONS", "MESSAGE", "200", "404", ""),
    Kind.REGISTRATION: ("REGISTER", "401", "200"),
}
DIVERSIONS = ("", "<sip:+4930123@example.com>;reason=busy", "<sip:alice@x>", "sip:bob@example.com", ":alice@")
LEG_KEYS = ("", "s:AB30", "x:other i:4eB1", "i:77 s:ab30 n:c1@pc33", "i:4eb1,77")
SESSIONS = (
    "",
    "1 1 192.0.2.9",
    "1 1 10.0.0.7;audio 10.0.0.7:40000 PCMA",
    "2 2 -;audio 0.0.0.0:0 -;video [2001:db8::1]:4002 VP8",
    "3 1 10.1.2.3;audio Media.example.com:9 opus/PCMU recvonly;image 10.0.0.70:40000 t38",
)
PROBLEMS = ("", "no-cseq", "no-cseq,bad-via", "clock", "CUT")
LINES = (
    "Subject: Urgent", "s: urgent ;x=1", "Event: presence;id=1", "o: dialog", "Via: SIP/2.0/TLS 10.0.0.7;branch=z",
    "v: SIP/2.0/UDP 192.0.2.9", "Session-ID: AB30;remote=00", 'Warning: 370 a "no bandwidth"',
    'P-Charging-Vector: icid-value="4eB1";icid-generated-at=x', "P-Charging-Vector: a=b;icid-value=77",
    "X-Text: alice é \udce9", "Event:", "X-Folded: one\r\n two",
)  # fmt: skip


def packet(chance: random.Random) -> Sent:
    """Of any kind, some seconds after noon."""
    kind = chance.choice((*METHODS, Kind.CALL, Kind.CALL, Kind.RTCP, Kind.LOG))
    callid = octets(chance.choice(CALLIDS))
    columns: dict[str, Any] = {
        "source_ip": chance.choice(ADDRESSES).encode(),
        "source_port": chance.choice(PORTS),
        "destination_ip": chance.choice(ADDRESSES).encode(),
        "destination_port": chance.choice(PORTS),
        "proto": chance.choice((b"udp", b"tcp", b"tls", b"ws", b"")),
        "node": text(chance, 128),
        "correlation_id": text(chance, 255),
        "problems": chance.choice(PROBLEMS).encode(),
    }
    if kind.is_sip:
        columns |= _sip(chance, kind)
    return Sent(NOON + chance.randrange(600 * SECOND), kind, callid, payload(chance), columns)


def _sip(chance: random.Random, kind: Kind) -> dict[str, Any]:
    of_160 = ("ruri_user", "ruri_domain", "from_user", "from_domain", "to_user", "to_domain", "contact_user",
              "pid_user", "auth_user", "via_1_branch")  # fmt: skip
    of_128, of_255 = ("from_tag", "to_tag", "reply_reason", "content_type"), ("callid_aleg", "user_agent", "reason")
    return {
        **{name: text(chance, 160) for name in of_160},
        **{name: text(chance, 128) for name in of_128},
        **{name: text(chance, 255) for name in of_255},
        "method": chance.choice(METHODS[kind]).encode(),
        "cseq": chance.choice((None, 0, 1, 2, 7, 4294967295)),
        "cseq_method": chance.choice((b"INVITE", b"BYE", b"bye", b"REGISTER", b"")),
        "diversion": chance.choice(DIVERSIONS).encode(),
        "leg_keys": chance.choice(LEG_KEYS).encode(),
        "sdp": chance.choice(SESSIONS).encode(),
    }


def text(chance: random.Random, width: int) -> bytes:
    return octets(chance.choice(TEXTS))[:width]


def payload(chance: random.Random) -> bytes:
    """A message of which the headers, not the columns, say what is looked for in it."""
    lines = ["INVITE sip:b SIP/2.0", *chance.sample(LINES, chance.randrange(4)), "", chance.choice(("", "v=0\r\n"))]
    return octets("\r\n".join(lines))


def call(chance: random.Random, callid: str) -> CallRow:
    """A record of this Call-ID, some seconds after noon."""
    started = NOON + chance.randrange(600 * SECOND)
    return a_call(
        octets(callid)[:255].decode("utf-8", "surrogateescape"),
        started=started,
        ended=started + chance.choice((0, 1, SECOND, 3 * SECOND + 5, 90 * SECOND)),
        state=chance.choice(tuple(CallState)),
        status=chance.choice((None, 200, 404, 486, 487, 503)),
        reply_reason=_short(chance, 128),
        **{name: _short(chance, 160) for name in ("from_user", "from_domain", "to_user", "to_domain", "ruri_user")},
        source_ip=chance.choice(ADDRESSES),
        destination_ip=chance.choice(ADDRESSES),
        user_agent=_short(chance, 255),
        pid_user=_short(chance, 160),
        **{name: chance.choice((None, 0, 1, 2, 180, 3000, 3999, 60_000)) for name in ("pdd_ms", "setup_ms", "talk_ms")},
        hung_up_by=chance.choice((None, "caller", "callee", "network", "both")),
        causes=chance.choice(((), ("SIP/486",), ("Q.850/16",), ("SIP/487", "Q.850/17"))),
        retransmissions=chance.choice((0, 1, 4)),
        codecs=chance.choice(((), ("PCMA",), ("PCMA", "telephone-event"), ("opus",))),
        mos=chance.choice((None, 1.0, 3.5, 4.1, 4.41)),
        countries=chance.choice(((), ("DE",), ("DE", "LV"))),
        from_country=chance.choice(("", "DE", "LV")),
        to_country=chance.choice(("", "DE", "LV")),
    )  # fmt: skip


def _short(chance: random.Random, width: int) -> str:
    return text(chance, width).decode("utf-8", "surrogateescape")


def report(chance: random.Random) -> Measured:
    """Figures of one stream."""
    return stream(
        kind=chance.choice((ReportKind.RTCP, ReportKind.RTP_AGENT)),
        loss_percent=chance.choice((None, 0.0, 0.5, 1.0, 12.345)),
        jitter_ms=chance.choice((None, 0.0, 12.0, 30.001, 45.5)),
    )
