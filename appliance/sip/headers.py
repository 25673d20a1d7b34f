"""All headers of a SIP message, and its body: for pages, custom header fields and what only some messages need."""

from typing import NamedTuple

from appliance.sip.lines import head_lines, unfolded
from appliance.sip.names import canonical

MAX_LINES = 512
"""More are not looked at: no user agent writes them, and a datagram has room for 30,000."""


class Header(NamedTuple):
    """One header line, folded lines joined by a blank."""

    name: bytes
    """As sent, without blanks before the colon."""
    value: bytes
    """As sent, without blanks around it."""
    canonical: bytes
    """Long form of the name in lower case."""


def headers(payload: bytes) -> tuple[Header, ...]:
    """The headers in the order of the message; lines without a colon are left out."""
    lines, _ = head_lines(payload, MAX_LINES, [])
    found = []
    for line in unfolded(lines[1:]):
        name, colon, value = line.partition(b":")
        if colon:
            found.append(Header(name.strip(), value.strip(), canonical(name)))
    return tuple(found)


def body(payload: bytes) -> bytes:
    """What follows the empty line after the headers; Content-Length is not looked at."""
    return payload[head_lines(payload, 1, [])[1] :]
