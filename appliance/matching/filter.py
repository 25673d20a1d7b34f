"""A tree of the query as a test of rows in memory: the same rows as a search of the tables finds.

A message stands in its `Packet`, a call in its legs: a call field in messages asks the message's call, a message field
in calls is true when any message of any leg fulfils it, each term for itself (INTERFACES.md).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from appliance.matching import fields, raw
from appliance.matching.kinds import KINDS_OF_CALLS, LINES, kinds_asked, names
from appliance.model.kinds import Kind
from appliance.model.quality import QualityRow
from appliance.model.rows import CallRow, MessageRow
from appliance.query.tree import And, Node, Not, Or, Term, Word, asks_for_a_port, leaves


@dataclass(frozen=True, slots=True)
class Packet:
    """A message with what there is of its Call-ID; `row.raw` are its octets, None when they cannot be read."""

    row: MessageRow
    calls: Sequence[CallRow] = ()
    reports: Sequence[QualityRow] = ()


@dataclass(frozen=True, slots=True)
class Leg:
    """A call record with the packets of its Call-ID, of every kind."""

    row: CallRow
    messages: Sequence[MessageRow] = ()
    reports: Sequence[QualityRow] = ()


@dataclass(frozen=True, slots=True)
class Call:
    """A call by its legs, the earliest first."""

    legs: Sequence[Leg] = field(default_factory=tuple)


Item = TypeVar("Item")
OfPacket = Callable[[Packet], bool]
OfCall = Callable[[Call], bool]
OfReport = Callable[[QualityRow], bool]


def of_messages(root: Node | None) -> OfPacket:
    """View `messages`: SIP, and packets of the other kinds that `kind:` names, which fulfil the tree."""
    asked = frozenset(kinds_asked(root))
    if root is None:
        return lambda packet: packet.row.kind in asked
    sip, other = _whole(root, _of_sip), _whole(root, _of_other)
    return lambda packet: packet.row.kind in asked and (sip if packet.row.kind.is_sip else other)(packet)


def of_calls(root: Node | None) -> OfCall:
    """View `calls`: joined calls that fulfil the tree."""
    return _whole(root, _of_call) if root is not None else lambda call: True


def of_lines(root: Node | None) -> OfPacket:
    """View `logs`: lines and events that fulfil the tree."""
    fulfils = _whole(root, _of_other) if root is not None else _anything
    return lambda packet: packet.row.kind in LINES and fulfils(packet)


def of_reports(root: Node | None) -> OfReport:
    """View `quality`: reported streams that fulfil the tree, whose calls are not asked."""
    return _whole(root, _of_report) if root is not None else _anything


def reads_octets(root: Node | None) -> bool:
    """Whether `Packet.row.raw` is needed."""
    return any(isinstance(leaf, Term) and raw.is_raw(leaf) for leaf in leaves(root))


def _whole(node: Node, leaf: Callable[[Term | Word], Callable[[Item], bool]]) -> Callable[[Item], bool]:
    match node:
        case And(operands):
            tests = [_whole(operand, leaf) for operand in operands]
            return lambda item: all(test(item) for test in tests)
        case Or(operands):
            tests = [_whole(operand, leaf) for operand in operands]
            return lambda item: any(test(item) for test in tests)
        case Not(operand):
            inner = _whole(operand, leaf)
            return lambda item: not inner(item)
        case _:
            return leaf(node)


def _of_sip(node: Term | Word) -> OfPacket:
    return _of_message(node, is_sip=True)


def _of_other(node: Term | Word) -> OfPacket:
    return _of_message(node, is_sip=False)


def _of_message(node: Term | Word, *, is_sip: bool) -> OfPacket:
    if isinstance(node, Word):
        test = fields.word(node.value, fields.PARTIES if is_sip else (), with_port=True)
        return lambda packet: test(packet.row)
    if raw.is_raw(node):
        matches = raw.matcher(node)
        return lambda packet: matches(packet.row.raw or b"")
    if node.field == "kind":
        return lambda packet: names(node.value, packet.row.kind)
    if node.field in fields.SIP:
        made = (fields.SIP if is_sip else fields.PACKET).get(node.field)
        if made is None:
            return lambda packet: False
        of_row = made(node.value)
        return lambda packet: of_row(packet.row)
    if node.field in fields.OF_REPORTS:
        of_report = fields.OF_REPORTS[node.field](node.value)
        return lambda packet: any(of_report(report) for report in packet.reports if report.callid)
    of_call = fields.CALL[node.field](node.value)
    return lambda packet: packet.row.kind is not Kind.REGISTRATION and any(map(of_call, packet.calls))


def _of_report(node: Term | Word) -> OfReport:
    if isinstance(node, Word):
        return fields.word(node.value, (), with_port=True, of=fields.ENDS_OF_REPORTS)
    return fields.QUALITY[node.field](node.value)


def _anything(_item: object) -> bool:
    return True


def _of_call(node: Term | Word) -> OfCall:
    of_leg = _of_leg(node)
    if isinstance(node, Term) and node.field in fields.OF_FIRST_LEG:
        return lambda call: of_leg(call.legs[0])
    return lambda call: any(map(of_leg, call.legs))


def _of_leg(node: Term | Word) -> Callable[[Leg], bool]:
    if isinstance(node, Word):
        test = fields.word(node.value, fields.PARTIES, with_port=False)
        return lambda leg: test(leg.row)
    if node.field in fields.OF_REPORTS:
        of_report = fields.OF_REPORTS[node.field](node.value)
        return lambda leg: any(of_report(report) for report in leg.reports if report.callid)
    of_messages = _of_messages_of_leg(node)
    if node.field not in fields.CALL or asks_for_a_port(node.value):
        return of_messages
    own = fields.CALL[node.field](node.value)
    if node.field in fields.WHOLE_CALL:
        return lambda leg: own(leg.row) or of_messages(leg)
    return lambda leg: own(leg.row)


def _of_messages_of_leg(node: Term) -> Callable[[Leg], bool]:
    """Of an exact Call-ID and of call fields this is not asked."""
    sip, other = (_of_message(node, is_sip=is_sip) for is_sip in (True, False))
    kinds = frozenset(Kind) if node.field == "kind" else KINDS_OF_CALLS
    return lambda leg: any(
        (sip if row.kind.is_sip else other)(Packet(row)) for row in leg.messages if row.kind in kinds
    )
