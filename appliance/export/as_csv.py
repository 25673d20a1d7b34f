"""Rows of a search as CSV: a line of INTERFACES's field names, then a line a row; for web and command alike.

A cell that a spreadsheet would take for a formula gets an apostrophe. Numbers stay as they are, those that people
dial (`+49301234`, `*21#`) and those that were measured (`-3.2`): a spreadsheet may read them, but works nothing out.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

from appliance.export.answer import Row, row
from appliance.export.json_fields import (
    CALL_FIELDS,
    DIALOG_FIELDS,
    LOG_FIELDS,
    MESSAGE_FIELDS,
    QUALITY_FIELDS,
    REGISTRATION_FIELDS,
)
from appliance.export.moments import moment

_NAMES = {
    "calls": CALL_FIELDS,
    "quality": QUALITY_FIELDS,
    "logs": LOG_FIELDS,
    "registrations": REGISTRATION_FIELDS,
    "dialogs": DIALOG_FIELDS,
}
_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?", re.ASCII)
_STARTS_A_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
"""Spreadsheets set to Japanese take the wide ones for the same."""
_TIMES = frozenset({"ts", "started", "ended", "expires_at"})


def text(view: str, rows: Iterable[Row]) -> str:
    """The whole file; lists are joined by commas, unknown is empty, times are `2026-11-23T10:11:12.000123Z`."""
    return heading(names_of(view)) + lines(names_of(view), rows)


def heading(names: Sequence[str]) -> str:
    """The line of names."""
    return _written([names])


def lines(names: Sequence[str], rows: Iterable[Row]) -> str:
    """A line for each row."""
    return _written(_cells(row(each), names) for each in rows)


def names_of(view: str) -> Sequence[str]:
    """All that rows of a view have."""
    return _NAMES.get(view, MESSAGE_FIELDS)


def _written(rows: Iterable[Sequence[str]]) -> str:
    written = io.StringIO(newline="")
    csv.writer(written).writerows(rows)
    return written.getvalue()


def defused(cell: str) -> str:
    """The cell with an apostrophe before it if it could be a formula."""
    is_formula = cell.startswith(_STARTS_A_FORMULA) and not _NUMBER.fullmatch(cell)
    return f"'{cell}" if is_formula else cell


def _cells(values: dict[str, Any], names: Sequence[str]) -> list[str]:
    return [_written_cell(name, values[name]) for name in names]


def _written_cell(name: str, value: Any) -> str:
    cell = _cell(name, value)
    return cell if isinstance(value, int | float) else defused(cell)


def _cell(name: str, value: Any) -> str:
    if name in _TIMES and value is not None:
        return f"{moment(value):%Y-%m-%dT%H:%M:%S.%fZ}"
    if isinstance(value, list):
        return ",".join(value)
    # programs end a cell, or a file, at a NUL
    return "" if value is None else str(value).replace("\x00", "\u2400")
