"""Which columns a result table shows, in which order and how wide: an address says it, else the person's own choice.

    columns=started,state,from_user:140        names of columns.all_of, a width in px after a colon

The same text is kept as the preference. An address with a name that is none is refused; in a preference, which an
older or newer version may have written, it is left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from appliance.storage import preferences
from appliance.web import columns
from appliance.web.asking import BadArgument
from appliance.web.columns import Column
from appliance.web.state import Request

NARROWEST, WIDEST = 24, 1200
MOST_COLUMNS = 60


@dataclass(frozen=True, slots=True)
class Chosen:
    """Columns in their order; `widths` (px) of those that somebody sized, by name."""

    view: str
    columns: tuple[Column, ...]
    widths: Mapping[str, int]

    @property
    def text(self) -> str:
        """As an address and a preference have it; empty for the default."""
        if self == default(self.view):
            return ""
        return ",".join(_part(column.name, self.widths.get(column.name)) for column in self.columns)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of the form: a column that is shown, or could be."""

    column: Column
    shown: bool
    place: int
    width: int | None


def default(view: str) -> Chosen:
    """What everybody sees who has not chosen."""
    return Chosen(view, columns.OF_VIEW[view], {})


def of_address(view: str, text: str) -> Chosen:
    """Raises BadArgument."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    known = {column.name for column in columns.all_of(view)}
    for part in parts:
        name, colon, width = part.partition(":")
        if name not in known:
            raise BadArgument(
                f"The view {view} has no column {name[:40]!r}: there are {', '.join(sorted(known))}.", "columns"
            )
        if colon and _width(width) is None:
            raise BadArgument(f"The width of {name} is a number of px from {NARROWEST} to {WIDEST}.", "columns")
    return _chosen(view, parts)


def of_preference(view: str, text: str) -> Chosen:
    """Whatever it says; what is not known is left out."""
    return _chosen(view, text.split(","))


async def of_request(request: Request, view: str) -> Chosen:
    """The address before the person's choice before the default. Raises BadArgument."""
    asked = request.query_params.get("columns", "")
    if asked:
        return of_address(view, asked)
    identity = request.state["identity"]
    if identity is None:
        return default(view)
    return of_preference(
        view, await preferences.kept(request.state["database"], identity.user, preferences.columns(view))
    )


def choices(chosen: Chosen) -> list[Choice]:
    """Every column of the view: the shown ones in their order, then the others."""
    others = [column for column in columns.all_of(chosen.view) if column.name not in chosen.names]
    lines = [(column, True) for column in chosen.columns] + [(column, False) for column in others]
    return [
        Choice(column, shown, place, chosen.widths.get(column.name)) for place, (column, shown) in enumerate(lines, 1)
    ]


def of_form(view: str, shown: list[str], places: Mapping[str, str], widths: Mapping[str, str]) -> Chosen:
    """From the form: names of the ticked ones, places and widths by name as they were typed."""
    order = {column.name: n for n, column in enumerate(columns.all_of(view))}
    kept = sorted(
        (name for name in dict.fromkeys(shown) if name in order),
        key=lambda name: (_place(places.get(name)), order[name]),
    )
    return _chosen(view, [_part(name, _width(widths.get(name, ""))) for name in kept])


def _chosen(view: str, parts: list[str]) -> Chosen:
    by_name = {column.name: column for column in columns.all_of(view)}
    found: dict[str, int | None] = {}
    for part in parts[:MOST_COLUMNS]:
        name, _, width = part.partition(":")
        if name in by_name:
            found.setdefault(name, _width(width))
    if not found:
        return default(view)
    return Chosen(
        view,
        tuple(by_name[name] for name in found),
        {name: width for name, width in found.items() if width is not None},
    )


def _part(name: str, width: int | None) -> str:
    return f"{name}:{width}" if width else name


def _width(text: str) -> int | None:
    if not (text.isascii() and text.isdigit()):
        return None
    width = int(text[:6])
    return width if NARROWEST <= width <= WIDEST else None


def _place(text: str | None) -> float:
    try:
        return float((text or "")[:9])
    except ValueError:
        return float(MOST_COLUMNS)
