"""HEP 1 and 2, which carry SIP only.

header      version (1), length of header and addresses (1), family (1), IP protocol (1), ports (2 + 2, big-endian)
addresses   source and destination, 4 + 4 or 16 + 16 octets
HEP 2 adds  seconds (4), microseconds (4), capture id (2): Kamailio, captagent and sofia-sip copy a C struct, so
            little-endian and with two octets of padding; others write ten octets big-endian. Nothing says which,
            so both are weighed by the time that they would give and by where the SIP message would begin.
"""

import re
from struct import Struct

from appliance.hep.addresses import address_text
from appliance.hep.errors import HepError
from appliance.model.packet import Packet

_SIP = 1
_HEADER = Struct("!BBBBHH")
_LITTLE, _BIG = Struct("<IIH"), Struct(">IIH")
_STRUCT_SIZE = 12

_ADDRESS_SIZES = {2: 4, 10: 16, 23: 16, 24: 16, 28: 16, 30: 16}
"""AF_INET, and AF_INET6 as Linux, Windows and the BSDs number it."""

_CREDIBLE_SECONDS = range(946_684_800, 4_102_444_800)
"""The years 2000 to 2099."""

_SIP_START = re.compile(rb"SIP/2\.0|[A-Za-z]{1,24}+ [A-Za-z]{1,24}+:")


def decode_version12(data: bytes) -> Packet:
    """Read an envelope of HEP 1 or 2. Raises HepError."""
    if data[:1] not in (b"\x01", b"\x02"):
        raise HepError("not-hep")
    if len(data) < _HEADER.size:
        raise HepError("truncated", len(data))
    version, length, family, ip_protocol, source_port, destination_port = _HEADER.unpack_from(data)
    size = _ADDRESS_SIZES.get(family, 0)
    offset = _HEADER.size + 2 * size
    if not size or length < offset:
        raise HepError("not-hep", 1 if size else 2)
    if len(data) < offset:
        raise HepError("truncated", len(data))
    source = address_text(data[_HEADER.size : _HEADER.size + size])
    destination = address_text(data[_HEADER.size + size : offset])
    time_us, capture_id = None, None
    if version == 2:
        time_us, capture_id, offset = _time(data, offset)
    return Packet(
        version,
        _SIP,
        ip_protocol,
        source,
        source_port,
        destination,
        destination_port,
        time_us or None,
        capture_id,
        b"",
        b"",
        data[offset:],
    )


def _time(data: bytes, offset: int) -> tuple[int, int, int]:
    """Microseconds, capture id, and where the payload begins."""
    if len(data) < offset + _LITTLE.size:
        raise HepError("truncated", len(data))
    little, big = _LITTLE.unpack_from(data, offset), _BIG.unpack_from(data, offset)
    packed_end = offset + _LITTLE.size
    padding = data[packed_end : offset + _STRUCT_SIZE]
    is_packed = _SIP_START.match(data, packed_end) is not None
    is_big = _credit(big) + is_packed > _credit(little) + (padding == b"\0\0")
    seconds, microseconds, capture_id = big if is_big else little
    if not is_packed and is_big:
        is_packed = b"\0" not in padding
    return seconds * 1_000_000 + microseconds, capture_id, packed_end if is_packed else offset + _STRUCT_SIZE


def _credit(fields: tuple[int, int, int]) -> int:
    return 2 * (fields[1] < 1_000_000) + (fields[0] in _CREDIBLE_SECONDS)
