"""The numbers of HEP 3 (revision 37): vendors, chunk types, protocol types; the table for all who name one."""

from dataclasses import dataclass
from enum import Enum, IntEnum


class Vendor(IntEnum):
    """Vendor of a chunk; the generic chunks below are vendor 0."""

    GENERIC = 0
    FREESWITCH = 1
    KAMAILIO = 2
    OPENSIPS = 3
    ASTERISK = 4
    HOMER = 5
    SIPXECS = 6
    YETI = 7
    GENESYS = 8


class Form(Enum):
    """How a chunk's value is written; all numbers are big-endian."""

    UINT8 = 1
    UINT16 = 2
    UINT32 = 4
    UINT64 = 8
    IPV4 = "four octets"
    IPV6 = "sixteen octets"
    OCTETS = "any number of octets"


@dataclass(frozen=True, slots=True)
class Chunk:
    """One generic chunk: what its value means."""

    name: str
    form: Form


FAMILY, IP_PROTOCOL = 0x01, 0x02
SOURCE_IPV4, DESTINATION_IPV4, SOURCE_IPV6, DESTINATION_IPV6 = 0x03, 0x04, 0x05, 0x06
SOURCE_PORT, DESTINATION_PORT = 0x07, 0x08
SECONDS, MICROSECONDS = 0x09, 0x0A
PROTOCOL_TYPE, CAPTURE_ID, KEEP_ALIVE, AUTH_KEY = 0x0B, 0x0C, 0x0D, 0x0E
PAYLOAD, COMPRESSED_PAYLOAD, CORRELATION_ID, VLAN, NODE_NAME = 0x0F, 0x10, 0x11, 0x12, 0x13

GENERIC_CHUNKS: dict[int, Chunk] = {
    FAMILY: Chunk("IP protocol family", Form.UINT8),
    IP_PROTOCOL: Chunk("IP protocol", Form.UINT8),
    SOURCE_IPV4: Chunk("IPv4 source address", Form.IPV4),
    DESTINATION_IPV4: Chunk("IPv4 destination address", Form.IPV4),
    SOURCE_IPV6: Chunk("IPv6 source address", Form.IPV6),
    DESTINATION_IPV6: Chunk("IPv6 destination address", Form.IPV6),
    SOURCE_PORT: Chunk("source port", Form.UINT16),
    DESTINATION_PORT: Chunk("destination port", Form.UINT16),
    SECONDS: Chunk("time, seconds", Form.UINT32),
    MICROSECONDS: Chunk("time, microseconds", Form.UINT32),
    PROTOCOL_TYPE: Chunk("protocol type", Form.UINT8),
    CAPTURE_ID: Chunk("capture agent id", Form.UINT32),
    KEEP_ALIVE: Chunk("keep-alive timer, seconds", Form.UINT16),
    AUTH_KEY: Chunk("authentication key", Form.OCTETS),
    PAYLOAD: Chunk("captured payload", Form.OCTETS),
    COMPRESSED_PAYLOAD: Chunk("compressed payload", Form.OCTETS),
    CORRELATION_ID: Chunk("correlation id", Form.OCTETS),
    VLAN: Chunk("VLAN id", Form.UINT16),
    NODE_NAME: Chunk("capture agent name", Form.OCTETS),
    0x14: Chunk("source MAC address", Form.UINT64),
    0x15: Chunk("destination MAC address", Form.UINT64),
    0x16: Chunk("Ethernet type", Form.UINT16),
    0x17: Chunk("TCP flags", Form.UINT8),
    0x18: Chunk("IP type of service", Form.UINT8),
    0x20: Chunk("MOS, hundredths", Form.UINT16),
    0x21: Chunk("R-factor", Form.UINT16),
    0x22: Chunk("geographic location", Form.OCTETS),
    0x23: Chunk("jitter", Form.UINT32),
    0x24: Chunk("transaction type", Form.OCTETS),
    0x25: Chunk("keys of the JSON payload", Form.OCTETS),
    0x26: Chunk("values of tags", Form.OCTETS),
    0x27: Chunk("type of tag", Form.UINT16),
    0x28: Chunk("event type", Form.UINT16),
    0x29: Chunk("group id", Form.OCTETS),
}
"""Generic chunks by type. OpenSIPS adds 0x65 (JSON of further correlation ids), outside the specification."""

PROTOCOL_TYPES: dict[int, str] = {
    1: "SIP",
    2: "XMPP",
    3: "SDP",
    4: "RTP",
    5: "RTCP (JSON)",
    6: "MGCP",
    7: "MEGACO",
    8: "M2UA",
    9: "M3UA",
    10: "IAX",
    11: "H.322",
    12: "H.321",
    13: "M2PA",
    20: "WebRTC (JSON)",
    32: "quality report",
    33: "quality report",
    34: "RTP full report (JSON)",
    35: "RTP short report",
    36: "RTCP hang-up report",
    37: "RTCP short report",
    38: "RTP report of horaclifix",
    50: "SIP (JSON)",
    53: "DNS (JSON)",
    54: "ISUP (JSON)",
    55: "RTSP (JSON)",
    56: "Diameter (JSON)",
    57: "GSM MAP (JSON)",
    58: "RTCP (Pion)",
    60: "CDR",
    61: "Verto (JSON)",
    86: "OpenSIPS log",
    87: "OpenSIPS management",
    88: "OpenSIPS REST",
    89: "OpenSIPS network event",
    99: "quality report",
    100: "log",
}
"""Chunk 0x000b: the specification's, and what agents in the field send."""
