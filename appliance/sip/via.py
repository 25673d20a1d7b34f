"""The topmost Via (RFC 3261 section 20.42): which transport was used, and the branch that names the transaction."""

import re

from appliance.sip.address import first_value, split

_TRANSPORTS = {name.upper(): name for name in (b"udp", b"tcp", b"tls", b"ws", b"wss", b"sctp")}
_USUAL = re.compile(
    rb"""[ \t]*+SIP/2\.0/([A-Z]++) [^;,"\s]++(?:;(?![Bb])[^;,"\s]++)*"""
    rb""";branch=([^;,"\s]++)(?:;[^;,"\s]++)*\s*+(?:,|\Z)"""
)
_LOOSE = re.compile(rb"\s*+sip\s*+/\s*+([^\s/;,]++)\s*+/\s*+([^\s/;,]++)\s++([^\s;,].*+)", re.IGNORECASE | re.DOTALL)


def top_via(value: bytes) -> tuple[bytes, bytes, bool]:
    """Transport in lower case, branch, and whether the value is well-formed; commas part several Vias of a line."""
    usual = _USUAL.match(value)
    if usual:
        return _TRANSPORTS.get(usual[1]) or usual[1].lower(), usual[2], True
    found = _LOOSE.match(value)
    version, transport, rest = found.groups() if found else (b"", b"", value)
    branch, good = b"", version == b"2.0"
    for piece in split(first_value(rest), b";")[1:]:
        name, _, text = piece.partition(b"=")
        if name.strip().lower() == b"branch":
            branch = branch or text.strip()
        good = good and not piece.isspace() and piece != b""
    return transport.lower(), branch, good
