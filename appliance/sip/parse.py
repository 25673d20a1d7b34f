"""The octets of a SIP message -> SipMessage: what is searched and folded, and nothing more.

Runs once for every stored message, so each line is looked at once and only the headers of the table below are
opened. It takes any octets, raises nothing, and needs time in proportion to their number. Whatever is missing or
odd becomes a word in `problems` and loses nothing else.
"""

import re
from functools import lru_cache

from appliance.model.message import SipMessage
from appliance.sip.address import parameter, split, uri_parameters
from appliance.sip.first_line import first_line
from appliance.sip.names import COMPACT
from appliance.sip.uri import user_domain
from appliance.sip.via import top_via

DEFAULT_ALEG_HEADERS = (b"X-CID", b"X-CallIDALeg", b"X-Call-ID", b"Session-ID")
"""Headers that name the other leg of a call, the most telling first."""

MAX_HEADERS = 256
"""Header lines that are looked at."""

_HEADERS = (
    b"",
    b"Via",
    b"From",
    b"To",
    b"Call-ID",
    b"CSeq",
    b"Content-Length",
    b"Contact",
    b"P-Asserted-Identity",
    b"P-Preferred-Identity",
    b"Authorization",
    b"Proxy-Authorization",
    b"User-Agent",
    b"Server",
    b"Reason",
    b"Diversion",
    b"Content-Type",
    b"Event",
    b"Expires",
)
(_VIA, _FROM, _TO, _CALLID, _CSEQ, _LENGTH, _CONTACT, _ASSERTED, _PREFERRED, _AUTH, _PROXY_AUTH) = range(1, 12)
(_USER_AGENT, _SERVER, _REASON, _DIVERSION, _CONTENT_TYPE, _EVENT, _EXPIRES) = range(12, 19)
_ALEG = len(_HEADERS)
_NOT_NEEDED = 0
_ONCE = (_FROM, _TO, _CALLID, _CSEQ, _LENGTH)
_JOINED = (_REASON, _DIVERSION)
_NO_CORE = [b""] * 5

_COMMON = (
    b"Max-Forwards Allow Supported Require Record-Route Route Accept Date Session-Expires Min-SE Privacy Subject "
    b"Allow-Events Accept-Encoding Accept-Language WWW-Authenticate Proxy-Authenticate Remote-Party-ID "
    b"Content-Disposition P-Charging-Vector RSeq RAck Timestamp Warning Path Organization"
).split()
"""Headers that most messages have and nobody needs here: known, so that they cost one look-up."""

_END_OF_HEADERS = re.compile(rb"\r?\n\r?\n")
_FOLD = re.compile(rb"\r\n[ \t]+")


def is_keepalive(payload: bytes) -> bool:
    """Nothing but blanks, line ends and NULs, as user agents send to hold a NAT binding open."""
    return not payload.strip(b"\r\n\0 \t")


@lru_cache(maxsize=16)
def _places(aleg_headers: tuple[bytes, ...]) -> tuple[dict[bytes, int], tuple[int, ...]]:
    """Header name in its usual spellings and in lower case -> place in the list of values; places of A-leg headers."""
    places: dict[bytes, int] = dict.fromkeys(_COMMON, _NOT_NEEDED)
    long_forms = {_HEADERS[place].lower(): place for place in range(1, _ALEG)}
    for compact, name in COMPACT.items():
        places[compact] = places[compact.upper()] = long_forms.get(name, _NOT_NEEDED)
    for place in range(1, _ALEG):
        places[_HEADERS[place]] = place
    aleg: list[int] = []
    for name in aleg_headers:
        place = long_forms.setdefault(name.lower(), _ALEG + len(aleg))
        places[name] = place
        aleg.append(place)
    return places | long_forms, tuple(aleg)


def parse(payload: bytes, aleg_headers: tuple[bytes, ...] = DEFAULT_ALEG_HEADERS) -> SipMessage:
    """Read one SIP message; `aleg_headers` in the order of preference."""
    problems: list[str] = []
    lines, body_size = _lines(payload, problems)
    method, ruri, ruri_user, ruri_domain, status, reply_reason, problem = first_line(lines[0])
    if problem:
        problems.append(problem)
    places, aleg = _places(aleg_headers)
    values = _values(lines, places, aleg, problems)
    if problem and values[_VIA : _CSEQ + 1] == _NO_CORE:
        return SipMessage(problems=("not-sip",))

    via_transport, via_branch = _via(values[_VIA], problems)
    from_user, from_domain, from_tag = _party(values[_FROM], "from", problems)
    to_user, to_domain, to_tag = _party(values[_TO], "to", problems)
    callid = values[_CALLID].strip()
    if not callid:
        problems.append("no-callid")
    cseq, cseq_method = _cseq(values[_CSEQ], problems)
    if method and cseq_method and method != cseq_method:
        problems.append("cseq-mismatch")
    if values[_LENGTH]:
        _check_length(values[_LENGTH], body_size, problems)
    callid_aleg = b""
    for place in aleg:
        if values[place]:
            callid_aleg = values[place].strip()
            break

    return SipMessage(
        method,
        status,
        reply_reason,
        ruri,
        ruri_user,
        ruri_domain,
        from_user,
        from_domain,
        from_tag,
        to_user,
        to_domain,
        to_tag,
        callid,
        cseq,
        cseq_method,
        via_branch,
        via_transport,
        _contact_user(values[_CONTACT], problems) if values[_CONTACT] else b"",
        _identity_user(values),
        _auth_user(values),
        (values[_USER_AGENT] or values[_SERVER]).strip(),
        values[_REASON].strip(),
        values[_DIVERSION].strip(),
        values[_CONTENT_TYPE].strip(),
        values[_EVENT].strip(),
        _expires(values[_EXPIRES], problems) if values[_EXPIRES] else None,
        callid_aleg,
        tuple(problems),
    )


def _lines(payload: bytes, problems: list[str]) -> tuple[list[bytes], int]:
    """First line and unfolded header lines, and the octets of the body."""
    if payload[:1] < b"!" or payload[:1] > b"~":
        payload = _without_leading_junk(payload, problems)
    head, end, body = payload.partition(b"\r\n\r\n")
    if not end or head.count(b"\n") != head.count(b"\r\n"):
        head, body = _loose_head(payload, problems)
    if b"\n " in head or b"\n\t" in head:
        head = _FOLD.sub(b" ", head)
    lines = head.split(b"\r\n", MAX_HEADERS + 1)
    if len(lines) > MAX_HEADERS + 1:
        lines.pop()
        problems.append("too-many-headers")
    return lines, len(body)


def _without_leading_junk(payload: bytes, problems: list[str]) -> bytes:
    """Empty lines before the first are allowed (RFC 3261 section 7.5), NULs, blanks and a byte order mark are not."""
    payload = payload.lstrip(b"\r\n")
    rest = payload.lstrip(b"\0 \t\r\n\xef\xbb\xbf")
    if rest != payload:
        problems.append("leading-junk")
    return rest


def _loose_head(payload: bytes, problems: list[str]) -> tuple[bytes, bytes]:
    """Head with CR LF and body of a message that has lines ending in LF alone, or no empty line after the headers."""
    end = _END_OF_HEADERS.search(payload)
    head, body = (payload[: end.start()], payload[end.end() :]) if end else (payload, b"")
    if not end:
        problems.append("no-end-of-headers")
        head = head.rstrip(b"\r\n")
    lines = head.replace(b"\r\n", b"\n")
    if len(head) - len(lines) != lines.count(b"\n") or (end and b"\r" not in end.group()):
        problems.append("bare-lf")
    return lines.replace(b"\n", b"\r\n"), body


def _values(lines: list[bytes], places: dict[bytes, int], aleg: tuple[int, ...], problems: list[str]) -> list[bytes]:
    """The value of each needed header at its place; of repeated ones the first, or all of them joined."""
    values = [b""] * (_ALEG + len(aleg))
    for line in lines[1:]:
        name, colon, value = line.partition(b":")
        place = places.get(name)
        if place is None:
            if not colon or not name:
                problems.append("bad-header")
                continue
            place = places.get(name.strip().lower())
        if place:
            if not values[place]:
                values[place] = value
            elif place in _JOINED:
                values[place] += b"," + value
            elif place in _ONCE:
                problems.append("repeated-header")
    return values


def _party(value: bytes, header: str, problems: list[str]) -> tuple[bytes, bytes, bytes]:
    """User, domain and tag of From or To."""
    if not value or value.isspace():
        problems.append(f"no-{header}")
        return b"", b"", b""
    uri, parameters, good = uri_parameters(value)
    user, domain, readable = user_domain(uri)
    if not readable or not good:
        problems.append(f"bad-{header}")
    if b";tag=" in parameters and b'"' not in parameters:
        return user, domain, parameters.partition(b";tag=")[2].partition(b";")[0].strip()
    return user, domain, parameter(parameters, b"tag") if parameters else b""


def _via(value: bytes, problems: list[str]) -> tuple[bytes, bytes]:
    if not value or value.isspace():
        problems.append("no-via")
        return b"", b""
    transport, branch, good = top_via(value)
    if not good:
        problems.append("bad-via")
    return transport, branch


def _cseq(value: bytes, problems: list[str]) -> tuple[int | None, bytes]:
    """Number and method; a bad number does not lose the method, which decides the message's kind."""
    words = value.split()
    if not words:
        problems.append("no-cseq")
        return None, b""
    number = _number(words[0], 1 << 31)
    if number is None or len(words) != 2:
        problems.append("bad-cseq")
    return number, words[-1] if len(words) > 1 or (number is None and not words[0].isdigit()) else b""


def _number(digits: bytes, limit: int) -> int | None:
    """A decimal number below `limit`; else None."""
    if not digits.isdigit():
        return None
    if len(digits) > 10:
        digits = digits.lstrip(b"0") or b"0"
        if len(digits) > 10:
            return None
    number = int(digits)
    return number if number < limit else None


def _check_length(value: bytes, body_size: int, problems: list[str]) -> None:
    """More octets than Content-Length are allowed in a datagram (RFC 3261 section 18.3), fewer are not."""
    digits = value.strip()
    if not digits.isdigit():
        problems.append("bad-content-length")
    elif len(digits) > 10 or int(digits) > body_size:
        problems.append("short-body")


def _contact_user(value: bytes, problems: list[str]) -> bytes:
    """User of the first contact; none of `*`."""
    if b"," in value and b'"' not in value and value.find(b",") < value.find(b"<"):
        value = value.partition(b",")[0]
    uri, _, good = uri_parameters(value)
    if uri == b"*":
        return b""
    user, _, readable = user_domain(uri)
    if not readable or not good:
        problems.append("bad-contact")
    return user


def _identity_user(values: list[bytes]) -> bytes:
    for place in (_ASSERTED, _PREFERRED):
        value = values[place]
        if value and (user := user_domain(uri_parameters(value)[0])[0]):
            return user
    return b""


def _auth_user(values: list[bytes]) -> bytes:
    for place in (_AUTH, _PROXY_AUTH):
        value = values[place]
        if not value:
            continue
        for piece in split(value.strip().partition(b" ")[2], b","):
            name, _, user = piece.partition(b"=")
            if name.strip().lower() == b"username":
                return user.strip().strip(b'"')
    return b""


def _expires(value: bytes, problems: list[str]) -> int | None:
    seconds = _number(value.strip(), 1 << 32)
    if seconds is None:
        problems.append("bad-expires")
    return seconds
