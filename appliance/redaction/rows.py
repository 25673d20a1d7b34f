"""A call and its messages -> what a share shows of them (web.shares, and whoever hides by role).

Rows are built anew from the redacted octets: a field that is not named here stays empty. Ids become 1, 2, 3 …, so
that nothing of the appliance's own names is told.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from appliance.model.ids import payload_hash
from appliance.model.kinds import Kind
from appliance.model.octets import octets, text
from appliance.model.quality import QualityRow
from appliance.model.rows import CallRow, MessageRow
from appliance.redaction import figures, lines
from appliance.redaction.hiding import Hiding
from appliance.redaction.message import redacted
from appliance.redaction.parties import user
from appliance.redaction.profile import Profile
from appliance.redaction.values import address, node, plain
from appliance.sip.parse import parse

_MEASURING = (Kind.RTCP, Kind.REPORT)
"""What these say is told by its figures; their octets hold names of hosts and users."""
WITHHELD = b"This message cannot be read well enough to hide numbers and addresses in it: it is withheld.\r\n"


@dataclass(frozen=True, slots=True)
class Redacted:
    """A call as it may be told."""

    call: CallRow | None
    messages: tuple[MessageRow, ...]
    withheld: int
    """Messages of which only the envelope is told."""
    left_out: int
    """Log lines and events whose text cannot be hidden safely."""
    quality: tuple[QualityRow, ...] = ()
    """What reports measured, in the order given."""


def redact(
    call: CallRow | None,
    messages: Sequence[MessageRow],
    others: Sequence[MessageRow],
    profile: Profile,
    key: bytes,
    words: Iterable[bytes] = (),
    quality: Sequence[QualityRow] = (),
) -> Redacted:
    """`messages` in their order; `others` are messages of the call that are not shown, but whose parties are hidden."""
    if not profile.hides_parties:
        numbered = tuple(replace(row, id=str(number)) for number, row in enumerate(messages, 1))
        measured = tuple(replace(row, id=str(number)) for number, row in enumerate(quality, 1))
        return Redacted(call, numbered, 0, 0, measured)
    hiding = Hiding(profile, key, words)
    for row in (*messages, *others):
        _learn(row, hiding)
    for each in quality:
        figures.learn(each, hiding)
    hiding.learning = False
    beside = [row for row in messages if not row.kind.is_sip and row.kind not in _MEASURING]
    told = {row.id: made for row in beside if row.kind is Kind.LOG and (made := lines.line(row.raw or b"", hiding))}
    shown = [row for row in messages if row.kind.is_sip or row.id in told]
    rows = [
        _message(row, number, hiding) if row.kind.is_sip else _log(row, number, told[row.id], hiding)
        for number, row in enumerate(shown, 1)
    ]
    return Redacted(
        _call(call, hiding) if call else None,
        tuple(rows),
        sum(row.raw == WITHHELD for row in rows),
        len(beside) - len(told),
        tuple(figures.figures(row, number, hiding) for number, row in enumerate(quality, 1)),
    )


def _learn(row: MessageRow, hiding: Hiding) -> None:
    for end in (row.source_ip, row.destination_ip):
        address(end, hiding)
    if row.kind.is_sip and row.raw:
        redacted(row.raw, hiding)
    elif row.kind is Kind.LOG:
        lines.line(row.raw or b"", hiding)


def _log(row: MessageRow, number: int, shown: bytes, hiding: Hiding) -> MessageRow:
    return _enveloped(row, number, plain(row.callid, hiding), shown, hiding)


def _enveloped(row: MessageRow, number: int, callid: str, shown: bytes, hiding: Hiding) -> MessageRow:
    """What every message tells, around these octets."""
    return MessageRow(
        id=str(number),
        kind=row.kind,
        ts=row.ts,
        filed_ts=row.filed_ts,
        arrival_ts=row.arrival_ts,
        callid=callid,
        source_ip=address(row.source_ip, hiding),
        source_port=row.source_port,
        destination_ip=address(row.destination_ip, hiding),
        destination_port=row.destination_port,
        proto=row.proto,
        node=node(row.node, hiding),
        correlation_id="",
        payload_hash=payload_hash(shown),
        size=len(shown),
        protocol_type=row.protocol_type,
        raw=shown,
        copies=row.copies,
    )


def _message(row: MessageRow, number: int, hiding: Hiding) -> MessageRow:
    made = redacted(row.raw, hiding) if row.raw else None
    found, shown = parse(made or b""), WITHHELD if made is None else made
    return replace(
        _enveloped(row, number, text(found.callid), shown, hiding),
        problems=row.problems,
        method=text(found.method) or str(found.status or ""),
        reply_reason=text(found.reply_reason),
        cseq=found.cseq,
        cseq_method=text(found.cseq_method),
        ruri_user=text(found.ruri_user),
        ruri_domain=text(found.ruri_domain),
        from_user=text(found.from_user),
        from_domain=text(found.from_domain),
        from_tag=text(found.from_tag),
        to_user=text(found.to_user),
        to_domain=text(found.to_domain),
        to_tag=text(found.to_tag),
        via_branch=text(found.via_branch),
        user_agent=text(found.user_agent),
        reason=text(found.reason),
        content_type=text(found.content_type),
    )


def _call(call: CallRow, hiding: Hiding) -> CallRow:
    """The record in the words of the redacted messages."""
    return CallRow(
        callid=plain(call.callid, hiding),
        started=call.started,
        ended=call.ended,
        state=call.state,
        status=call.status,
        reply_reason=plain(call.reply_reason, hiding),
        from_user=_user(call.from_user, hiding),
        from_domain=plain(call.from_domain, hiding),
        to_user=_user(call.to_user, hiding),
        to_domain=plain(call.to_domain, hiding),
        ruri_user=_user(call.ruri_user, hiding),
        source_ip=address(call.source_ip, hiding),
        destination_ip=address(call.destination_ip, hiding),
        user_agent=text(hiding.text(octets(call.user_agent), told=True)),
        pdd_ms=call.pdd_ms,
        setup_ms=call.setup_ms,
        talk_ms=call.talk_ms,
        hung_up_by=call.hung_up_by,
        causes=call.causes,
        messages=call.messages,
        copies=call.copies,
        retransmissions=call.retransmissions,
        legs=call.legs,
        codecs=call.codecs,
        mos=call.mos,
        nodes=(),
    )


def _user(value: str, hiding: Hiding) -> str:
    return text(user(octets(value), hiding))
