"""The topmost Via (RFC 3261 section 20.42): which transport was used, and the branch that names the transaction."""

import re

from appliance.sip.address import parameter, split

_TRANSPORTS = {name.upper(): name for name in (b"udp", b"tcp", b"tls", b"ws", b"wss", b"sctp")}
_USUAL = re.compile(
    rb"""[ \t]*+SIP/2\.0/([A-Z]++) [^;,"\s]++(?:;(?!branch)[^;,"\s]++)*+;branch=([^;,"\s]++)(?=;[^;,]|,|\s*\Z)"""
)
_LOOSE = re.compile(rb"\s*+sip\s*+/\s*+2\.0\s*+/\s*+([^\s/;,]++)\s++([^\s;,].*+)", re.IGNORECASE | re.DOTALL)


def top_via(value: bytes) -> tuple[bytes, bytes, bool]:
    """Transport in lower case, branch, and whether the value is well-formed; commas part several Vias of a line."""
    usual = _USUAL.match(value)
    if usual:
        return _TRANSPORTS.get(usual[1]) or usual[1].lower(), usual[2], True
    found = _LOOSE.match(value)
    transport, rest = found.groups() if found else (b"", value)
    top = split(rest, b",")[0]
    host, *parameters = split(top, b";")
    good = found is not None and host != b"" and all(piece.strip() for piece in parameters)
    return transport.lower(), parameter(top, b"branch"), good
