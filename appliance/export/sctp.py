"""SCTP packets with one message as DATA chunks (RFC 9260 3.3.1), for export.pcap."""

import struct

CHUNK = 65_000
"""Octets of a message in one packet at most."""
BEGIN, END = 2, 1


def data_packets(source_port: int, destination_port: int, payload: bytes, first_tsn: int) -> list[bytes]:
    """Common header, CRC32c and a DATA chunk each; a long message in fragments with rising TSN."""
    starts = range(0, max(1, len(payload)), CHUNK)
    packets = []
    for number, start in enumerate(starts):
        part = payload[start : start + CHUNK]
        flags = BEGIN * (number == 0) | END * (number == len(starts) - 1)
        tsn = (first_tsn + number) & 0xFFFFFFFF
        chunk = struct.pack(">BBHIHHI", 0, flags, 16 + len(part), tsn, 0, first_tsn & 0xFFFF, 0) + part
        chunk += b"\0" * (-len(chunk) % 4)
        ports = struct.pack(">HHI", source_port, destination_port, 1)
        checksum = struct.pack("<I", crc32c(ports + b"\0\0\0\0" + chunk))
        packets.append(ports + checksum + chunk)
    return packets


def crc32c(octets: bytes) -> int:
    """The checksum of SCTP (Castagnoli's polynomial, RFC 9260 appendix A)."""
    register = 0xFFFFFFFF
    for octet in octets:
        register = _TABLE[(register ^ octet) & 0xFF] ^ register >> 8
    return register ^ 0xFFFFFFFF


def _entry(value: int) -> int:
    for _ in range(8):
        value = value >> 1 ^ (0x82F63B78 if value & 1 else 0)
    return value


_TABLE = tuple(_entry(value) for value in range(256))
