"""HEP datagrams for the browser to look at: one plain call, one whose every part is markup."""

import json
import time

from appliance.hep.encode import encode
from appliance.model.packet import Packet

SCRIPT = "<img src=x onerror=\"document.title='run';alert(1)\"><script>alert(2)</script>"
HOSTILE_CALLID = f"{SCRIPT}'/?%#@x"
CALLID = "plain-1@192.0.2.1"

REPORT = json.dumps(
    {
        "ssrc": 9,
        "type": 201,
        "report_count": 1,
        "report_blocks": [
            {
                "source_ssrc": 7,
                "fraction_lost": 60,
                "packets_lost": 9,
                "highest_seq_no": 4,
                "ia_jitter": 80,
                "lsr": 0,
                "dlsr": 0,
            }
        ],
    }
).encode()
"""RTCP of a bad stream."""


def sip(first: str, callid: str, cseq: str, *more: str, user: str = "+4930111", to: str = "+4930222") -> bytes:
    lines = [
        first,
        f"Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK{cseq.replace(' ', '')}",
        f"From: <sip:{user}@example.com>;tag=1",
        f"To: <sip:{to}@example.com>" + (";tag=2" if first.startswith("SIP") else ""),
        f"Call-ID: {callid}",
        f"CSeq: {cseq}",
        *more,
        "Content-Length: 0",
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def datagram(
    payload: bytes,
    at_us: int,
    back: bool = False,
    node: bytes = b"edge-1",
    protocol_type: int = 1,
    correlation: bytes = b"",
) -> bytes:
    ends = ("192.0.2.2", "192.0.2.1") if back else ("192.0.2.1", "192.0.2.2")
    packet = Packet(
        hep_version=3,
        protocol_type=protocol_type,
        ip_protocol=17,
        source_ip=ends[0],
        source_port=5060,
        destination_ip=ends[1],
        destination_port=5060,
        time_us=at_us,
        capture_id=1,
        node_name=node,
        correlation_id=correlation,
        payload=payload,
    )
    return encode(packet)


def plain_datagrams() -> list[bytes]:
    begun = time.time_ns() // 1000 - 60_000_000
    uri = "sip:+4930222@example.com SIP/2.0"
    messages = [
        (f"INVITE {uri}", "1 INVITE", 0, False),
        ("SIP/2.0 100 Trying", "1 INVITE", 10_000, True),
        ("SIP/2.0 180 Ringing", "1 INVITE", 300_000, True),
        ("SIP/2.0 200 OK", "1 INVITE", 900_000, True),
        (f"ACK {uri}", "1 ACK", 950_000, False),
        (f"BYE {uri}", "2 BYE", 5_000_000, False),
        ("SIP/2.0 200 OK", "2 BYE", 5_050_000, True),
    ]
    return [datagram(sip(first, CALLID, cseq), begun + after, back) for first, cseq, after, back in messages]


def hostile_datagrams() -> list[bytes]:
    begun = time.time_ns() // 1000 - 30_000_000
    more = (f"User-Agent: {SCRIPT}", f"Contact: <sip:{SCRIPT}>", f"Reason: {SCRIPT}", f"X-CID: {SCRIPT}")
    invite = sip(f"INVITE sip:{SCRIPT}@b SIP/2.0", HOSTILE_CALLID, "1 INVITE", *more, user=SCRIPT, to=SCRIPT)
    busy = sip(f"SIP/2.0 486 {SCRIPT}", HOSTILE_CALLID, "1 INVITE", *more, user=SCRIPT, to=SCRIPT)
    node = SCRIPT.encode()
    odd = datagram(b"<script>alert(3)</script>\x00\xff", begun + 90_000, node=node)
    told = [
        datagram(payload, begun + 20_000, node=node, protocol_type=type_, correlation=HOSTILE_CALLID.encode())
        for payload, type_ in (
            (f"ERROR: {SCRIPT}".encode(), 100),
            (json.dumps({"type": 1, "event": {"name": SCRIPT}}).encode(), 20),
            (REPORT, 5),
            (f'{{"CALLID": "x", "CODEC_NAME": "{SCRIPT[:12]}", "MOS": 2.1, "JITTER": 5}}'.encode(), 34),
            (b"\x00\xff<script>alert(4)</script>", 54),
        )
    ]
    return [datagram(invite, begun, node=node), datagram(busy, begun + 50_000, True, node), odd, *told]
