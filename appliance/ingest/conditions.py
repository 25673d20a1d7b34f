"""A query as a question about one packet that is not stored yet: what rules of [sip] discard may ask. Pure.

Fields mean what they mean in a search of messages; those of whole calls cannot be asked of one packet.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import ip_address

from appliance.model.kinds import Kind
from appliance.model.message import SipMessage
from appliance.model.octets import octets
from appliance.model.packet import Packet
from appliance.query.errors import QueryError
from appliance.query.fields import FIELDS
from appliance.query.regex import compiled
from appliance.query.tree import Address, Addresses, And, AnyOf, Exact, Node, Not, Or, Pattern, Regex, Span, Term, Value
from appliance.query.tree import Word as BareWord
from appliance.sip.headers import headers
from appliance.sip.names import canonical


@dataclass(frozen=True, slots=True)
class Subject:
    """What is asked about; `message` is empty for what is no SIP."""

    packet: Packet
    message: SipMessage
    kind: Kind
    node: bytes
    proto: bytes


Condition = Callable[[Subject], bool]
_Texts = Callable[[Subject], tuple[bytes, ...]]

_TEXTS: dict[str, _Texts] = {
    "from": lambda s: (s.message.from_user, s.message.pid_user),
    "to": lambda s: (s.message.to_user,),
    "ruri": lambda s: (s.message.ruri_user,),
    "user": lambda s: (s.message.from_user, s.message.to_user, s.message.ruri_user, s.message.pid_user),
    "domain": lambda s: (s.message.from_domain, s.message.to_domain, s.message.ruri_domain),
    "contact": lambda s: (s.message.contact_user,),
    "pai": lambda s: (s.message.pid_user,),
    "authuser": lambda s: (s.message.auth_user,),
    "diversion": lambda s: (s.message.diversion,),
    "tag": lambda s: (s.message.from_tag, s.message.to_tag),
    "branch": lambda s: (s.message.via_branch,),
    "callid": lambda s: (s.message.callid,),
    "leg": lambda s: (s.message.callid_aleg,),
    "correlation": lambda s: (s.packet.correlation_id,),
    "method": lambda s: (s.message.method,),
    "reason": lambda s: (s.message.reply_reason, s.message.reason),
    "cseq": lambda s: (s.message.cseq_method,),
    "event": lambda s: (s.message.event,),
    "contenttype": lambda s: (s.message.content_type,),
    "ua": lambda s: (s.message.user_agent,),
    "node": lambda s: (s.node,),
    "agent": lambda s: (s.node,),
    "proto": lambda s: (s.proto,),
    "kind": lambda s: (s.kind.value.encode(),),
    "problems": lambda s: tuple(word.encode() for word in s.message.problems),
    "text": lambda s: (s.packet.payload,),
}
_NUMBERS: dict[str, Callable[[Subject], tuple[int, ...]]] = {
    "status": lambda s: (s.message.status,) if s.message.status else (),
    "port": lambda s: (s.packet.source_port, s.packet.destination_port),
    "size": lambda s: (len(s.packet.payload),),
    "cseq": lambda s: () if s.message.cseq is None else (s.message.cseq,),
}
_ENDS: dict[str, Callable[[Subject], tuple[tuple[str, int], ...]]] = {
    "src": lambda s: ((s.packet.source_ip, s.packet.source_port),),
    "dst": lambda s: ((s.packet.destination_ip, s.packet.destination_port),),
    "ip": lambda s: (
        (s.packet.source_ip, s.packet.source_port),
        (s.packet.destination_ip, s.packet.destination_port),
    ),
}
_CONTAINED = frozenset({"text"})
ASKED = sorted({*_TEXTS, *_NUMBERS, *_ENDS, "header"})


def condition(node: Node) -> Condition:
    """The question that a tree asks. Raises QueryError for what cannot be asked of one packet."""
    match node:
        case And(operands):
            both = [condition(operand) for operand in operands]
            return lambda subject: all(holds(subject) for holds in both)
        case Or(operands):
            either = [condition(operand) for operand in operands]
            return lambda subject: any(holds(subject) for holds in either)
        case Not(operand):
            holds = condition(operand)
            return lambda subject: not holds(subject)
        case BareWord(position=position):
            raise QueryError("write field:value; a word alone is not asked of one packet", position)
        case Term():
            return _term(node, node.value)


def _term(term: Term, value: Value) -> Condition:
    if isinstance(value, AnyOf):
        either = [_term(term, each) for each in value.values]
        return lambda subject: any(holds(subject) for holds in either)
    if isinstance(value, Span) and term.field in _NUMBERS:
        numbers, span = _NUMBERS[term.field], value
        return lambda subject: any(_within(span, number) for number in numbers(subject))
    if term.field in _ENDS:
        return _of_addresses(term, value)
    texts = _header_texts(term.header) if term.field == "header" else _TEXTS.get(term.field)
    if texts is None or not isinstance(value, Exact | Pattern | Regex):
        if term.field in _NUMBERS and isinstance(value, Pattern):
            return lambda subject: bool(_NUMBERS[term.field](subject))
        asked = ", ".join(ASKED)
        raise QueryError(f"{term.field} is not known of one packet; a rule may ask for {asked}", term.position)
    matches = _text_test(term, value)
    return lambda subject: any(text and matches(text) for text in texts(subject))


def _header_texts(name: str) -> _Texts:
    wanted = canonical(name.encode())
    return lambda subject: tuple(
        header.value for header in headers(subject.packet.payload) if header.canonical == wanted
    )


def _of_addresses(term: Term, value: Value) -> Condition:
    ends = _ENDS[term.field]
    if isinstance(value, Addresses):
        wanted = value
        return lambda subject: any(_in_addresses(wanted, ip, port) for ip, port in ends(subject))
    assert isinstance(value, Exact | Pattern | Regex)
    matches = _text_test(term, value)
    return lambda subject: any(ip != "" and matches(ip.encode()) for ip, _ in ends(subject))


def _in_addresses(wanted: Addresses, ip: str, port: int) -> bool:
    if wanted.port is not None and wanted.port != port:
        return False
    address = _address(ip)
    return address is not None and address.version == wanted.first.version and _between(wanted, address)


def _between(wanted: Addresses, address: Address) -> bool:
    return int(wanted.first) <= int(address) <= int(wanted.last)


@lru_cache(maxsize=4096)
def _address(ip: str) -> Address | None:
    return ip_address(ip) if ip else None


def _within(span: Span, number: int) -> bool:
    return (span.low is None or span.low <= number) and (span.high is None or number <= span.high)


def _text_test(term: Term, value: Exact | Pattern | Regex) -> Callable[[bytes], bool]:
    folds = term.field == "header" or not FIELDS[term.field].case_sensitive
    if isinstance(value, Regex):
        found = compiled(octets(value.source), case_sensitive=not folds)
        return lambda text: found.search(text) is not None
    pieces = (value.text,) if isinstance(value, Exact) else value.pieces
    wanted = tuple(octets(piece).lower() if folds else octets(piece) for piece in pieces)
    anywhere = term.field in _CONTAINED or (term.field == "header" and isinstance(value, Exact))
    if anywhere:
        wanted = (b"", *wanted, b"")
    return lambda text: _fits(wanted, text.lower() if folds else text)


def _fits(pieces: tuple[bytes, ...], text: bytes) -> bool:
    """Whether `text` is the pieces with anything between them; linear, since each is taken where it is first."""
    if len(pieces) == 1:
        return text == pieces[0]
    first, *middle, last = pieces
    if len(text) < len(first) + len(last) or not text.startswith(first) or not text.endswith(last):
        return False
    at, end = len(first), len(text) - len(last)
    for piece in middle:
        at = text.find(piece, at, end)
        if at < 0:
            return False
        at += len(piece)
    return True
