"""Calls as octets, for tests of scenarios: `call(hop("A>B", invite()), …)`."""

from collections.abc import Sequence

from appliance.capture.classify import SIP
from appliance.capture.read import Captured
from appliance.model.rows import MessageRow
from tests.calls.recorded import row

START_US = 1_795_428_672_000_000
HOSTS = {"A": "10.0.0.1", "B": "10.0.0.2", "C": "10.0.0.3", "6": "2001:db8::1", "7": "2001:db8::2"}
SDP = (
    b"v=0\r\no=a 1 1 IN IP4 10.0.0.1\r\ns=-\r\nc=IN IP4 10.0.0.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8\r\n"
    b"m=video 4002 RTP/AVP 31\r\n"
)


def message(
    first: str,
    cseq: str = "1 INVITE",
    *more: str,
    tag: str = "",
    body: bytes = b"",
    branch: str = "",
    caller: bool = True,
) -> bytes:
    """One message of Alice's call to 200; `tag` is the callee's, `caller` False for the callee's own requests."""
    parties = ['"Alice" <sip:100@example.com>;tag=alice', "<sip:200@10.0.0.2>" + (f";tag={tag}" if tag else "")]
    from_, to = parties if caller else reversed(parties)
    own = "10.0.0.1" if caller else "10.0.0.2"
    lines = [
        first,
        f"Via: SIP/2.0/UDP {own}:5060;branch=z9hG4bK{branch or cseq.replace(' ', '')};rport",
        f"From: {from_}",
        f"To: {to}",
        "Call-ID: made@10.0.0.1",
        f"CSeq: {cseq}",
        *more,
        f"Content-Length: {len(body)}",
    ]
    return "\r\n".join(lines).encode("utf-8", "surrogateescape") + b"\r\n\r\n" + body


def request(method: str, cseq: int = 1, *more: str, tag: str = "", body: bytes = b"", **options: object) -> bytes:
    first = f"{method} sip:200@10.0.0.2 SIP/2.0"
    return message(first, f"{cseq} {method}", *more, tag=tag, body=body, **options)  # type: ignore[arg-type]


def reply(
    status: str, cseq: str = "1 INVITE", *more: str, tag: str = "bob", body: bytes = b"", **options: object
) -> bytes:
    return message(f"SIP/2.0 {status}", cseq, *more, tag=tag, body=body, **options)  # type: ignore[arg-type]


def call(*sent: tuple[str, bytes], gap_ms: int = 20) -> list[MessageRow]:
    """Messages with their hops (`A>B`), one after another."""
    return [_row(number, hop, payload, gap_ms) for number, (hop, payload) in enumerate(sent)]


def _row(number: int, hop: str, payload: bytes, gap_ms: int) -> MessageRow:
    source, destination = (HOSTS[letter] for letter in hop.split(">"))
    packet = Captured(number + 1, START_US + number * gap_ms * 1000, source, 5060, destination, 5060, 17, SIP, payload)
    return row(packet, number, "tap")


def contact(user: str, host: str) -> str:
    return f"Contact: <sip:{user}@{host}:5060>"


ALICE, BOB = contact("100", "10.0.0.1"), contact("200", "10.0.0.2")


def answered(*before_the_end: tuple[str, bytes], invite: Sequence[str] = ()) -> list[tuple[str, bytes]]:
    """INVITE, 180, 200, ACK, what is given, BYE of the callee, 200."""
    return [
        ("A>B", request("INVITE", 1, ALICE, *invite, "Content-Type: application/sdp", body=SDP)),
        ("B>A", reply("180 Ringing", "1 INVITE", BOB)),
        ("B>A", reply("200 OK", "1 INVITE", BOB, "Content-Type: application/sdp", body=SDP)),
        ("A>B", request("ACK", 1, tag="bob", branch="ack")),
        *before_the_end,
        ("B>A", request("BYE", 7, tag="bob", caller=False)),
        ("A>B", reply("200 OK", "7 BYE", caller=False)),
    ]
