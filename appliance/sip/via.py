"""The topmost Via (RFC 3261 section 20.42): which transport was used, and the branch that names the transaction."""

import re

from appliance.sip.address import parameter, split

_TRANSPORTS = {name.upper(): name for name in (b"udp", b"tcp", b"tls", b"ws", b"wss", b"sctp")}
_LOOSE = re.compile(rb"\s*+sip\s*+/\s*+2\.0\s*+/\s*+([^\s/;,]++)\s++([^\s;,].*+)", re.IGNORECASE | re.DOTALL)


def top_via(value: bytes) -> tuple[bytes, bytes, bool]:
    """Transport in lower case, branch, and whether the value is well-formed; commas part several Vias of a line."""
    words = value.split(None, 1)
    if len(words) == 2 and words[0][:8] == b"SIP/2.0/" and b'"' not in value:
        transport, rest = words[0][8:], words[1]
        good = True
    else:
        found = _LOOSE.match(value)
        transport, rest = found.groups() if found else (b"", value)
        good = found is not None
    name = _TRANSPORTS.get(transport)
    if name is None:
        name = transport.lower()
    if b";;" in rest or b"," in rest or b'"' in rest or b";branch=" not in rest:
        return _first_of_several(name, rest, good)
    branch = rest.partition(b";branch=")[2].partition(b";")[0]
    return name, branch.rstrip(), good


def _first_of_several(transport: bytes, rest: bytes, good: bool) -> tuple[bytes, bytes, bool]:
    top = split(rest, b",")[0]
    host, *parameters = split(top, b";")
    good = good and host != b"" and all(piece.strip() for piece in parameters)
    return transport, parameter(top, b"branch"), good
