"""Recorded HEP frames and SIP messages to start from, and octets on which readers stumble."""

from pathlib import Path

from appliance.hep.decode import decode
from appliance.hep.encode import encode
from appliance.hep.stream import FrameCutter
from appliance.model.packet import Packet
from tests.captures import CAPTURES, hep_stream, load_json

LARGEST = 65507
"""Octets of the largest UDP datagram over IPv4."""

_STREAMS = ("b2bcall.hep", "b2bcall_rtp.hep", "b2bcall_reg_auth.hep", "default.hep", "isup_json.hep", "xrtp_stats.hep")

TOKENS = [
    *(b"\r\n", b"\n", b"\r", b"\r\n\r\n", b"\r\n ", b"\0", b"\xff", b"\xc3\x28", b" ", b"\t", b'"', b'\\"', b"<", b">"),
    *(b";", b",", b":", b"=", b"@", b"[", b"]", b"?", b"%00", b"sip:", b"tel:", b"urn:", b"SIP/2.0", b"sip:@", b"\x80"),
    *(b";tag=", b";branch=", b"v=0\r\n", b"m=audio 1 RTP/AVP 0\r\n", b"a=rtpmap:", b"c=IN IP4 ", b"4294967296", b"-1"),
    *(b"From: ", b"t:", b"Via: SIP/2.0/UDP ", b"Call-ID:", b"CSeq: ", b"Contact: ", b"l: ", b"Content-Length: ", b"i:"),
    *(
        b"Authorization: Digest ",
        b'username="',
        b"Reason: ",
        b"\0\0\0\x0f\0\x06",
        b"\0\0\0\x10\0\x09abc",
        b"\0\0\0\0\0\0",
    ),
    *(b"HEP3", b"\x1f\x8b\x08", b"\x78\x9c", b"\x02\x10\x02\x11", b"\x00\x00\x00\x05\x00\x16", b"\xff\xff", b"\0\0"),
]


def sip_messages() -> list[bytes]:
    """Messages as others recorded or invented them."""
    torture = load_json("torture_index")
    files: list[Path] = [CAPTURES / entry["file"] for entry in torture["rfc4475"] + torture["rfc5118"]]
    files += sorted((CAPTURES / "kamailio-kamailio/test/misc/sip").glob("*.sip"))
    files += sorted((CAPTURES / "emiago-sipgo").rglob("FuzzParseSipMessage/*"))
    messages = [file.read_bytes() for file in files]
    messages += [case["message"].encode() for case in load_json("sip_parse_cases")["cases"]]
    return messages + [sent["message"].encode() for sent in load_json("pjsip_sendto_messages")["messages"]]


def hep_frames() -> list[bytes]:
    """Recorded datagrams of HEP 1, 2 and 3, and the SIP messages wrapped in HEP 3, some of them compressed."""
    frames = [bytes.fromhex(fixture["hex"]) for fixture in load_json("hep_fixtures")]
    for name in _STREAMS:
        frames += FrameCutter().feed(hep_stream(name))
    for number, payload in enumerate(sip_messages()):
        packet = Packet(3, 1, 17, "192.0.2.1", 5060, "2001:db8::2", 5060, 1, None, b"node", b"id", payload)
        packet.compressed = number % 4 == 0
        frames.append(encode(packet))
    assert all(decode(frame) for frame in frames[-20:])
    return frames


def pathological(start: bytes, unit: bytes, end: bytes = b"") -> bytes:
    """The largest datagram, filled with one thing."""
    return start + unit * ((LARGEST - len(start) - len(end)) // len(unit)) + end
