"""Values of From, To, Contact and others: a name-addr or addr-spec with parameters (RFC 3261 section 20.10).

    "Display \\"name\\"" <sip:user@host;uri-parameter>;tag=1         Display name <tel:+49301234>;tag=1
    sip:user@host;tag=1        without < > the parameters belong to the header

A broken value gives what can still be told from it, and says so. Linear in the length of the value.
"""

import re

from appliance.sip.uri import user_domain

MAX_PIECES = 256
"""Parameters, or values of a list, that are looked at."""

# Groups are not repeated possessively: Debian 12's Python 3.11.2 loses its place when one fails half-way.
_USUAL = (
    rb"""[ \t]*+(?:"[^"\\]*+"[ \t]*+|[\w .!%*+`'~-]*+)"""
    rb"""<sips?:(?:([^@:;?\s<>\[\]]*+)(?::[^@\s<>]*+)?@)?(\[[\da-fA-F:.]++\]|[\w.-]++)(?::\d++)?(?:[;?][^@\s<>]*+)?>"""
)
_USUAL_ADDRESS = re.compile(_USUAL)
_USUAL_PARTY = re.compile(
    _USUAL
    + rb"""(?:;(?![Tt][Aa][Gg])[^;"\s,]++)*(?!;(?![Tt][Aa][Gg])[^;"\s,])"""
    + rb"""(?:;tag=([^;"\s,]++)|(?!;[Tt][Aa][Gg]))(?=;|\Z)"""
)
"""What nearly all values look like, in one step; whatever else there is takes the steps below."""

_QUOTED_NAME = re.compile(rb'\s*+"[^"\\]*+(?:\\.[^"\\]*+)*"\s*+(?=<)', re.DOTALL)
_NOT_A_TOKEN = re.compile(rb"[^\s\w.!%*+`'~\x80-\xff-]")
_PIECE = {
    separator: re.compile(rb'[^"%b]*+(?:"[^"\\]*+(?:\\.[^"\\]*+)*"?+[^"%b]*+)*' % (separator, separator), re.DOTALL)
    for separator in (b";", b",")
}


def party(value: bytes) -> tuple[bytes, bytes, bytes, bool]:
    """User, domain and tag of From or To, and whether the value is well-formed."""
    found = _USUAL_PARTY.match(value)
    if found:
        user, domain, tag = found.groups(b"")
        return user, domain, tag, True
    uri, parameters, good = uri_parameters(value)
    user, domain, readable = user_domain(uri)
    return user, domain, parameter(parameters, b"tag"), good and readable


def first_user(value: bytes) -> tuple[bytes, bool]:
    """User of the first of several addresses, and whether that is well-formed."""
    found = _USUAL_ADDRESS.match(value)
    if found:
        return found[1] or b"", True
    comma = value.find(b",")
    if 0 <= comma < value.find(b"<") and b'"' not in value[:comma]:
        value = value[:comma]
    uri, _, good = uri_parameters(value)
    user, _, readable = user_domain(uri)
    return user, good and readable


def uri_parameters(value: bytes) -> tuple[bytes, bytes, bool]:
    """URI, parameters (from their first semicolon; whatever follows the URI) and whether it is well-formed."""
    start = value.find(b"<")
    quote = value.find(b'"')
    if start < 0:
        return _addr_spec(value, quote < 0)
    good = True
    if 0 <= quote < start:
        named = _QUOTED_NAME.match(value)
        start = named.end() if named else value.rfind(b"<")
        good = named is not None
    elif start and not value[:start].isspace():
        good = _NOT_A_TOKEN.search(value, 0, start) is None
    end = value.find(b">", start)
    if end < 0:
        return value[start + 1 :], b"", False
    return value[start + 1 : end], value[end + 1 :], good


def _addr_spec(value: bytes, good: bool) -> tuple[bytes, bytes, bool]:
    """Without < >, a comma, semicolon or question mark ends the URI."""
    uri, semicolon, parameters = value.partition(b";")
    if b"," in uri:
        uri, semicolon, parameters = uri.partition(b",")[0], b"", b""
    return uri.strip(), semicolon + parameters, good and b"?" not in uri


def parameter(parameters: bytes, name: bytes) -> bytes:
    """The value of a parameter (`name` in lower case) as it stands; empty when it is absent."""
    for piece in split(parameters, b";"):
        key, _, value = piece.partition(b"=")
        if key.strip().lower() == name:
            return value.strip()
    return b""


def first_value(values: bytes) -> bytes:
    """What stands before the first comma outside quoted strings."""
    found = _PIECE[b","].match(values)
    return found.group() if found else values


def split(value: bytes, separator: bytes) -> list[bytes]:
    """Pieces between separators (";" or ",") that stand outside quoted strings; the MAX_PIECES-th takes the rest."""
    if b'"' not in value:
        return value.split(separator, MAX_PIECES - 1)
    pieces: list[bytes] = []
    at, match = 0, _PIECE[separator].match
    while at <= len(value):
        found = match(value, at)
        end = found.end() if found and len(pieces) < MAX_PIECES - 1 else len(value)
        pieces.append(value[at:end])
        at = end + 1
    return pieces


def unquoted(value: bytes) -> bytes:
    """The contents of a quoted string, its escapes undone; anything else as it stands."""
    if len(value) >= 2 and value[:1] == value[-1:] == b'"':
        return re.sub(rb"\\(.)", rb"\1", value[1:-1], flags=re.DOTALL)
    return value
