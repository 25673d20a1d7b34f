"""From the columns of a daily table to the rows that searches, pages and exports hand on (model.rows).

Select the columns in the order named here (`columns_of(kind)`, `CALL_COLUMNS`) and give the values to
`message_row` or `call_row`. VARBINARY comes as bytes and becomes `model.octets.text`.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from appliance.model.ids import MessageId
from appliance.model.kinds import Kind
from appliance.model.octets import text
from appliance.model.quality import Measured, QualityRow, ReportKind, Told
from appliance.model.rows import CallRow, CallState, MessageRow
from appliance.quality.scored import explained

_PACKET_FIELDS = {
    "callid": "callid",
    "source_ip": "source_ip",
    "source_port": "source_port",
    "destination_ip": "destination_ip",
    "destination_port": "destination_port",
    "proto": "proto",
    "node": "node",
    "correlation_id": "correlation_id",
    "payload_hash": "payload_hash",
    "size": "size",
    "type": "protocol_type",
}
_SIP_FIELDS = {
    **_PACKET_FIELDS,
    "method": "method",
    "reply_reason": "reply_reason",
    "cseq": "cseq",
    "cseq_method": "cseq_method",
    "ruri_user": "ruri_user",
    "ruri_domain": "ruri_domain",
    "from_user": "from_user",
    "from_domain": "from_domain",
    "from_tag": "from_tag",
    "to_user": "to_user",
    "to_domain": "to_domain",
    "to_tag": "to_tag",
    "contact_user": "contact_user",
    "pid_user": "pid_user",
    "auth_user": "auth_user",
    "callid_aleg": "callid_aleg",
    "via_1_branch": "via_branch",
    "user_agent": "user_agent",
    "reason": "reason",
    "diversion": "diversion",
    "content_type": "content_type",
    "leg_keys": "leg_keys",
    "sdp": "sdp",
}
_KEY_COLUMNS = ("micro_ts", "id", "own_ts", "arrival_ts", "problems")

MESSAGE_COLUMNS: tuple[str, ...] = (*_KEY_COLUMNS, *_SIP_FIELDS)
"""Columns of a SIP table, in the order that `message_row` expects."""

PACKET_COLUMNS: tuple[str, ...] = (*_KEY_COLUMNS, *_PACKET_FIELDS)
"""Columns of the table of any other kind, in the order that `message_row` expects."""

CALL_COLUMNS: tuple[str, ...] = (
    "callid",
    "started",
    "ended",
    "state",
    "status",
    "reply_reason",
    "from_user",
    "from_domain",
    "to_user",
    "to_domain",
    "ruri_user",
    "from_country",
    "to_country",
    "source_ip",
    "destination_ip",
    "user_agent",
    "pid_user",
    "pdd_ms",
    "setup_ms",
    "talk_ms",
    "hung_up_by",
    "causes",
    "messages",
    "copies",
    "retransmissions",
    "legs",
    "leg",
    "joined",
    "codecs",
    "mos",
    "nodes",
    "countries",
)
"""Columns of a table of calls, in the order that `call_row` expects."""

QUALITY_COLUMNS: tuple[str, ...] = (
    "micro_ts",
    "id",
    "part",
    "own_ts",
    "packet_kind",
    "callid",
    "node",
    "kind",
    "told",
    "source_ip",
    "source_port",
    "destination_ip",
    "destination_port",
    "ssrc",
    "codec",
    "clock_rate_hz",
    "packets",
    "lost",
    "loss_milli_percent",
    "jitter_us",
    "round_trip_us",
    "mos_hundredths",
    "mos_model",
    "r_tenths",
    "sent_ssrc",
    "sent_packets",
)
"""Columns of a table of quality, in the order that `quality_row` expects."""

_KINDS = {kind.encode(): kind for kind in ReportKind}
_TELLERS = {told.encode(): told for told in Told}
_LISTS = frozenset({"causes", "codecs", "nodes", "countries"})


def columns_of(kind: Kind) -> tuple[str, ...]:
    """What to select from a table of this kind for `message_row`."""
    return MESSAGE_COLUMNS if kind.is_sip else PACKET_COLUMNS


def message_row(site: str, kind: Kind, day: date, values: Sequence[Any], raw: bytes | None = None) -> MessageRow:
    """The row of one packet from the values of `columns_of(kind)`; `raw` are its octets if at hand."""
    micro_ts, row, own_ts, arrival_ts, problems = values[:5]
    fields = _SIP_FIELDS if kind.is_sip else _PACKET_FIELDS
    return MessageRow(
        id=str(MessageId(site, kind, day, micro_ts, row)),
        kind=kind,
        ts=micro_ts if own_ts is None else own_ts,
        filed_ts=micro_ts,
        arrival_ts=arrival_ts,
        problems=_words(problems),
        raw=raw,
        **{name: _value(value) for name, value in zip(fields.values(), values[5:], strict=True)},
    )


def call_row(values: Sequence[Any]) -> CallRow:
    """The row of one call from the values of `CALL_COLUMNS`."""
    named: dict[str, Any] = {
        name: _words(value) if name in _LISTS else _value(value)
        for name, value in zip(CALL_COLUMNS, values, strict=True)
    }
    named["state"] = CallState(named["state"])
    named["mos"] = None if named["mos"] is None else float(named["mos"])
    return CallRow(**named)


def quality_row(site: str, day: date, values: Sequence[Any]) -> QualityRow:
    """The row of one measured stream from the values of `QUALITY_COLUMNS`."""
    micro_ts, row, _part, own_ts, packet_kind, callid, node, kind, told = values[:9]
    source_ip, source_port, destination_ip, destination_port, ssrc, codec, clock_rate_hz, packets, lost = values[9:18]
    loss, jitter, round_trip, mos, mos_model, r_factor, sent_ssrc, sent_packets = values[18:]
    measured = Measured(
        kind=_KINDS[kind],
        told=_TELLERS[told],
        source_ip=text(source_ip),
        source_port=source_port,
        destination_ip=text(destination_ip),
        destination_port=destination_port,
        ssrc=ssrc,
        codec=text(codec),
        clock_rate_hz=clock_rate_hz,
        packets=packets,
        lost=lost,
        loss_percent=_in_units(loss, 1000),
        jitter_ms=_in_units(jitter, 1000),
        round_trip_ms=_in_units(round_trip, 1000),
        mos=_in_units(mos, 100),
        mos_model=text(mos_model),
        callid=text(callid),
        r_factor=_in_units(r_factor, 10),
        sent_ssrc=sent_ssrc,
        sent_packets=sent_packets,
    )
    found = MessageId(site, Kind(text(packet_kind)), day, micro_ts, row)
    return QualityRow(
        str(found), micro_ts if own_ts is None else own_ts, measured.callid, text(node), explained(measured)
    )


def _in_units(value: int | None, units: int) -> float | None:
    return None if value is None else value / units


def _value(value: Any) -> Any:
    return text(value) if isinstance(value, bytes) else value


def _words(value: bytes) -> tuple[str, ...]:
    return tuple(text(value).split(",")) if value else ()
