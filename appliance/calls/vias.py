"""Branches of a message's Via headers, top first: the hops that a request went (RFC 3261 8.1.1.7, 20.42).

Tolerant: whatever a broken message holds, there are only fewer branches.
"""

import re

MOST = 70
"""Max-Forwards begins at 70; more hops than that nobody makes."""

_VIA = re.compile(rb"^(?:via|v)[ \t]*:((?:[^\r\n]|\r?\n[ \t])*)", re.IGNORECASE | re.MULTILINE)
_BRANCH = re.compile(rb";\s*branch\s*=\s*([^\s;,]+)", re.IGNORECASE)


def branches(raw: bytes) -> list[str]:
    """The branch of each Via, as `model.octets.text`."""
    head = re.split(rb"\r?\n\r?\n", raw.lstrip(b"\r\n"), maxsplit=1)[0]
    found: list[str] = []
    for via in _VIA.finditer(head):
        found += (branch.decode("utf-8", "surrogateescape") for branch in _BRANCH.findall(via[1]))
        if len(found) >= MOST:
            break
    return found[:MOST]
