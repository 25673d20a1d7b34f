"""Captures made in memory: frames around payloads, for tests of the readers."""

import io
import struct
from ipaddress import ip_address

INVITE = (
    b"INVITE sip:bob@example.com SIP/2.0\r\nVia: SIP/2.0/TCP 192.0.2.1;branch=z9hG4bK1\r\nCall-ID: a@192.0.2.1\r\n"
    b"CSeq: 1 INVITE\r\nContent-Type: application/sdp\r\nContent-Length: 10\r\n\r\nv=0\r\no=-\r\n"
)
RINGING = b"SIP/2.0 180 Ringing\r\nCall-ID: a@192.0.2.1\r\nCSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n"
BYE = b"BYE sip:bob@example.com SIP/2.0\nCall-ID: a@192.0.2.1\nCSeq: 2 BYE\nl: 0\n\n"


def pcap(*frames: bytes, link_type: int = 1, order: str = "<", nano: bool = False, apart_us: int = 1_000_000) -> bytes:
    """A pcap with its first frame at 1,700,000,000.5 s."""
    magic = 0xA1B23C4D if nano else 0xA1B2C3D4
    out = struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0, 65535, link_type)
    for at, frame in enumerate(frames):
        seconds, fraction = divmod(1_700_000_000_500_000 + at * apart_us, 1_000_000)
        fraction = fraction * 1000 + 999 if nano else fraction
        out += struct.pack(order + "IIII", seconds, fraction, len(frame), len(frame)) + frame
    return out


def block(order: str, kind: int, body: bytes) -> bytes:
    size = struct.pack(order + "I", 12 + len(body) + -len(body) % 4)
    return struct.pack(order + "I", kind) + size + body + b"\0" * (-len(body) % 4) + size


def section(order: str = "<") -> bytes:
    return block(order, 0x0A0D0D0A, struct.pack(order + "IHHq", 0x1A2B3C4D, 1, 0, -1))


def interface(order: str = "<", link_type: int = 1, resolution: int | None = None, offset_s: int = 0) -> bytes:
    options = b""
    if resolution is not None:
        options += struct.pack(order + "HHB3x", 9, 1, resolution)
    if offset_s:
        options += struct.pack(order + "HHq", 14, 8, offset_s)
    return block(order, 1, struct.pack(order + "HHI", link_type, 0, 0) + options + b"\0\0\0\0")


def packet(frame: bytes, ticks: int, order: str = "<", number: int = 0) -> bytes:
    head = struct.pack(order + "IIIII", number, ticks >> 32, ticks & 0xFFFFFFFF, len(frame), len(frame))
    return block(order, 6, head + frame)


def ethernet(payload: bytes, ether_type: int = 0x0800) -> bytes:
    return b"\2\0\0\0\0\1\2\0\0\0\0\2" + struct.pack(">H", ether_type) + payload


def ipv4(
    payload: bytes, protocol: int = 17, source: str = "192.0.2.1", destination: str = "192.0.2.2", place: int = 0
) -> bytes:
    """`place` is flags and fragment offset as they stand in the header."""
    head = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(payload), 7, place, 64, protocol, 0)
    return head + ip_address(source).packed + ip_address(destination).packed + payload


def ipv6(payload: bytes, following: int = 17, source: str = "2001:db8::1", destination: str = "2001:db8::2") -> bytes:
    head = struct.pack(">IHBB", 6 << 28, len(payload), following, 64)
    return head + ip_address(source).packed + ip_address(destination).packed + payload


def udp(payload: bytes, source: int = 5060, destination: int = 5060) -> bytes:
    return struct.pack(">HHHH", source, destination, 8 + len(payload), 0) + payload


def tcp(payload: bytes, sequence: int, flags: int = 0x18, source: int = 40000, acknowledged: int = 0) -> bytes:
    return (
        struct.pack(">HHIIBBHHH", source, 5060, sequence & 0xFFFFFFFF, acknowledged, 0x50, flags, 8192, 0, 0) + payload
    )


def tcp_back(payload: bytes, sequence: int, acknowledged: int, flags: int = 0x18) -> bytes:
    return (
        struct.pack(">HHIIBBHHH", 5060, 40000, sequence, acknowledged & 0xFFFFFFFF, 0x50, flags, 8192, 0, 0) + payload
    )


def segments(*pieces: tuple[bytes, int]) -> bytes:
    """A pcap of TCP segments of one direction: (payload, sequence number)."""
    return pcap(*(ethernet(ipv4(tcp(data, sequence), 6)) for data, sequence in pieces), apart_us=1_000)


def opened(data: bytes) -> io.BytesIO:
    return io.BytesIO(data)
