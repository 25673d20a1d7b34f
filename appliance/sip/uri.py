"""URIs: `sip:`, `sips:`, `tel:`, `urn:` and others (RFC 3261 section 19.1, RFC 3966).

Everything stays octets as received: escapes are kept, brackets of an IPv6 host are kept, nothing is lowered.
Any octets may come in, nothing is raised, and time grows with their number only.
"""

import re

_SIP = (b"sip", b"sips")
_USUAL = re.compile(
    rb"""sips?:(?:([^@:;?\s<>"\[\]]*+)(?::[^@\s<>"]*+)?@)?(\[[\da-fA-F:.]++\]|[\w.-]++)(?::\d++)?(?:[;?][^@\s<>"]*+)?\Z"""
)
"""What nearly all URIs look like, in one step."""


def user_domain(uri: bytes) -> tuple[bytes, bytes, bool]:
    """User without password, host without port, and whether the URI could be read.

    A `tel:` or `urn:` URI, and any other that has no host, gives its number or name as the user; of a local number
    with its phone-context.
    """
    found = _USUAL.match(uri)
    if found:
        return found[1] or b"", found[2], True
    cleaned = uri.translate(None, b' \t\r\n<>"')
    if cleaned != uri:
        return *user_domain(cleaned)[:2], False
    scheme, colon, rest = uri.partition(b":")
    if scheme not in _SIP and scheme.lower() not in _SIP:
        return _other(scheme.lower(), rest) if colon and rest else (b"", b"", False)
    user, at, host = rest.partition(b"@")
    if not at:
        user, host = b"", rest
    elif b":" in user:
        user = user.partition(b":")[0]
    if b";" in host:
        host = host.partition(b";")[0]
    if b"?" in host:
        host = host.partition(b"?")[0]
    if b":" in host:
        return user, *_without_port(host)
    return user, host, host != b""


def has_headers(uri: bytes) -> bool:
    """Whether headers follow the host, as a request URI may not have (RFC 3261 section 19.1.1)."""
    return b"?" in uri.partition(b"@")[2] or (b"?" in uri and b"@" not in uri)


def _without_port(host: bytes) -> tuple[bytes, bool]:
    if host[:1] == b"[":
        name, bracket, port = host.partition(b"]")
        return name + bracket, bracket != b"" and (not port or (port[:1] == b":" and port[1:].isdigit()))
    name, _, port = host.partition(b":")
    return (name, name != b"") if port.isdigit() else (host, False)


def _other(scheme: bytes, rest: bytes) -> tuple[bytes, bytes, bool]:
    if scheme == b"tel":
        return _telephone(rest), b"", rest[:1] not in (b"", b";")
    authority = rest[2:].partition(b"/")[0] if rest[:2] == b"//" else rest
    user, at, host = authority.partition(b"@")
    if scheme == b"urn" or (not at and authority is rest):
        return rest, b"", True
    host = (host if at else authority).partition(b";")[0].partition(b"?")[0]
    domain, readable = _without_port(host) if b":" in host else (host, host != b"")
    return user.partition(b":")[0] if at else b"", domain, readable


def _telephone(rest: bytes) -> bytes:
    """The number; of a local one with its context, without which nobody knows which number it is (RFC 3966 section
    5.1.5): as it stands in the user part of a sip: URI (RFC 3261 section 19.1.6)."""
    number, _, parameters = rest.partition(b";")
    if number and number[:1] != b"+" and parameters:
        context = next((one for one in parameters.split(b";") if one[:14].lower() == b"phone-context="), b"")
        return number + b";" + context if context else number
    return number
