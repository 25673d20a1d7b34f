"""The text of a sent message: the captured one, its place in the dialog and its addresses by SIPp's keywords.

Headers keep their order and their text. New are Call-ID, tags, branches, Contact, Route, credentials and lengths; what
hops before the caller had put in (further Via, Record-Route, Route) is left out.
"""

import re

from appliance.export.sipp import body as body_
from appliance.export.sipp.escape import addressed, piece
from appliance.export.sipp.side import Played, Receive, Send, Side
from appliance.sip.headers import Header, body, headers
from appliance.sip.names import canonical

HOST = "[remote_ip]:[remote_port]"
_LEFT_OUT = frozenset((b"content-length", b"route", b"record-route", b"authorization", b"proxy-authorization"))
_TAG = re.compile(rb";\s*tag\s*=[^;>,]*", re.IGNORECASE)
_CONTACT = re.compile(rb"<?\s*[A-Za-z][\w+.-]*:(?:([^@<>;,\s]*)@)?[^>;,\s]*(?:[^>,]*>)?([^,]*)")
_LONGEST_CONTACT = 2000
"""Of more only the beginning is looked at: the search takes the square of it."""
_RPORT = re.compile(rb";\s*rport", re.IGNORECASE)


def text(made: Played, send: Send, branch: str) -> str:
    """The message for a CDATA section; `branch` is the keyword of its branch."""
    raw = send.step.row.raw or b""
    found = headers(raw)
    if send.step.row.is_request:
        first, new = _request_line(made, send), _request(made, send, found, branch)
    else:
        first, new = _status_line(send), _response(made, send)
    lines = [first, *_headers(made, send, found, new)]
    content = body_.text(body(raw))
    return "\n".join(lines) + ("\n\n" + content if content else "\n\n")


def service(made: Played) -> str:
    """The user of the first INVITE's Request-URI, for -s; "" when it has none."""
    return made.commands[0].step.row.ruri_user


def _headers(made: Played, send: Send, found: tuple[Header, ...], new: dict[bytes, str]) -> list[str]:
    """`new` ones where the captured ones stood, what was not there after them, Content-Length last.

    A keyword that stands for nothing, such as [routes], takes all line ends after it away: the last line is none.
    """
    lines, waiting = [], dict(new)
    for header in found:
        if header.canonical in new:
            lines.append(waiting.pop(header.canonical, ""))
        elif header.canonical not in _LEFT_OUT:
            lines.append(f"{piece(header.name)}: {addressed(header.value, made.ends)}")
    return [line for line in (*lines, *waiting.values()) if line] + ["Content-Length: [len]"]


def _request_line(made: Played, send: Send) -> str:
    first = send.branch_of or send
    method = piece(send.step.row.method.encode("utf-8", "surrogateescape"))
    return f"{method} {'[next_url]' if first.in_dialog else _target(made, first)} SIP/2.0"


def _target(made: Played, send: Send) -> str:
    if made.side is Side.CALLEE or not service(made):
        return f"sip:{HOST}"
    line = (send.step.row.raw or b"").lstrip().partition(b"\n")[0]
    return f"sip:[service]@{HOST}" + (";user=phone" if b";user=phone" in line.lower() else "")


def _status_line(send: Send) -> str:
    row = send.step.row
    return f"SIP/2.0 {int(row.method)} {piece(row.reply_reason.encode('utf-8', 'surrogateescape'))}".rstrip()


def _request(made: Played, send: Send, found: tuple[Header, ...], branch: str) -> dict[bytes, str]:
    """The headers that place a request; an empty one is left out."""
    row = send.step.row
    rport = ";rport" if _RPORT.search(_value(found, b"via").partition(b",")[0]) else ""
    method = piece(row.method.encode("utf-8", "surrogateescape"))
    new = {
        b"via": f"Via: SIP/2.0/[transport] [local_ip]:[local_port];branch={branch}{rport}",
        b"from": f"From: {_own_party(made, send, found)}",
        b"to": f"To: {_other_party(made, send, found)}",
        b"call-id": "Call-ID: [call_id]",
        b"cseq": f"CSeq: {row.cseq or 1} {method}",
    }
    new |= _contact(made, found)
    if send.in_dialog and send.branch_of is None:
        new[b"route"] = "[routes]"
    if send.rseq:
        new[b"rack"] = f"RAck: [${send.rseq}] {_acknowledged(found)}"
    if send.authenticated:
        name = next(h.canonical for h in found if h.canonical in (b"authorization", b"proxy-authorization"))
        new[name] = "[authentication]"
    return new


def _response(made: Played, send: Send) -> dict[bytes, str]:
    """What a response repeats of its request (RFC 3261 8.2.6.2), from the last message or from variables."""
    row, kept = send.step.row, send.answers
    tag = f";tag={_tag(made, row.to_tag)}" if row.to_tag and not _asked_in_dialog(made, send) else ""
    new = {
        b"via": f"[${kept}_via]" if kept else "[last_Via:]",
        b"from": f"From: [${kept}_from]" if kept else "[last_From:]",
        b"to": (f"To: [${kept}_to]" if kept else "[last_To:]") + tag,
        b"call-id": "[last_Call-ID:]",
        b"cseq": f"CSeq: [${kept}_cseq]" if kept else "[last_CSeq:]",
    }
    if row.cseq_method == "INVITE" and row.method[:1] in "12" and row.method != "100":
        new[b"record-route"] = f"[${kept}_routes]" if kept else "[last_Record-Route:]"
    if row.method[:1] != "3":
        new |= _contact(made, headers(row.raw or b""))
    return new


def _asked_in_dialog(made: Played, send: Send) -> bool:
    """Whether the request that is answered has a tag of ours already."""
    asked = (c for c in made.commands if isinstance(c, Receive) and c.step.row.is_request)
    return any(bool(c.step.row.to_tag) for c in asked if c.step.transaction == send.step.transaction)


def _own_party(made: Played, send: Send, found: tuple[Header, ...]) -> str:
    tag = f";tag={_tag(made, send.step.row.from_tag)}"
    if made.side is Side.CALLEE:
        return f"[$callee]{tag}"
    name, parameters = _parts(_value(found, b"from"))
    return addressed(name, made.ends) + addressed(_TAG.sub(b"", parameters), made.ends) + tag


def _other_party(made: Played, send: Send, found: tuple[Header, ...]) -> str:
    row = send.step.row
    if made.side is Side.CALLEE:
        return "[$caller]"
    user = piece(row.to_user.encode("utf-8", "surrogateescape"))
    if service(made) and row.to_user == service(made):
        user = "[service]"
    return f"<sip:{user}{'@' if user else ''}{HOST}>" + ("[peer_tag_param]" if row.to_tag else "")


def _tag(made: Played, captured: str) -> str:
    number = made.own_tags.get(captured, 1)
    return "[pid]SIPp[call_number]" + (f"-{number}" if number > 1 else "")


def _contact(made: Played, found: tuple[Header, ...]) -> dict[bytes, str]:
    value = _value(found, b"contact")
    matched = _CONTACT.search(value[:_LONGEST_CONTACT])
    if matched is None:
        return {}
    user = piece(matched[1]) + "@" if matched[1] else ""
    parameters = addressed(matched[2].strip(), made.ends)
    return {b"contact": f"Contact: <sip:{user}[local_ip]:[local_port];transport=[transport]>{parameters}"}


def _acknowledged(found: tuple[Header, ...]) -> str:
    """CSeq number and method of RAck (RFC 3262 7.2)."""
    return " ".join(piece(word) for word in _value(found, b"rack").split()[1:3])


def _value(found: tuple[Header, ...], name: bytes) -> bytes:
    assert name == canonical(name)
    return next((header.value for header in found if header.canonical == name), b"")


def _parts(value: bytes) -> tuple[bytes, bytes]:
    """Name and address, and the header's parameters."""
    if b">" in value:
        name, mark, parameters = value.rpartition(b">")
        return name + mark, parameters
    name, mark, parameters = value.partition(b";")
    return name, mark + parameters
