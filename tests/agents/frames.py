"""HEP as agents write it that cannot be had here: their chunks in their order, after what is known of their sources."""

import zlib
from collections.abc import Callable
from struct import pack

SOURCE, DESTINATION = ("192.0.2.10", 5060), ("192.0.2.20", 5062)
CALLER_MEDIA, CALLED_MEDIA = ("192.0.2.10", 40_000), ("192.0.2.20", 50_000)
PASSWORD = b"myHep"


def chunk(type_: int, value: bytes, vendor: int = 0) -> bytes:
    return pack("!HHH", vendor, type_, 6 + len(value)) + value


def frame(*chunks: bytes) -> bytes:
    body = b"".join(chunks)
    return b"HEP3" + pack("!H", 6 + len(body)) + body


def address(ip: str) -> bytes:
    return bytes(map(int, ip.split(".")))


def hosts(source: tuple[str, int], destination: tuple[str, int]) -> bytes:
    parts = chunk(3, address(source[0])) + chunk(4, address(destination[0]))
    return parts + chunk(7, pack("!H", source[1])) + chunk(8, pack("!H", destination[1]))


def head(protocol: int = 17) -> bytes:
    return chunk(1, b"\x02") + chunk(2, bytes([protocol]))


def when(time_us: int) -> bytes:
    return chunk(9, pack("!I", time_us // 1_000_000)) + chunk(10, pack("!I", time_us % 1_000_000))


def opensips(payload: bytes, time_us: int, callid: bytes, type_: int = 1, *, back: bool = False) -> bytes:
    """proto_hep: TLS is transport 22; further correlation ids as JSON in a chunk 101 of its own."""
    ends = (DESTINATION, SOURCE) if back else (SOURCE, DESTINATION)
    return frame(
        head(22 if type_ == 1 else 17),
        hosts(*ends),
        when(time_us),
        chunk(11, bytes([type_])),
        chunk(12, pack("!I", 2002)),
        chunk(15, payload),
        chunk(17, callid),
        chunk(101, b'{"tid":"other"}', vendor=3),
    )


def freeswitch(payload: bytes, time_us: int, callid: bytes, type_: int = 1, *, back: bool = False) -> bytes:
    """sofia-sip: no correlation id of SIP; the capture id as told."""
    ends = (DESTINATION, SOURCE) if back else (SOURCE, DESTINATION)
    return frame(
        head(), hosts(*ends), when(time_us), chunk(11, bytes([type_])), chunk(12, pack("!I", 2003)), chunk(15, payload)
    )


def freeswitch2(payload: bytes, time_us: int, *, back: bool = False) -> bytes:
    """HEP 2 of sofia-sip: its length counts the time's header too; times as the host has them, little-endian."""
    ends = (DESTINATION, SOURCE) if back else (SOURCE, DESTINATION)
    addresses = address(ends[0][0]) + address(ends[1][0])
    length = 8 + len(addresses) + 12
    header = pack("!BBBBHH", 2, length, 2, 17, ends[0][1], ends[1][1])
    return header + addresses + pack("<IIHH", time_us // 1_000_000, time_us % 1_000_000, 2003, 0) + payload


def asterisk(payload: bytes, time_us: int, callid: bytes, type_: int = 1, *, back: bool = False) -> bytes:
    """res_hep: addresses behind protocol, time and ids; its password, then correlation id and payload."""
    ends = (DESTINATION, SOURCE) if back else (SOURCE, DESTINATION)
    if type_ == 5:
        ends = (CALLED_MEDIA, CALLER_MEDIA) if back else (CALLER_MEDIA, CALLED_MEDIA)
    return frame(
        head(),
        chunk(7, pack("!H", ends[0][1])),
        chunk(8, pack("!H", ends[1][1])),
        when(time_us),
        chunk(11, bytes([type_])),
        chunk(12, pack("!I", 2004)),
        chunk(3, address(ends[0][0])),
        chunk(4, address(ends[1][0])),
        chunk(14, b""),
        chunk(17, callid),
        chunk(15, payload),
    )


def captagent(payload: bytes, time_us: int, callid: bytes, type_: int = 1, *, back: bool = False) -> bytes:
    """With payload-compression: zlib in chunk 16, a password of its own, a node's name behind the payload."""
    ends = (DESTINATION, SOURCE) if back else (SOURCE, DESTINATION)
    if type_ == 5:
        ends = (CALLED_MEDIA, CALLER_MEDIA) if back else (CALLER_MEDIA, CALLED_MEDIA)
    return frame(
        head(),
        when(time_us),
        chunk(11, bytes([type_])),
        chunk(12, pack("!I", 2006)),
        hosts(*ends),
        chunk(14, PASSWORD),
        chunk(17, callid),
        chunk(16, zlib.compress(payload)),
        chunk(19, b"2006"),
    )


def heplify(payload: bytes, time_us: int, callid: bytes, type_: int = 1, *, back: bool = False) -> bytes:
    """Correlation ids for what is no SIP; an empty password is no chunk; the node's name at the end."""
    ends = (DESTINATION, SOURCE) if back else (SOURCE, DESTINATION)
    if type_ == 5:
        ends = (CALLED_MEDIA, CALLER_MEDIA) if back else (CALLER_MEDIA, CALLED_MEDIA)
    return frame(
        head(),
        hosts(*ends),
        when(time_us),
        chunk(11, bytes([type_])),
        chunk(12, pack("!I", 2007)),
        chunk(15, payload),
        chunk(17, callid) if type_ != 1 else b"",
        chunk(18, pack("!H", 7)),
        chunk(19, b"2007"),
    )


Writer = Callable[..., bytes]
