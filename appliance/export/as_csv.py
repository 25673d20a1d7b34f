"""Rows of a search as CSV: a line of INTERFACES's field names, then a line a row.

A cell that a spreadsheet would take for a formula gets an apostrophe; what people dial (`+49301234`, `*21#`)
stays as it is.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

from appliance.export.answer import row
from appliance.export.as_json import CALL_FIELDS, MESSAGE_FIELDS
from appliance.model.rows import CallRow, MessageRow

_DIALLED = re.compile(r"\+?[0-9*#]+")
_STARTS_A_FORMULA = tuple("=+-@\t\r")


def text(view: str, rows: Iterable[CallRow | MessageRow]) -> str:
    """The whole file; lists are joined by commas, unknown is empty, times are epoch microseconds."""
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    names = CALL_FIELDS if view == "calls" else MESSAGE_FIELDS
    writer.writerow(names)
    writer.writerows(_cells(row(each), names) for each in rows)
    return written.getvalue()


def defused(cell: str) -> str:
    """The cell with an apostrophe before it if it could be a formula."""
    is_formula = cell.startswith(_STARTS_A_FORMULA) and not _DIALLED.fullmatch(cell)
    return f"'{cell}" if is_formula else cell


def _cells(values: dict[str, Any], names: Sequence[str]) -> list[str]:
    return [defused(_cell(values[name])) for name in names]


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return ",".join(value)
    return "" if value is None else str(value)
