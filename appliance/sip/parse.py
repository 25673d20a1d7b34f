"""The octets of a SIP message -> SipMessage: what is searched and folded, and nothing more.

Runs once for every stored message, so each line is looked at once and only the headers of the table below are
opened. It takes any octets, raises nothing, and needs time in proportion to their number. Whatever is missing or
odd becomes a word in `problems` and loses nothing else.
"""

from functools import lru_cache
from itertools import islice

from appliance.model.message import SipMessage
from appliance.sip.address import first_user, party
from appliance.sip.first_line import first_line
from appliance.sip.lines import head_lines
from appliance.sip.names import COMPACT
from appliance.sip.values import auth_user, check_length, contact_user, cseq, expires
from appliance.sip.via import top_via

DEFAULT_ALEG_HEADERS = (b"X-CID", b"X-CallIDALeg", b"X-Call-ID", b"Session-ID")
"""Headers that name the other leg of a call, the most telling first."""

MAX_LINES = 256
"""Lines of the head that are looked at."""

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


def is_keepalive(payload: bytes) -> bool:
    """Nothing but blanks, line ends and NULs, as user agents send to hold a NAT binding open."""
    return not payload.strip(b"\r\n\0 \t")


@lru_cache(maxsize=16)
def _places(aleg_headers: tuple[bytes, ...]) -> tuple[dict[bytes, int], int]:
    """Header name, in its usual spellings and in lower case -> place in the list of values; the size of that list.

    Places from _ALEG on are the correlation headers in their order; one that is needed for itself too has no
    place of its own and does not count.
    """
    lower = {name.lower(): place for place, name in enumerate(_HEADERS) if name}
    aleg = [name for name in aleg_headers if name and name.lower() not in lower]
    places = dict.fromkeys(_COMMON, _NOT_NEEDED)
    places |= {name: place for place, name in enumerate(_HEADERS) if name} | lower
    for place, name in enumerate(aleg, _ALEG):
        places[name] = places[name.lower()] = place
    for compact, name in COMPACT.items():
        places[compact] = places[compact.upper()] = lower.get(name, _NOT_NEEDED)
    return places, _ALEG + len(aleg)


def parse(payload: bytes, aleg_headers: tuple[bytes, ...] = DEFAULT_ALEG_HEADERS) -> SipMessage:
    """Read one SIP message; `aleg_headers` in the order of preference."""
    problems: list[str] = []
    lines, body_start = head_lines(payload, MAX_LINES, problems)
    method, ruri, ruri_user, ruri_domain, status, reply_reason, problem = first_line(lines[0])
    if problem:
        problems.append(problem)
    values = _values(lines, aleg_headers, problems)
    if not method and not status and values[_VIA : _CSEQ + 1] == _NO_CORE:
        return SipMessage(problems=("not-sip",))

    via_transport, via_branch = _via(values[_VIA], problems)
    from_user, from_domain, from_tag = _party(values[_FROM], "from", problems)
    to_user, to_domain, to_tag = _party(values[_TO], "to", problems)
    callid = values[_CALLID].strip()
    if not callid:
        problems.append("no-callid")
    number, cseq_method = cseq(values[_CSEQ], problems)
    if method and cseq_method and method != cseq_method:
        problems.append("cseq-mismatch")
    if values[_LENGTH]:
        check_length(values[_LENGTH], len(payload) - body_start, problems)
    callid_aleg = b""
    for value in islice(values, _ALEG, None):
        if value:
            callid_aleg = value.strip()
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
        number,
        cseq_method,
        via_branch,
        via_transport,
        contact_user(values[_CONTACT], problems) if values[_CONTACT] else b"",
        first_user(identity)[0] if (identity := values[_ASSERTED] or values[_PREFERRED]) else b"",
        auth_user(credentials) if (credentials := values[_AUTH] or values[_PROXY_AUTH]) else b"",
        (values[_USER_AGENT] or values[_SERVER]).strip(),
        values[_REASON].strip(),
        values[_DIVERSION].strip(),
        values[_CONTENT_TYPE].strip(),
        values[_EVENT].strip(),
        expires(values[_EXPIRES], problems) if values[_EXPIRES] else None,
        callid_aleg,
        tuple(dict.fromkeys(problems)) if problems else (),
    )


def _values(lines: list[bytes], aleg_headers: tuple[bytes, ...], problems: list[str]) -> list[bytes]:
    """The value of each needed header at its place; of repeated ones the first, or all of them joined.

    `lines[0]` is the first line of the message. A folded line is joined to the value before it.
    """
    places, size = _places(aleg_headers)
    values = [b""] * size
    place = _NOT_NEEDED
    for line in islice(lines, 1, None):
        name, colon, value = line.partition(b":")
        known = places.get(name)
        if known is None:
            if name[:1] in (b" ", b"\t"):
                if place:
                    values[place] += b" " + line.strip()
                continue
            if not colon or not name:
                problems.append("bad-header")
            known = places.get(name.strip().lower(), _NOT_NEEDED)
        place = known
        if place:
            if not values[place]:
                values[place] = value
            elif place in _JOINED:
                values[place] += b"," + value
            else:
                if place in _ONCE:
                    problems.append("repeated-header")
                place = _NOT_NEEDED
    return values


def _party(value: bytes, header: str, problems: list[str]) -> tuple[bytes, bytes, bytes]:
    """User, domain and tag of From or To."""
    if not value or value.isspace():
        problems.append(f"no-{header}")
        return b"", b"", b""
    user, domain, tag, good = party(value)
    if not good:
        problems.append(f"bad-{header}")
    return user, domain, tag


def _via(value: bytes, problems: list[str]) -> tuple[bytes, bytes]:
    if not value or value.isspace():
        problems.append("no-via")
        return b"", b""
    transport, branch, good = top_via(value)
    if not good:
        problems.append("bad-via")
    return transport, branch
