"""Packet: what a capture agent told us about one message on the wire."""

from dataclasses import dataclass


@dataclass(slots=True)
class Packet:
    """A decoded HEP envelope (HEP 1, 2 or 3); not frozen because a million a minute are made."""

    hep_version: int
    protocol_type: int
    """Chunk 0x000b: 1 SIP, 5 RTCP, 34/35 reports, 100 log …; HEP 1 and 2 carry SIP only."""
    ip_protocol: int
    """Chunk 0x0002: 17 UDP, 6 TCP, 132 SCTP, 22 TLS (as Kamailio and OpenSIPS send it); 0 when absent."""
    source_ip: str
    source_port: int
    destination_ip: str
    destination_port: int
    time_us: int | None
    """The packet's own time, microseconds UTC, exactly as claimed; None when it has none (HEP 1) or zero."""
    capture_id: int | None
    """Chunk 0x000c (or HEP 2's captid)."""
    node_name: bytes
    """Chunk 0x0013."""
    correlation_id: bytes
    """Chunk 0x0011."""
    payload: bytes
    vlan: int | None = None
    auth_key: bytes | None = None
    """Chunk 0x000e: only compared, never stored."""
    compressed: bool = False
    extra: tuple[tuple[int, int, bytes], ...] = ()
    """Other chunks as (vendor, type, value): MAC addresses, TOS, MOS, vendor's own."""
