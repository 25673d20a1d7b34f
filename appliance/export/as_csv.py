"""Rows of a search as CSV: a line of INTERFACES's field names, then a line a row; for web and command alike.

A cell that a spreadsheet would take for a formula gets an apostrophe; what people dial (`+49301234`, `*21#`)
stays as it is.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

from appliance.export.answer import row
from appliance.export.json_fields import CALL_FIELDS, LOG_FIELDS, MESSAGE_FIELDS, QUALITY_FIELDS
from appliance.export.moments import moment
from appliance.model.quality import LogRow, QualityRow
from appliance.model.rows import CallRow, MessageRow

Row = CallRow | MessageRow | QualityRow | LogRow

_NAMES = {"calls": CALL_FIELDS, "quality": QUALITY_FIELDS, "logs": LOG_FIELDS}
_DIALLED = re.compile(r"\+?[0-9*#]+")
_STARTS_A_FORMULA = tuple("=+-@\t\r\n")
_TIMES = frozenset({"ts", "started", "ended"})


def text(view: str, rows: Iterable[Row]) -> str:
    """The whole file; lists are joined by commas, unknown is empty, times are `2026-11-23T10:11:12.000123Z`."""
    return heading(view) + lines(view, rows)


def heading(view: str) -> str:
    """The line of names."""
    return _written([_names(view)])


def lines(view: str, rows: Iterable[Row]) -> str:
    """A line for each row."""
    names = _names(view)
    return _written(_cells(row(each), names) for each in rows)


def _names(view: str) -> Sequence[str]:
    return _NAMES.get(view, MESSAGE_FIELDS)


def _written(rows: Iterable[Sequence[str]]) -> str:
    written = io.StringIO(newline="")
    csv.writer(written).writerows(rows)
    return written.getvalue()


def defused(cell: str) -> str:
    """The cell with an apostrophe before it if it could be a formula."""
    is_formula = cell.startswith(_STARTS_A_FORMULA) and not _DIALLED.fullmatch(cell)
    return f"'{cell}" if is_formula else cell


def _cells(values: dict[str, Any], names: Sequence[str]) -> list[str]:
    return [defused(_cell(name, values[name])) for name in names]


def _cell(name: str, value: Any) -> str:
    if name in _TIMES and value is not None:
        return f"{moment(value):%Y-%m-%dT%H:%M:%S.%fZ}"
    if isinstance(value, list):
        return ",".join(value)
    # programs end a cell, or a file, at a NUL
    return "" if value is None else str(value).replace("\x00", "\u2400")
