"""One value of a query against what a row holds, as MariaDB compares them (storage/search/compare.py).

Text is octets: they compare as they are, and where case does not count as Latin-1 does, so that every octet stays what
it is but for letters. Each function reads a value once and returns the test; a test never raises.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address

from appliance.matching.raw import is_like
from appliance.model.octets import octets
from appliance.query.addresses import dotted_prefix
from appliance.query.regex import compiled
from appliance.query.tree import Addresses, AnyOf, Exact, Pattern, Regex, Span, Value

TextTest = Callable[[bytes], bool]
NumberTest = Callable[[int | float | None], bool]
EndTest = Callable[[str, int], bool]
"""Of an address and its port."""

_FOLDED = bytes(n + 32 if 0x41 <= n <= 0x5A or (0xC0 <= n <= 0xDE and n != 0xD7) else n for n in range(256))


def folded(value: bytes) -> bytes:
    """As latin1_general_ci compares it."""
    return value.translate(_FOLDED)


def text(value: Value, width: int, *, case_counts: bool = True) -> TextTest:
    """The whole value is, looks like or contains this; `width` is how much of it was kept."""
    if isinstance(value, AnyOf):
        return _any([text(one, width, case_counts=case_counts) for one in value.values])
    match value:
        case Exact(typed):
            wanted = octets(typed)[:width]
            if case_counts:
                return wanted.__eq__
            small = folded(wanted)
            return lambda found: found.translate(_FOLDED) == small
        case Pattern() if value.is_anything:
            return bool
        case Pattern(pieces):
            return _like([octets(piece) for piece in pieces], case_counts)
        case Regex(source):
            search = compiled(octets(source), case_sensitive=case_counts).search
            return lambda found: search(found) is not None
        case _:
            return _never


def listed(value: Value, *, before: bytes = b"", separator: bytes = b",") -> TextTest:
    """Words joined by a separator hold the value; case does not count. `before` begins every word."""
    match value:
        case AnyOf(values):
            return _any([listed(one, before=before, separator=separator) for one in values])
        case Pattern() if value.is_anything and not before:
            return bool
        case Exact(typed):
            wanted = separator + folded(before + octets(typed)) + separator
            return lambda found: wanted in separator + folded(found) + separator
        case Pattern(pieces):
            inside = (b"[^" + separator + b"]*").join(re.escape(folded(octets(piece))) for piece in pieces)
            search = compiled(separator + re.escape(folded(before)) + inside + separator).search
            return lambda found: search(separator + folded(found) + separator) is not None
        case Regex():
            return text(value, 0, case_counts=False)
        case _:
            return _never


def media(value: Value) -> TextTest:
    """A session in short (sip/session.py) has a medium at the address: `;TYPE ADDRESS:PORT CODECS`."""
    match value:
        case AnyOf(values):
            return _any([media(one) for one in values])
        case Pattern() if value.is_anything:
            return lambda found: b";" in found
        case Regex():
            return text(value, 0, case_counts=False)
        case Addresses() | Pattern():
            where = _where(value)
            if where is None:
                return _never
            search = compiled(folded(b";[^ ;]+ " + where)).search
            return lambda found: search(folded(found)) is not None
        case _:
            return _never


def _where(value: Addresses | Pattern) -> bytes | None:
    """A medium's address and port as an expression; None for a network that no dotted beginning names."""
    if isinstance(value, Pattern):
        inside = b"[^ ;]*".join(re.escape(octets(piece)) for piece in value.pieces)
        return rb"\[?" + inside + rb"\]?(?::[0-9]+)? "
    port = b"[0-9]+" if value.port is None else b"%d" % value.port
    first = value.first
    if first == value.last:
        address = f"[{first}]" if first.version == 6 else str(first)
        return re.escape(address.encode()) + b":" + port + b" "
    prefix = dotted_prefix(first, value.last)
    return None if prefix is None else re.escape(prefix) + b"[0-9.]*:" + port + b" "


def number(value: Value, *, unit: int = 1) -> NumberTest:
    """Within the span; what is compared counts in `unit`s of the value (1000 for milliseconds)."""
    if isinstance(value, AnyOf):
        tests = [number(one, unit=unit) for one in value.values]
        return lambda found: any(test(found) for test in tests)
    match value:
        case Pattern() if value.is_anything:
            return lambda found: found is not None
        case Span(low, high, low_open, high_open):
            # in whole units: what lies above 3.2 ms is 4 ms and more
            least = low if unit == 1 or low is None else int(low) // unit if low_open else -(-int(low) // unit)
            most = high if unit == 1 or high is None else -(-int(high) // unit) if high_open else int(high) // unit
            return lambda found: (
                found is not None
                and (least is None or (found > least if low_open else found >= least))
                and (most is None or (found < most if high_open else found <= most))
            )
        case _:
            return lambda found: False


def end(value: Value, width: int, *, with_port: bool = True) -> EndTest:
    """The address lies in the range, and its port is the one that was given; else it is compared as text."""
    if isinstance(value, AnyOf):
        tests = [end(one, width, with_port=with_port) for one in value.values]
        return lambda ip, port: any(test(ip, port) for test in tests)
    if not isinstance(value, Addresses):
        test = text(value, width)
        return lambda ip, port: test(octets(ip))
    first, last, wanted = value.first, value.last, value.port if with_port else None

    def within(ip: str, port: int) -> bool:
        if wanted is not None and port != wanted:
            return False
        found = _address(ip)
        if isinstance(first, IPv4Address):
            return isinstance(found, IPv4Address) and isinstance(last, IPv4Address) and first <= found <= last
        return isinstance(found, IPv6Address) and isinstance(last, IPv6Address) and first <= found <= last

    return within


@lru_cache(maxsize=4096)
def _address(ip: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(ip)
    except ValueError:
        return None


def _like(pieces: list[bytes], case_counts: bool) -> TextTest:
    if case_counts:
        return lambda found: is_like(found, pieces)
    small = [folded(piece) for piece in pieces]
    return lambda found: is_like(folded(found), small)


def _any(tests: list[TextTest]) -> TextTest:
    return lambda found: any(test(found) for test in tests)


def _never(_found: bytes) -> bool:
    return False
