"""Rows of a search as lines for a terminal: what the network sent cannot steer the terminal."""

from collections.abc import Sequence

from appliance.export.answer import Row
from appliance.export.moments import moment
from appliance.model.dialogs import DialogRow
from appliance.model.octets import shown
from appliance.model.quality import LogRow, QualityRow
from appliance.model.registrations import RegistrationRow
from appliance.model.rows import CallRow

WIDEST = 40
"""Characters of a column at most, the last (the Call-ID, the text) apart."""

_CALL_HEADS = ("started (UTC)", "state", "status", "from", "to", "source", "destination", "seconds", "Call-ID")
_MESSAGE_HEADS = ("time (UTC)", "method", "CSeq", "from", "to", "source", "destination", "proto", "Call-ID")
_QUALITY_HEADS = ("time (UTC)", "report", "MOS", "loss %", "jitter ms", "codec", "from", "to", "node", "Call-ID")
_LOG_HEADS = ("time (UTC)", "kind", "node", "Call-ID", "text")
_REGISTRATION_HEADS = ("last (UTC)", "state", "status", "address of record", "source", "expires (UTC)", "refreshes",
                       "flaps", "user agent", "contact", "Call-ID")  # fmt: skip
_DIALOG_HEADS = ("started (UTC)", "method", "event", "status", "ms", "from", "to", "source", "destination", "many",
                 "Call-ID")  # fmt: skip


def table(rows: Sequence[Row], least: Sequence[int] = ()) -> list[str]:
    """A line of names and a line a row, in columns; nothing for no rows.

    `least` are widths that columns have anyway.
    """
    if not rows:
        return []
    heads = _heads(rows[0])
    lines = [heads, *([_printable(cell) for cell in _cells(row)] for row in rows)]
    widths = [min(WIDEST, max(len(line[column]) for line in lines)) for column in range(len(heads) - 1)]
    widths = [max(pair) for pair in zip(widths, least, strict=True)] if least else widths
    return ["  ".join([*map(_fitted, line, widths), line[-1]]) for line in lines]


def _heads(row: Row) -> tuple[str, ...]:
    match row:
        case CallRow():
            return _CALL_HEADS
        case QualityRow():
            return _QUALITY_HEADS
        case LogRow():
            return _LOG_HEADS
        case RegistrationRow():
            return _REGISTRATION_HEADS
        case DialogRow():
            return _DIALOG_HEADS
    return _MESSAGE_HEADS


def _fitted(cell: str, width: int) -> str:
    return f"{cell:<{width}}" if len(cell) <= width else f"{cell[: width - 1]}…"


def _cells(row: Row) -> tuple[str, ...]:
    if isinstance(row, QualityRow):
        return _quality_cells(row)
    if isinstance(row, LogRow):
        return (_stamp(row.ts), row.kind.value, row.node, row.callid, row.text.rstrip())
    if isinstance(row, RegistrationRow):
        return _registration_cells(row)
    if isinstance(row, DialogRow):
        return _dialog_cells(row)
    if isinstance(row, CallRow):
        seconds = f"{(row.ended - row.started) / 1_000_000:.1f}"
        status = "" if row.status is None else str(row.status)
        parties = (row.from_user or row.from_domain, row.to_user or row.to_domain)
        ends = (row.source_ip, row.destination_ip)
        return (_stamp(row.started), row.state.value, status, *parties, *ends, seconds, row.callid)
    parties = (row.from_user or row.from_domain, row.to_user or row.to_domain)
    ends = (_socket(row.source_ip, row.source_port), _socket(row.destination_ip, row.destination_port))
    return (_stamp(row.ts), row.method or row.kind.value, row.cseq_method, *parties, *ends, row.proto, row.callid)


def _quality_cells(row: QualityRow) -> tuple[str, ...]:
    said = row.measured
    figures = (_figure(said.mos, 2), _figure(said.loss_percent, 1), _figure(said.jitter_ms, 1))
    ends = (_socket(said.source_ip, said.source_port), _socket(said.destination_ip, said.destination_port))
    return (_stamp(row.ts), said.kind.value, *figures, said.codec, *ends, row.node, row.callid)


def _registration_cells(row: RegistrationRow) -> tuple[str, ...]:
    expires = "" if row.expires_at is None else _stamp(row.expires_at)[:-4]
    told = (_stamp(row.ended), row.state.value, str(row.status or ""), row.aor, _socket(row.source_ip, row.source_port))
    return (*told, expires, str(row.refreshes), str(row.flaps), row.user_agent, row.contact, row.callid)


def _dialog_cells(row: DialogRow) -> tuple[str, ...]:
    many = "" if row.dialogs == 1 else f"{row.dialogs - row.failed} ok, {row.failed} failed"
    status, took = str(row.status or ""), "" if row.response_ms is None else str(row.response_ms)
    parties = (row.from_user, row.to_user, row.source_ip, row.destination_ip)
    return (_stamp(row.started), row.method, row.event, status, took, *parties, many, row.callid)


def _figure(value: float | None, places: int) -> str:
    return "" if value is None else f"{value:.{places}f}"


def _stamp(time_us: int) -> str:
    return f"{moment(time_us):%Y-%m-%d %H:%M:%S.%f}"[:-3]


def _socket(address: str, port: int) -> str:
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def _printable(cell: str) -> str:
    return "".join(character if character.isprintable() else "\ufffd" for character in shown(cell))
