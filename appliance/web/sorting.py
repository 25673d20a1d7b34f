"""In which order a search's rows come: `sort=started` the oldest first, `sort=-pdd_ms` the longest PDD first.

By time, pages follow each other through the whole result (storage.search.cursor). By any other column only the rows of
one page are put in order, which then is as long as a page may be; the page says so where there are more.
"""

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass, replace

from appliance.model.rows import Page
from appliance.storage.search import FOLDED, MAX_ROWS, Order
from appliance.web import cells, columns

_TIMES = {"calls": "started", "registrations": "ended", "dialogs": "started"}
"""What views are in order of; others are of `ts`."""
_RISING_FIRST = frozenset({"text", "wire"})
"""Kinds of columns that people read from A to Z first, as they read figures from the greatest."""


@dataclass(frozen=True, slots=True)
class Sort:
    """By a column; by time when it is the view's own."""

    view: str
    name: str
    descending: bool

    @property
    def is_by_time(self) -> bool:
        """Over all pages."""
        return self.name == time_of(self.view) and (self.descending or self.view not in FOLDED)

    @property
    def order(self) -> Order:
        """Of the pages."""
        return Order.OLDEST_FIRST if self.is_by_time and not self.descending else Order.NEWEST_FIRST

    @property
    def text(self) -> str:
        """As an address has it; empty for the newest first."""
        if self == newest_first(self.view):
            return ""
        return f"-{self.name}" if self.descending else self.name

    @property
    def turned(self) -> "Sort":
        return replace(self, descending=not self.descending)


def time_of(view: str) -> str:
    """The column of a view's time."""
    return _TIMES.get(view, "ts")


def newest_first(view: str) -> Sort:
    return Sort(view, time_of(view), descending=True)


def read(view: str, text: str) -> Sort | None:
    """From an address; None when there is no such column."""
    name = text.removeprefix("-")
    if not text:
        return newest_first(view)
    if name not in {column.name for column in columns.all_of(view)}:
        return None
    return Sort(view, name, text.startswith("-"))


def of_head(column: columns.Column, now: Sort) -> Sort:
    """What a click on a column's head asks for."""
    if column.name == now.name:
        return now.turned
    return Sort(now.view, column.name, column.kind not in _RISING_FIRST)


def in_order(page: Page, sort: Sort) -> Page:
    """The page's rows by the column; what is not known comes last, either way."""
    if sort.is_by_time:
        return page
    notes = page.notes
    if page.next is not None:
        which = f"these {len(page.rows)} rows alone, the newest of those that are left"
        notes = (*notes, f"in this order are {which}; choose a shorter time to see all in it")
    # all of one view, which a type cannot say of what was sorted
    return replace(page, rows=_sorted(page.rows, sort), notes=notes)  # type: ignore[arg-type]


def rows_of(sort: Sort, rows: int) -> int:
    """How many rows a page has that nobody said it of."""
    return rows if sort.is_by_time else MAX_ROWS


def _sorted(rows: Iterable[cells.Row], sort: Sort) -> tuple[cells.Row, ...]:
    known, unknown = [], []
    for row in rows:
        key = _key(sort.name, cells.value(row, sort.name))
        if key is None:
            unknown.append(row)
        else:
            known.append((key, row))
    known.sort(key=lambda pair: pair[0], reverse=sort.descending)
    return (*(row for _, row in known), *unknown)


def _key(name: str, value: object) -> tuple[float, str] | None:
    """Numbers as numbers, addresses by their octets, text without regard to case."""
    if value is None or value in ("", ()):
        return None
    if isinstance(value, int | float):
        return float(value), ""
    if isinstance(value, tuple):
        return 0.0, ",".join(value).casefold()
    return 0.0, _address(str(value)) if name.endswith("_ip") else str(value).casefold()


def _address(text: str) -> str:
    try:
        return ipaddress.ip_address(text).packed.hex().rjust(32, "0")
    except ValueError:
        return text
