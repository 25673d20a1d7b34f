"""Causes out of Reason headers (RFC 3326): `SIP;cause=486;text="Busy"` -> `SIP/486`."""

import re
from collections.abc import Iterable

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
        for value in _VALUE.findall(reason):
            bare = _QUOTED.sub("", value)
            protocol, cause = _PROTOCOL.match(bare), _CAUSE.search(bare)
            if protocol and cause:
                found[f"{protocol[1].upper()}/{int(cause[1])}"] = None
    return tuple(found)[:MOST]
