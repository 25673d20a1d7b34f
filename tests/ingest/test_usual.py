from dataclasses import replace

import pytest

from appliance.hep.encode import encode
from appliance.model.packet import Packet
from tests.fuzz.compiled import NOW_US, Comparison
from tests.sip.messages import INVITE

CHOSEN = ("X-CID", "X-Call-ID", "Session-ID")
PACKET = Packet(3, 1, 17, "192.0.2.1", 5060, "192.0.2.2", 5061, NOW_US, 7, b"edge-1", b"corr", b"")
SDP = (
    b"v=0\r\no=- 37249 2 IN IP4 192.0.2.40\r\ns=-\r\nc=IN IP4 192.0.2.40\r\nt=0 0\r\nm=audio 29510 RTP/AVP 8 0 96\r\n"
    b"a=rtpmap:96 opus/48000/2\r\na=sendonly\r\n"
    b"m=video 4002 RTP/AVP 97\r\nc=IN IP6 2001:db8::1\r\na=rtpmap:97 VP8/90000\r\n"
)


def taken(payload: bytes, **changes: object) -> bool:
    """Whether the compiled reader took it; what it gave was what the plain ones give."""
    return Comparison(CHOSEN).check(encode(replace(PACKET, payload=payload, **changes))) is not None  # type: ignore[arg-type]


def simple(*headers: bytes, first: bytes = b"INVITE sip:bob@example.com SIP/2.0", body: bytes = b"") -> bytes:
    method = b"INVITE" if first.startswith(b"SIP/") else first.split(b" ")[0]
    return b"\r\n".join(
        [
            first,
            b"Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK77;rport",
            b'From: "Alice" <sip:alice:pw@example.com:5060;user=phone>;tag=19;x=y',
            b"To: <sips:bob@[2001:db8::1]>",
            b"Call-ID: a84b4c@host",
            b"CSeq: 314 " + method,
            *headers,
            b"Content-Length: %d" % len(body),
            b"",
            body,
        ]
    )


@pytest.mark.parametrize(
    "payload",
    [
        simple(),
        simple(first=b"SIP/2.0 180 Ringing"),
        simple(first=b"SIP/2.0 183 "),
        simple(first=b"REGISTER sip:example.com SIP/2.0"),
        simple(b"Contact: <sip:c@192.0.2.1:5060>;q=1", b"User-Agent: phone/1 (x)", b"X-CID: other@leg"),
        simple(b"m: *", b"Server: s", b"X-Call-ID: first", b"X-CID: second"),
        simple(b"Session-ID: ab30317f1a784dc48ff824d0d3715d86;remote=47755a9de7794ba387653f2099600ef2"),
        simple(b"P-Asserted-Identity: <sip:+4930@example.com>", b"Reason: Q.850;cause=16", b"Diversion: <sip:d@e>"),
        simple(b'Proxy-Authorization: Digest username="alice", realm="r"', b"Expires: 3600", b"Event: refer;id=1"),
        simple(
            b"Replaces: r@x;to-tag=1", b"Refer-To: <sip:x@y>", b"P-Charging-Vector: icid-value=a", b"Cisco-Guid: 1-2"
        ),
        simple(b"Content-Type: application/sdp", body=SDP),
        simple(b"c: application/sdp", body=SDP.replace(b"\r\n", b"\n")),
        simple(b"Content-Type: application/sdp", body=SDP + b"m=image 4004 udptl t38\r\n"),
        simple(b"Content-Type: multipart/mixed;boundary=x", body=SDP.replace(b"v=0", b"v<0")),
        simple(b"Content-Type: application/sdp", body=b"v=0\no=\n" + SDP),
        simple(b"Content-Type: application/sdp", body=b"v=0\r\no=\r\n" + SDP),
        simple(b"Content-Type: application/sdp", body=SDP + b"m=\nc=\na=\n"),
        simple(b"Content-Type: multipart/mixed;boundary=x", body=b"--x\r\n\r\n" + SDP + b"--x--\r\n"),
        simple(first=b"BYE sip:bob@example.com SIP/2.0"),
        simple(first=b"NOTIFY sip:bob@example.com SIP/2.0"),
        simple(first=b"X-UNKNOWN sip:bob@example.com SIP/2.0".replace(b"X-", b"X")),
    ],
)
def test_usual_messages_are_taken_and_read_as_the_plain_readers_do(payload: bytes) -> None:
    assert taken(payload)


@pytest.mark.parametrize(
    "changes",
    [
        {"ip_protocol": 6},
        {"ip_protocol": 22},
        {"ip_protocol": 132},
        {"ip_protocol": 0},
        {"source_ip": "2001:db8::9"},
        {"source_ip": "::ffff:192.0.2.9"},
        {"node_name": b""},
        {"node_name": b"", "capture_id": None},
        {"correlation_id": b""},
        {"auth_key": b"secret"},
        {"vlan": 7, "extra": ((0, 0x14, b"12345678"), (3, 1, b"own"))},
    ],
)
def test_any_usual_envelope_is_taken(changes: dict[str, object]) -> None:
    assert taken(simple(), **changes)


@pytest.mark.parametrize(
    "payload",
    [
        INVITE.replace(b"\r\n", b"\n"),
        simple(b" folded: value"),
        simple(b"Call-ID: again@host"),
        simple(b"no colon"),
        simple(b"User-Agent: a\\b"),
        simple(b"User-Agent: " + b"x" * 300),
        simple().replace(b"314 INVITE", b"314 ACK"),
        simple().replace(b"Content-Length: 0", b"Content-Length: 9"),
        simple().replace(b"tag=19", b"tag="),
        simple().replace(b";branch=z9hG4bK77", b""),
        simple(b"Reason: SIP;cause=200", b"Reason: Q.850;cause=16"),
        simple(b"Contact: <sip:c@d"),
        simple(first=b"INVITE tel:+4930 SIP/2.0"),
        simple(b"X-RTP-Stat: CS=1;PS=2", first=b"BYE sip:bob@example.com SIP/2.0"),
        b"\r\n\r\n",
        b"",
    ],
)
def test_what_is_odd_or_wrong_is_left_to_the_plain_readers(payload: bytes) -> None:
    assert not taken(payload)


@pytest.mark.parametrize(
    "changes",
    [
        {"time_us": None},
        {"time_us": 1},
        {"time_us": NOW_US + 7_200_000_000},
        {"protocol_type": 5},
        {"compressed": True},
    ],
)
def test_envelopes_that_need_a_second_look_are_left(changes: dict[str, object]) -> None:
    assert not taken(simple(), **changes)


def test_a_frame_cut_at_any_octet_is_left() -> None:
    whole = encode(replace(PACKET, payload=simple(b"Content-Type: application/sdp", body=SDP)))
    comparison = Comparison(CHOSEN)
    assert comparison.check(whole) == "call"
    assert [comparison.check(whole[:cut]) for cut in range(len(whole))] == [None] * len(whole)


def test_more_or_longer_names_than_it_takes_are_refused() -> None:
    from appliance.ingest.usual import Usual

    with pytest.raises(ValueError, match="correlation headers"):
        Usual(tuple(b"X-%d" % number for number in range(9)), 30)
