"""Addresses as four or sixteen octets, and as the text that is stored and searched.

An IPv4-mapped IPv6 address (::ffff:a.b.c.d) is the IPv4 address: one host, one spelling.
"""

from functools import lru_cache
from ipaddress import IPv6Address, ip_address

from appliance.hep.errors import HepError

_MAPPED = bytes(10) + b"\xff\xff"


@lru_cache(maxsize=16384)
def address_text(octets: bytes) -> str:
    """The text of an address of 4 or 16 octets, "" of none; the cache is bounded, since senders choose its keys."""
    if not octets:
        return ""
    if octets[:12] == _MAPPED:
        octets = octets[12:]
    if len(octets) == 4:
        return ".".join(map(str, octets))
    return str(IPv6Address(octets))


@lru_cache(maxsize=16384)
def address_octets(text: str) -> bytes:
    """The inverse of `address_text`; empty for empty. Raises HepError."""
    if not text:
        return b""
    try:
        octets = ip_address(text).packed
    except ValueError as error:
        raise HepError("bad-address") from error
    return octets[12:] if octets[:12] == _MAPPED else octets
