"""What stands in a cell of a result table: the value of a column for a row, and the classes that it is drawn with."""

from collections.abc import Iterable, Mapping
from typing import Any

from appliance.model.dialogs import DialogRow
from appliance.model.quality import LogRow, QualityRow
from appliance.model.registrations import RegistrationRow
from appliance.model.rows import CallRow, MessageRow
from appliance.web import links
from appliance.web.columns import Column
from appliance.web.wording import graded, status_class

Row = CallRow | MessageRow | RegistrationRow | DialogRow | QualityRow | LogRow

_OF_THE_ROW = frozenset({"ts", "callid", "node", "id"})
"""Of a quality row; everything else is measured."""
_LONG = frozenset({"callid", "leg"})
_BY_ROW = frozenset({"mos", "status", "legs", "outcome"})
"""Looks whose colour says something of the row."""


def value(row: Row, name: str) -> Any:
    """By the API's name; None, "" or () where it is not known."""
    if isinstance(row, QualityRow) and name not in _OF_THE_ROW:
        return _measured(row, name)
    return getattr(row, name)


def _measured(row: QualityRow, name: str) -> Any:
    measured = row.measured
    match name:
        case "direction":
            return measured.told
        case "codec_from":
            return "sdp" if measured.by_sdp else "report" if measured.codec else ""
        case "source_port" | "destination_port":
            return getattr(measured, name) or None
        case _:
            return getattr(measured, name)


def port(row: Row, name: str) -> int:
    """The port of an end by the name of its address; 0 where a row has none."""
    of = row.measured if isinstance(row, QualityRow) else row
    return getattr(of, name.replace("_ip", "_port"), None) or 0


def end(row: Row, name: str) -> tuple[str, int]:
    """Address and port of an end of a stream, or of who registers, by the name of its address."""
    of = row.measured if isinstance(row, QualityRow) else row
    return getattr(of, name), getattr(of, name.replace("_ip", "_port"))


def address(row: Row, range_: Mapping[str, str] | None = None) -> str:
    """Where the row leads; what a binding did is shown of a range, as an address has it."""
    if isinstance(row, RegistrationRow):
        return links.registration(row, range_ or {})
    return of_call(row) if isinstance(row, CallRow | DialogRow) else links.message(row.id)


def of_call(row: Row) -> str:
    """Where the Call-ID of the row leads."""
    if isinstance(row, CallRow):
        return links.call(row.callid, at=row.started)
    if isinstance(row, RegistrationRow | DialogRow):
        return links.call(row.callid, at=row.ended)
    if isinstance(row, MessageRow):
        return links.call(row.callid, at=row.ts, message=row.id)
    return links.call(row.callid, "quality" if isinstance(row, QualityRow) else "logs", at=row.ts)


def row_class(row: Row) -> str:
    """Of the whole line."""
    if isinstance(row, CallRow | RegistrationRow):
        return f"st-{row.state}"
    return "odd-one" if isinstance(row, MessageRow) and row.problems else ""


def drawn(shown: Iterable[Column], widths: Mapping[str, int]) -> list[tuple[Column, str, str]]:
    """Each column with its look, and the classes that all its cells have; "" where they are the row's."""
    found = []
    for column in shown:
        sized = column.name in widths
        same = "" if column.look in _BY_ROW else " ".join(_classes(column, sized))
        found.append((column, column.look or column.kind, same))
    return found


def classes(column: Column, row: Row, sized: bool) -> str:
    """Of one cell."""
    found = _classes(column, sized)
    match column.look:
        case "mos":
            found.append(graded(value(row, column.name)))
        case "status":
            found += [status_class(value(row, column.name)), "final"]
        case "outcome":
            assert isinstance(row, DialogRow)
            found += ["final", "many"] if row.dialogs > 1 else ["final", status_class(row.status)]
        case "legs" if value(row, column.name) == 1:
            found.append("faint")
    return " ".join(name for name in found if name)


def _classes(column: Column, sized: bool) -> list[str]:
    more = {"id": "id", "line": "log-text", **dict.fromkeys(_LONG, "long")}.get(column.look, "")
    return [name for name in (f"k-{column.kind}", more, "sized" if sized else "") if name]
