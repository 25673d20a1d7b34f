"""Causes out of Reason headers (RFC 3326): `SIP;cause=486;text="Busy"` -> `SIP/486`."""

import re
from collections.abc import Iterable
from functools import lru_cache

MOST = 8
"""More causes than this are noise (or an attack)."""

_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_VALUE = re.compile(r'(?:"(?:[^"\\]|\\.)*"|[^,"])+')
_PROTOCOL = re.compile(r"\s*([A-Za-z0-9.-]{1,16})\s*;")
_CAUSE = re.compile(r";\s*cause\s*=\s*(\d{1,4})(?!\d)", re.IGNORECASE)


def causes(reasons: Iterable[str]) -> tuple[str, ...]:
    """`PROTOCOL/cause` of each distinct Reason value, in the order in which they were sent."""
    found: dict[str, None] = {}
    for reason in reasons:
        found.update(dict.fromkeys(_causes(reason)))
    return tuple(found)[:MOST]


@lru_cache(maxsize=1024)
def _causes(reason: str) -> tuple[str, ...]:
    """Of one header; few different ones come again and again."""
    found = []
    for value in _VALUE.findall(reason):
        bare = _QUOTED.sub("", value)
        protocol, cause = _PROTOCOL.match(bare), _CAUSE.search(bare)
        if protocol and cause:
            found.append(f"{protocol[1].upper()}/{int(cause[1])}")
    return tuple(found)
