"""Rows of a search as lines for a terminal: what the network sent cannot steer the terminal."""

from collections.abc import Sequence

from appliance.export.moments import moment
from appliance.model.octets import shown
from appliance.model.rows import CallRow, MessageRow

WIDEST = 40
"""Characters of a column at most, the last (the Call-ID) apart."""

_CALL_HEADS = ("started (UTC)", "state", "status", "from", "to", "source", "destination", "seconds", "Call-ID")
_MESSAGE_HEADS = ("time (UTC)", "method", "CSeq", "from", "to", "source", "destination", "proto", "Call-ID")


def table(rows: Sequence[CallRow | MessageRow]) -> list[str]:
    """A line of names and a line a row, in columns; nothing for no rows."""
    if not rows:
        return []
    heads = _CALL_HEADS if isinstance(rows[0], CallRow) else _MESSAGE_HEADS
    lines = [heads, *([_printable(cell) for cell in _cells(row)] for row in rows)]
    widths = [min(WIDEST, max(len(line[column]) for line in lines)) for column in range(len(heads) - 1)]
    return ["  ".join([*map(_fitted, line, widths), line[-1]]) for line in lines]


def _fitted(cell: str, width: int) -> str:
    return f"{cell:<{width}}" if len(cell) <= width else f"{cell[: width - 1]}…"


def _cells(row: CallRow | MessageRow) -> tuple[str, ...]:
    if isinstance(row, CallRow):
        seconds = f"{(row.ended - row.started) / 1_000_000:.1f}"
        status = "" if row.status is None else str(row.status)
        parties = (row.from_user or row.from_domain, row.to_user or row.to_domain)
        ends = (row.source_ip, row.destination_ip)
        return (_stamp(row.started), row.state.value, status, *parties, *ends, seconds, row.callid)
    parties = (row.from_user or row.from_domain, row.to_user or row.to_domain)
    ends = (_socket(row.source_ip, row.source_port), _socket(row.destination_ip, row.destination_port))
    return (_stamp(row.ts), row.method or row.kind.value, row.cseq_method, *parties, *ends, row.proto, row.callid)


def _stamp(time_us: int) -> str:
    return f"{moment(time_us):%Y-%m-%d %H:%M:%S.%f}"[:-3]


def _socket(address: str, port: int) -> str:
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def _printable(cell: str) -> str:
    return "".join(character if character.isprintable() else "\ufffd" for character in shown(cell))
