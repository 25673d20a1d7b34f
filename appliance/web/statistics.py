"""The figures of groups of calls, in the order of a table, for page and files alike: pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from appliance.calls.measures import MEASURES, Tally
from appliance.model.aliases import Aliases
from appliance.storage.call_groups import APART, By
from appliance.web import links

TITLES: Mapping[str, str] = {
    "source": "Source",
    "source_group": "Source group",
    "destination": "Destination",
    "destination_group": "Destination group",
    "from_country": "Caller's country",
    "to_country": "Called country",
    "user_agent": "User agent",
    "hour": "Hour",
    "day": "Day",
}
"""What a table is made by; groups are those of aliases."""
_FIELDS = {"source": "src", "source_group": "src", "destination": "dst", "destination_group": "dst",
           "from_country": "fromcountry", "to_country": "tocountry", "user_agent": "ua"}  # fmt: skip
_OF_TIME = {"hour": 3_600_000_000, "day": 86_400_000_000}
NO_GROUP = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One group; `address` is the search behind it, "" where a query cannot name it."""

    name: str
    address: str
    calls: int
    share: float
    """Percent of all calls of the table."""
    figures: tuple[float | None, ...]
    """Of MEASURES."""


def column_of(by: str) -> By:
    """What the database groups by."""
    return by.removesuffix("_group")  # type: ignore[return-value]


def namer(by: str, aliases: Aliases) -> Callable[[str], str]:
    """What an address counts as: its name, or its group."""
    if by in ("source", "destination"):
        return lambda ip: aliases.name_of(ip) or ip
    if by.endswith("_group"):
        return lambda ip: alias.group if (alias := aliases.of(ip)) else NO_GROUP
    return lambda name: name


def lines(by: str, tallies: Mapping[str, Tally], q: str, absolute: Mapping[str, str]) -> list[Line]:
    """The most calls first; of hours and days in order of time."""
    total = sum(tally.total for tally in tallies.values())
    made = [_line(by, name, tally, total, q, absolute) for name, tally in tallies.items()]
    return sorted(made, key=lambda line: line.name) if by in _OF_TIME else sorted(made, key=_most_first)


def whole(tallies: Mapping[str, Tally]) -> Tally:
    """All groups together."""
    found = Tally()
    for tally in tallies.values():
        found.add(tally)
    return found


def figures(tally: Tally) -> tuple[float | None, ...]:
    """Of MEASURES."""
    return tuple(measure.of(tally) for measure in MEASURES)


def _most_first(line: Line) -> tuple[int, str]:
    return -line.calls, line.name


def _line(by: str, name: str, tally: Tally, total: int, q: str, absolute: Mapping[str, str]) -> Line:
    share = 100 * tally.total / total if total else 0.0
    return Line(_shown(by, name), _search(by, name, q, absolute), tally.total, share, figures(tally))


def _shown(by: str, name: str) -> str:
    if by not in _OF_TIME:
        return name
    moment = datetime.fromtimestamp(int(name) // 1_000_000, UTC)
    return f"{moment:%Y-%m-%d %H:%M}" if by == "hour" else f"{moment:%Y-%m-%d}"


def _search(by: str, name: str, q: str, absolute: Mapping[str, str]) -> str:
    if by in _OF_TIME:
        start = int(name)
        return links.search(q, links.moment(start), links.moment(start + _OF_TIME[by]), "calls")
    if not name:
        return ""
    asked = links.together(q, f"{_FIELDS[by]}:{links.value(name)}")
    legs = {"legs": "apart"} if column_of(by) in APART else {}
    return links.search(asked, absolute["from"], absolute["to"], "calls", **legs)
