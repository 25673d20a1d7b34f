"""What a payload is, by its own octets and not by its port: SIP, RTCP, HEP, or nothing of ours."""

import re

SIP, RTCP, HEP = 1, 5, 0
"""Chunk 0x000b of what is made of it; HEP has one inside."""

HEP_PORT = 9060
_RTCP_TYPES = range(200, 208)
_LEADING = b"\r\n\0 \t"
_REQUEST = re.compile(rb"[A-Za-z0-9.!%*_+`'~-]{1,64}[ \t]+[^\r\n \t][^\r\n]{0,8192}?[ \t]SIP/\d", re.IGNORECASE)
_SIP_URI = re.compile(rb"[A-Za-z0-9.!%*_+`'~-]{1,64}[ \t]+<?(?:sips?|tel|urn):", re.IGNORECASE)
_RESPONSE = re.compile(rb"SIP/\d+\.\d+[ \t]+\d", re.IGNORECASE)


def protocol_type(payload: bytes, source_port: int, destination_port: int) -> int | None:
    """SIP, RTCP, HEP, or None for all else (media, STUN, DNS, keep-alives …)."""
    if is_sip(payload):
        return SIP
    if is_rtcp(payload):
        return RTCP
    if is_hep(payload, source_port, destination_port):
        return HEP
    return None


def is_sip(payload: bytes) -> bool:
    """Whether the first line is one of RFC 3261 section 7, after any blank lines, NULs and blanks."""
    start = payload.lstrip(_LEADING) if payload[:1] in (b"\r", b"\n", b"\0", b" ", b"\t") else payload
    return is_start_line(start)


def is_start_line(data: bytes) -> bool:
    """A request line may lack its version and a response its reason: broken SIP is still SIP."""
    return bool(_RESPONSE.match(data) or _SIP_URI.match(data) or _REQUEST.match(data))


def is_rtcp(payload: bytes) -> bool:
    """A compound of RTCP packets that fills the datagram (RFC 3550 appendix A.2; on any port: RFC 5761).

    Tolerated, as seen from real gateways: up to three octets more or fewer behind an SDES packet, and a
    sender or receiver report whose length is not that of its blocks.
    """
    if len(payload) < 8 or payload[0] >> 6 != 2 or payload[1] not in _RTCP_TYPES:
        return False
    if _fills(payload, _claimed(payload, 0)):
        return True
    blocks = 24 * (payload[0] & 31)
    natural = {200: 28 + blocks, 201: 8 + blocks}.get(payload[1])
    return natural is not None and _fills(payload, natural)


def _fills(payload: bytes, at: int) -> bool:
    """Whether from `at`, behind the first packet, others follow to about the end."""
    end = len(payload)
    while at + 4 <= end:
        if payload[at] >> 6 != 2 or payload[at + 1] not in _RTCP_TYPES:
            return False
        at += _claimed(payload, at)
    return 8 <= at < end + 4


def _claimed(payload: bytes, at: int) -> int:
    return (payload[at + 2] << 8 | payload[at + 3]) * 4 + 4


def is_hep(payload: bytes, source_port: int, destination_port: int) -> bool:
    """HEP 3 by its magic anywhere; HEP 1 and 2, which have none, on their port only."""
    if payload[:4] in (b"HEP3", b"EEP3"):
        return len(payload) >= 6
    if HEP_PORT not in (source_port, destination_port) or len(payload) < 16:
        return False
    return payload[0] in (1, 2) and payload[1] in (16, 40)
