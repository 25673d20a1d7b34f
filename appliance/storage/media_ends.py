"""An end of a media stream as a key: reports that do not name their call are found by the addresses of its SDP.

Of the two ends one is enough, since behind a NAT the other is not what the SDP says. A report's port is that of the
RTP stream, or that of RTCP when it says no more, which is one above (RFC 3550, 11) or the same (RFC 5761).
"""

from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv6Address, ip_address

from appliance.model.ids import callid_hash, hour_key, hour_of_day

End = tuple[str, int]
"""(address, port)."""

_ANYWHERE = frozenset({"", "0.0.0.0", "::"})  # noqa: S104


@lru_cache(maxsize=4096)
def canonical(ip: str) -> str:
    """An address as captures write it, ::ffff:a.b.c.d as a.b.c.d; what is none (a name in an SDP) as it is."""
    try:
        read = ip_address(ip.strip("[]"))
    except ValueError:
        return ip
    if isinstance(read, IPv6Address) and read.ipv4_mapped:
        return str(read.ipv4_mapped)
    return str(read)


def end_hash(ip: str, port: int) -> int | None:
    """56 bits that stand for an end; None when it is not known or stands for no place (0.0.0.0, port 0)."""
    address = canonical(ip)
    if not port or address in _ANYWHERE:
        return None
    return callid_hash(f"{address} {port}".encode("utf-8", "surrogateescape"))


def end_key(ip: str, port: int, time_us: int) -> int | None:
    """`end_key` of the table of ends."""
    hash_ = end_hash(ip, port)
    return None if hash_ is None else hour_key(hour_of_day(time_us), hash_)


def sought(media: Iterable[End]) -> dict[int, End]:
    """The hashes by which reports of these RTP ends are found, each with the end as it is stored."""
    found: dict[int, End] = {}
    for ip, port in media:
        for stored_port in (port, port + 1):
            hash_ = end_hash(ip, stored_port)
            if hash_ is not None:
                found[hash_] = (canonical(ip), stored_port)
    return found
