"""The octets of a SIP message -> SipMessage: what is searched and folded, and nothing more.

Runs once for every stored message, so each line is looked at once and only the headers of the table below are
opened. It takes any octets, raises nothing, and needs time in proportion to their number. Whatever is missing or
odd becomes a word in `problems` and loses nothing else.
"""

from functools import lru_cache
from itertools import islice

from appliance.model.message import SipMessage
from appliance.model.remembered import Remembered
from appliance.sip.address import first_user, party
from appliance.sip.first_line import first_line
from appliance.sip.leg_keys import leg_keys
from appliance.sip.lines import head_lines
from appliance.sip.names import COMPACT
from appliance.sip.session import summary
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
    b"User-Agent",
    b"Content-Type",
    b"Server",
    b"P-Asserted-Identity",
    b"P-Preferred-Identity",
    b"Authorization",
    b"Proxy-Authorization",
    b"Reason",
    b"Diversion",
    b"Event",
    b"Expires",
    b"Replaces",
    b"Join",
    b"Target-Dialog",
    b"Refer-To",
    b"P-Charging-Vector",
    b"Cisco-Guid",
)
"""Headers by their place in the list of values; those that most messages have come first."""
(_VIA, _FROM, _TO, _CALLID, _CSEQ, _LENGTH, _CONTACT, _USER_AGENT, _CONTENT_TYPE) = range(1, 10)
(_SERVER, _ASSERTED, _PREFERRED, _AUTH, _PROXY_AUTH, _REASON, _DIVERSION, _EVENT, _EXPIRES) = range(10, 19)
_ALEG = len(_HEADERS)
_NOT_NEEDED, _ODD = 0, -1
_ONCE = (_FROM, _TO, _CALLID, _CSEQ, _LENGTH)
_JOINED = (_REASON, _DIVERSION)
_NO_CORE = [b""] * 5
_FIRST_LINES = Remembered(first_line)
_VIAS = Remembered(top_via)
_PARTIES = Remembered(party)
_CSEQS = Remembered(cseq)
_CONTACTS = Remembered(contact_user)
"""A message has most values in common with others of its dialog."""
_COMMON = (
    b"Max-Forwards Allow Supported Require Record-Route Route Accept Date Session-Expires Min-SE Privacy Subject "
    b"Allow-Events Accept-Encoding Accept-Language WWW-Authenticate Proxy-Authenticate Remote-Party-ID "
    b"Content-Disposition RSeq RAck Timestamp Warning Path Organization"
).split()
"""Headers that most messages have and nobody needs here; a line of such a name alone is not called broken."""
_NO_RARE = (b"", b"", b"", b"", b"", None, b"", b"")


def is_keepalive(payload: bytes) -> bool:
    """Nothing but blanks, line ends and NULs, as user agents send to hold a NAT binding open."""
    return payload[:1] <= b" " and not payload.strip(b"\r\n\0 \t")


@lru_cache(maxsize=16)
def _places(aleg_headers: tuple[bytes, ...]) -> tuple[Remembered[int], frozenset[bytes], tuple[bytes, ...]]:
    """What stands before a line's colon -> place in the list of values, or _ODD; names that may stand without a
    colon; and the correlation headers that have a place, in lower case.

    Places from _ALEG on are the correlation headers in their order; one that is needed for itself too has no
    place of its own and does not count.
    """
    needed = {name.lower(): place for place, name in enumerate(_HEADERS) if name}
    aleg = [name for name in aleg_headers if name and name.lower() not in needed]
    places = needed | {name.lower(): place for place, name in enumerate(aleg, _ALEG)}
    places |= {compact: needed.get(name, _NOT_NEEDED) for compact, name in COMPACT.items()}
    bare = frozenset((*places, *_HEADERS[1:], *aleg, *_COMMON, *(name.upper() for name in COMPACT)))

    def place_of(name: bytes) -> int:
        if not name or name[:1] in (b" ", b"\t"):
            return _ODD
        return places.get(name.strip().lower(), _NOT_NEEDED)

    return Remembered(place_of), bare, tuple(name.lower() for name in aleg)


def parse(payload: bytes, aleg_headers: tuple[bytes, ...] = DEFAULT_ALEG_HEADERS) -> SipMessage:
    """Read one SIP message; `aleg_headers` in the order of preference."""
    problems: list[str] = []
    lines, body_start = head_lines(payload, MAX_LINES, problems)
    method, ruri, ruri_user, ruri_domain, status, reply_reason, problem = _FIRST_LINES[lines[0]]
    if problem:
        problems.append(problem)
    values = _values(lines, aleg_headers, problems)
    if not method and not status and values[_VIA : _CSEQ + 1] == _NO_CORE:
        return SipMessage(problems=("not-sip",))

    _, via, from_, to, callid, cseq_value, length, contact, agent, content_type, server, *rare = values
    via_transport, via_branch, good = _VIAS[via]
    if not good:
        problems.append("bad-via" if via and not via.isspace() else "no-via")
    from_user, from_domain, from_tag, good = _PARTIES[from_]
    if not good:
        problems.append("bad-from" if from_ and not from_.isspace() else "no-from")
    to_user, to_domain, to_tag, good = _PARTIES[to]
    if not good:
        problems.append("bad-to" if to and not to.isspace() else "no-to")
    callid = callid.strip()
    if not callid:
        problems.append("no-callid")
    number, cseq_method, problem = _CSEQS[cseq_value]
    if problem:
        problems.append(problem)
    if method and cseq_method and method != cseq_method:
        problems.append("cseq-mismatch")
    if length:
        check_length(length, len(payload) - body_start, problems)
    contact_user, good = _CONTACTS[contact] if contact else (b"", True)
    if not good:
        problems.append("bad-contact")
    pid_user, auth_user, reason, diversion, event, seconds, callid_aleg, keys = (
        _rare(rare, _places(aleg_headers)[2], problems) if any(rare) else _NO_RARE
    )
    content_type = content_type.strip()
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
        contact_user,
        pid_user,
        auth_user,
        (agent or server).strip(),
        reason,
        diversion,
        content_type,
        event,
        seconds,
        callid_aleg,
        keys,
        _sdp(payload, body_start, content_type),
        tuple(dict.fromkeys(problems)) if problems else (),
    )


def _values(lines: list[bytes], aleg_headers: tuple[bytes, ...], problems: list[str]) -> list[bytes]:
    """The value of each needed header at its place; of repeated ones the first, or all of them joined.

    `lines[0]` is the first line of the message. A folded line is joined to the value before it.
    """
    places, bare, chosen = _places(aleg_headers)
    values = [b""] * (_ALEG + len(chosen))
    place = _NOT_NEEDED
    for line in islice(lines, 1, None):
        name, colon, value = line.partition(b":")
        known = places[name]
        if known < _NOT_NEEDED or not colon:
            if name[:1] in (b" ", b"\t"):
                if place:
                    values[place] += b" " + line.strip()
                continue
            if name not in bare:
                problems.append("bad-header")
            known = max(known, _NOT_NEEDED)
        place = known
        if place:
            if not values[place]:
                values[place] = value
            else:
                place = _repeated(values, place, value, problems)
    return values


def _repeated(values: list[bytes], place: int, value: bytes, problems: list[str]) -> int:
    """Where lines folded after this one belong."""
    if place in _JOINED:
        values[place] += b"," + value
        return place
    if place in _ONCE:
        problems.append("repeated-header")
    return _NOT_NEEDED


def _sdp(payload: bytes, body_start: int, content_type: bytes) -> bytes:
    """A body is looked into when it begins like a session description, or may have one as a part."""
    if payload.startswith(b"v=0", body_start) or content_type[:10].lower() == b"multipart/":
        return summary(payload[body_start:])
    return b""


def _rare(
    values: list[bytes], chosen: tuple[bytes, ...], problems: list[str]
) -> tuple[bytes, bytes, bytes, bytes, bytes, int | None, bytes, bytes]:
    """What few messages have; `values` from _ASSERTED on."""
    asserted, preferred, auth, proxy_auth, reason, diversion, event, seconds, *legs = values
    naming, (refer_to, charging, guid), aleg = legs[:3], legs[3:6], legs[6:]
    identity, credentials = asserted or preferred, auth or proxy_auth
    return (
        first_user(identity)[0] if identity else b"",
        auth_user(credentials) if credentials else b"",
        reason.strip(),
        diversion.strip(),
        event.strip(),
        expires(seconds, problems) if seconds else None,
        next(filter(None, aleg), b"").strip(),
        leg_keys(naming, refer_to, charging, guid, list(zip(chosen, aleg, strict=True))) if any(legs) else b"",
    )
