"""Binary RTCP (RFC 3550 section 6): a compound packet -> its parts; bounded, and read as far as it can be understood.

Lengths that vendors get wrong are mended: what a report's count of blocks needs goes before its length field when the
next header is found there.
"""

from struct import unpack_from
from typing import NamedTuple

from appliance.quality.xr import Extended, extended

SR, RR, SDES, BYE, APP, RTPFB, PSFB, XR = range(200, 208)
MAX_PARTS = 64
MAX_TEXTS = 64
_TYPES = range(192, 224)
_GARBAGE = b"\xde\xad"
"""AddPac's gateways put these two octets before an item's text."""


class Block(NamedTuple):
    """A report block (section 6.4.1), values as sent."""

    ssrc: int | None
    fraction_lost: object
    """256ths."""
    lost: object
    """Cumulative; signed when binary, as agents print it when JSON."""
    highest_sequence: object
    jitter: object
    """Units of the RTP time stamp."""
    lsr: object
    dlsr: object


class Sender(NamedTuple):
    """Sender information (section 6.4.1), values as sent."""

    ntp_seconds: object
    ntp_fraction: object
    rtp_timestamp: object
    packets: object
    octets: object


class Part(NamedTuple):
    """One RTCP packet of a compound, or one JSON report."""

    packet_type: int
    ssrc: int | None
    sender: Sender | None = None
    blocks: tuple[Block, ...] = ()
    texts: tuple[tuple[int, str], ...] = ()
    """SDES items: type (1 is CNAME) and text."""
    left: tuple[int, ...] = ()
    """SSRCs of a BYE."""
    extended: tuple[Extended, ...] = ()
    """Report blocks of RFC 3611."""


def parts(payload: bytes) -> tuple[Part, ...]:
    """The parts up to the first that is no RTCP; feedback and others are skipped by their length."""
    found: list[Part] = []
    at = 0
    while len(found) < MAX_PARTS and _is_header(payload, at):
        end = _end(payload, at)
        part = _part(payload[at:end])
        if part is None:
            break
        found.append(part)
        at = end
    return tuple(found)


def _is_header(payload: bytes, at: int) -> bool:
    return len(payload) - at >= 4 and payload[at] >> 6 == 2 and payload[at + 1] in _TYPES


def _end(payload: bytes, at: int) -> int:
    """Where the part ends: by its length, or by its count where the length leads astray."""
    stated = at + 4 + 4 * int(unpack_from(">H", payload, at + 2)[0])
    needed = at + _needed(payload[at + 1], payload[at] & 31)
    if payload[at + 1] in (SR, RR) and needed <= len(payload):
        if stated < needed:
            return needed
        if stated != len(payload) and not _is_header(payload, stated) and _is_header(payload, needed):
            return needed
    return min(stated, len(payload))


def _needed(packet_type: int, count: int) -> int:
    return (28 if packet_type == SR else 8) + 24 * count


def _part(octets: bytes) -> Part | None:
    packet_type, count = octets[1], octets[0] & 31
    ssrc = int(unpack_from(">I", octets, 4)[0]) if len(octets) >= 8 else None
    if packet_type in (SR, RR):
        return _report(octets, packet_type, count, ssrc)
    if packet_type == SDES:
        return Part(SDES, ssrc, texts=tuple(_texts(octets, count)))
    if packet_type == BYE:
        left = [unpack_from(">I", octets, at)[0] for at in range(4, min(len(octets) - 3, 4 + 4 * count), 4)]
        return Part(BYE, ssrc, left=tuple(left))
    if packet_type == XR:
        return Part(XR, ssrc, extended=extended(octets[8:]))
    return Part(packet_type, ssrc)


def _report(octets: bytes, packet_type: int, count: int, ssrc: int | None) -> Part | None:
    first = _needed(packet_type, 0)
    if ssrc is None or len(octets) < first:
        return None
    sender = Sender(*unpack_from(">IIIII", octets, 8)) if packet_type == SR else None
    blocks = [_block(octets, at) for at in range(first, min(len(octets) - 23, first + 24 * count), 24)]
    return Part(packet_type, ssrc, sender, tuple(blocks))


def _block(octets: bytes, at: int) -> Block:
    ssrc, losses, highest, jitter, lsr, dlsr = unpack_from(">IIIIII", octets, at)
    missing = losses & 0xFFFFFF
    return Block(ssrc, losses >> 24, missing - 2**24 if missing & 0x800000 else missing, highest, jitter, lsr, dlsr)


def _texts(octets: bytes, chunks: int) -> list[tuple[int, str]]:
    """Items of all chunks (section 6.5), padded each to four octets."""
    found: list[tuple[int, str]] = []
    at = 8
    while chunks and at + 2 <= len(octets) and len(found) < MAX_TEXTS:
        kind, size = octets[at], octets[at + 1]
        if kind == 0:
            at = (at // 4 + 1) * 4 + 4
            chunks -= 1
            continue
        start = at + 2
        if octets[start : start + 2] == _GARBAGE:
            start += 2
        found.append((kind, octets[start : start + size].rstrip(b"\0").decode("utf-8", "replace")))
        at = start + size
    return found
