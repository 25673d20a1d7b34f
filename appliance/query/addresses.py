"""Addresses in a query: one, a network, a range, each with the port of that end if wanted."""

import re
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from appliance.query.errors import QueryError
from appliance.query.tree import Address, Addresses

_WITH_PORT = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([0-9.]+)):([0-9]{1,5})")
_NAME = re.compile(r"[^\W\d_][\w.\-]*")
_IN_BRACKETS = re.compile(r"\[([0-9A-Fa-f:.]+)\]")


def read_addresses(name: str, text: str, position: int) -> Addresses:
    """`10.0.0.1`, `10.0.0.0/8`, `10.0.0.1..10.0.0.9`, `[::1]:5060`. Raises QueryError."""
    first, dots, last = text.partition("..")
    try:
        if dots:
            return _range(address(first), address(last))
        if "/" in text:
            return _network(ip_network(text, strict=False))
        if found := _WITH_PORT.fullmatch(text):
            return _with_port(address(found[1] or found[2]), int(found[3]))
        one = address(text)
        return Addresses(one, one)
    except ValueError as error:
        about = f"{name} is searched by IP address: {text}" if name else text
        hint = "write 10.0.0.1, 10.0.0.0/8, 10.0.* or 10.0.0.1..10.0.0.9"
        raise QueryError(f"{about} is no address or network; {hint}", position) from error


def address(text: str) -> Address:
    """An IP address, ::ffff:a.b.c.d as a.b.c.d, as the capture stores it. Raises ValueError."""
    found = _IN_BRACKETS.fullmatch(text)
    read = ip_address(found[1] if found else text)
    if isinstance(read, IPv6Address):
        if read.scope_id:
            raise ValueError("a zone has no meaning here")
        return read.ipv4_mapped or read
    return read


def is_name(text: str) -> bool:
    """Whether it is the name of an alias also without quotation marks: a letter first, and no colon."""
    return _NAME.fullmatch(text) is not None


def printed_addresses(value: Addresses) -> str:
    """The shortest text that `read_addresses` reads as this."""
    first, last = value.first, value.last
    if value.port is not None:
        return f"[{first}]:{value.port}" if first.version == 6 else f"{first}:{value.port}"
    if first == last:
        return str(first)
    length = first.max_prefixlen - (int(last) - int(first)).bit_length()
    network = ip_network((int(first), length) if first.version == 4 else (first, length), strict=False)
    if (network[0], network[-1]) == (first, last):
        return str(network)
    return f"{first}..{last}"


def _range(first: Address, last: Address) -> Addresses:
    if first.version != last.version or int(first) > int(last):
        raise ValueError("the ends are not in order")
    return Addresses(first, last)


def _network(network: IPv4Network | IPv6Network) -> Addresses:
    first, last = network[0], network[-1]
    if isinstance(first, IPv6Address) and isinstance(last, IPv6Address) and first.ipv4_mapped and last.ipv4_mapped:
        return Addresses(first.ipv4_mapped, last.ipv4_mapped)
    return Addresses(first, last)


def _with_port(one: Address, port: int) -> Addresses:
    if port > 65535:
        raise ValueError("a port is at most 65535")
    return Addresses(one, one, port)


def dotted_prefix(first: Address, last: Address) -> bytes | None:
    """`10.` for 10.0.0.0/8: what all of its addresses begin with as written; None where nothing like it is."""
    if not isinstance(first, IPv4Address):
        return None
    for octets_same in (1, 2, 3):
        same, rest = first.packed[:octets_same], 4 - octets_same
        if first.packed == same + bytes(rest) and last.packed == same + b"\xff" * rest:
            return ".".join(map(str, same)).encode("ascii") + b"."
    return None
