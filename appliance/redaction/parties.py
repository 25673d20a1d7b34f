"""Parties in header values: users and numbers of URIs, and display names, replaced or noted (redaction.hiding).

    "Alice" <sip:+4930123456;phone-context=x@host;user=phone>;tag=1   display name, user, its parameters
    <tel:+49-30-123456;ext=1>                                         number with visual separators
    sip:alice@host;tag=1                                              without < > the parameters are the header's

What follows the user (host, parameters) goes through `Hiding.text`.
"""

import re
from urllib.parse import quote_from_bytes, unquote_to_bytes

from appliance.redaction.hiding import Hiding
from appliance.redaction.known import WINDOW
from appliance.sip.address import split

_TOLD_USERS = frozenset((b"", b"anonymous", b"unavailable", b"unknown", b"restricted", b"invalid", b"*"))
"""Say that there is no name."""
_SCHEMES = (b"sip", b"sips", b"tel", b"im", b"pres", b"xmpp", b"mailto", b"h323", b"callto", b"fax", b"modem")
_OTHERS = (b"urn", b"http", b"https", b"ws", b"wss", b"cid", b"data", b"file", b"ldap", b"service")
_URI = re.compile(rb"(?<![A-Za-z0-9])(?:%b):[^\s<>\"']+" % b"|".join(_SCHEMES), re.IGNORECASE)
_NUMBER = re.compile(rb"[+*#]*[0-9][-0-9*#.() /]*")
_RUN = re.compile(rb"[0-9]{%d,}" % WINDOW)
_PIECE = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*"?+|<[^>]*+>?+|[^"<]++', re.DOTALL)
_IN_USER = "+*()-._!~'&=$,;?/"
"""What stands in a user as it is (RFC 3261 section 25.1)."""


def uris(value: bytes, hiding: Hiding) -> bytes:
    """Any text, its URIs rewritten."""
    return _URI.sub(lambda found: uri(found.group(), hiding), value) if b":" in value else value


def values(value: bytes, hiding: Hiding) -> bytes:
    """From, To, Contact, Route and all others that hold addresses."""
    if b"<" not in value and b'"' not in value:
        return b",".join(_addr_spec(piece, hiding) for piece in split(value, b","))
    pieces = [found.group() for found in _PIECE.finditer(value)]
    made: list[bytes] = []
    for place, piece in enumerate(pieces):
        after = pieces[place + 1] if place + 1 < len(pieces) else b""
        if piece[:1] == b'"':
            is_value = bool(made) and made[-1].rstrip().endswith(b"=")
            made.append(_quoted(piece, hiding, is_value))
        elif piece[:1] == b"<":
            closed = piece[-1:] == b">"
            made.append(b"<" + uri(piece[1:-1] if closed else piece[1:], hiding) + b">" * closed)
        elif after[:1] == b"<":
            made.append(_before_uri(piece, hiding))
        else:
            made.append(hiding.text(uris(piece, hiding)))
    return b"".join(made)


def uri(value: bytes, hiding: Hiding) -> bytes:
    """One URI, of whatever scheme, or what stands where one should."""
    scheme, colon, rest = value.partition(b":")
    name = scheme.strip().lower()
    if colon and name in _OTHERS:
        return hiding.text(uris(value, hiding), liberal=name not in (b"urn", b"cid"))
    if not colon or name not in _SCHEMES:
        scheme, colon, rest = b"", b"", value
    head = scheme + colon
    if b"@" in rest:
        user_part, _, host = rest.partition(b"@")
        return head + user(user_part, hiding) + b"@" + _host_part(host, hiding)
    bare = re.split(rb"[;?:]", rest, maxsplit=1)[0]
    if name == b"tel" or not head or (_NUMBER.fullmatch(bare) and b"." not in bare):
        return head + user(bare, hiding) + hiding.text(uris(rest[len(bare) :], hiding), liberal=True)
    return head + _host_part(rest, hiding)


def user(value: bytes, hiding: Hiding) -> bytes:
    """What stands before the @: number or name, parameters, password."""
    first, *parameters = value.split(b";")
    name, colon, password = first.partition(b":")
    made = _name(name, hiding) + colon + hiding.standins.token(password)
    return b";".join([made, *(_parameter(one, hiding) for one in parameters)])


def display_name(value: bytes, hiding: Hiding) -> bytes:
    """The words of a name, or the number that stands in its place."""
    if value.strip().lower() in _TOLD_USERS:
        return value
    _note(value, hiding)
    digits = _digits(value)
    if len(digits) >= WINDOW and _NUMBER.fullmatch(value.strip()):
        hiding.known.add_number(digits)
        return _number(value, digits, hiding)
    return hiding.standins.word(value)


def _name(name: bytes, hiding: Hiding) -> bytes:
    plain = unquote_to_bytes(name)
    if plain.lower() in _TOLD_USERS:
        return name
    if _NUMBER.fullmatch(plain):
        digits = _digits(plain)
        hiding.known.add_number(digits)
        return quote_from_bytes(_number(plain, digits, hiding), safe=_IN_USER).encode()
    _note(plain, hiding)
    hiding.known.add_word(plain)
    hiding.known.add_word(name)
    return quote_from_bytes(hiding.standins.word(plain), safe=_IN_USER).encode()


def _number(value: bytes, digits: bytes, hiding: Hiding) -> bytes:
    """The stand-in's characters in place of the digits; signs stay."""
    stand_in = hiding.standins.number(digits, value.lstrip()[:1] == b"+")
    made = iter(stand_in)
    shown = bytes(next(made) if 48 <= char <= 57 else char for char in value)
    return shown if stand_in[:1].isdigit() else shown.replace(b"+", b"x")


def _note(value: bytes, hiding: Hiding) -> None:
    """Numbers within a name: `alice-4930123456`."""
    for run in _RUN.findall(value):
        hiding.known.add_number(run)


def _digits(value: bytes) -> bytes:
    return bytes(char for char in value if 48 <= char <= 57)


def _parameter(value: bytes, hiding: Hiding) -> bytes:
    """Of a user: `rn=+4930…`, `phone-context=+49`, `cic=…`, `npdi`."""
    name, equals, text = value.partition(b"=")
    plain = unquote_to_bytes(text)
    if equals and _NUMBER.fullmatch(plain) and len(_digits(plain)) >= WINDOW:
        return name + equals + _name(text, hiding)
    return hiding.text(value, liberal=True)


def _host_part(value: bytes, hiding: Hiding) -> bytes:
    """Host, port, parameters, headers."""
    hiding.note_host(re.split(rb"[;?>\s]", value, maxsplit=1)[0])
    return hiding.text(uris(value, hiding), liberal=b"?" in value)


def _addr_spec(value: bytes, hiding: Hiding) -> bytes:
    """Without < > what follows the first semicolon is the header's."""
    blank = value[: len(value) - len(value.lstrip())]
    address, semicolon, parameters = value[len(blank) :].partition(b";")
    if address.strip() == b"*":
        return value
    return blank + uri(address, hiding) + semicolon + hiding.text(uris(parameters, hiding), liberal=b"@" in parameters)


def _quoted(value: bytes, hiding: Hiding, is_value: bool) -> bytes:
    """A quoted string: a parameter's value, else a display name."""
    inside = value[1:-1] if len(value) > 1 and value[-1:] == b'"' else value[1:]
    if is_value:
        return b'"' + hiding.text(uris(inside, hiding)) + b'"'
    plain = re.sub(rb"\\(.)", rb"\1", inside, flags=re.DOTALL).translate(None, b'\\"')
    return b'"' + display_name(plain, hiding) + b'"'


def _before_uri(value: bytes, hiding: Hiding) -> bytes:
    """Parameters of the address before, up to the last comma; then a name without quotes."""
    parameters, comma, name = value.rpartition(b",")
    stripped = name.strip()
    if stripped:
        start = name.index(stripped)
        name = name[:start] + display_name(stripped, hiding) + name[start + len(stripped) :]
    return hiding.text(uris(parameters, hiding)) + comma + name
