"""Every address that pages print, made in one place; names in INTERFACES.md hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, urlencode

from appliance.model.ids import call_key
from appliance.model.octets import octets
from appliance.storage.search import VIEWS

DEFAULT_FROM = "-1h"
RANGES = (
    ("-15m", "15 minutes"),
    ("-1h", "hour"),
    ("-3h", "3 hours"),
    ("-12h", "12 hours"),
    ("-1d", "day"),
    ("-7d", "7 days"),
)
"""Presets of the time range and what comes after `last`."""


@dataclass(frozen=True, slots=True)
class SearchLine:
    """What the top bar shows: the query line, its range and view, as they were typed."""

    q: str = ""
    from_: str = ""
    to: str = ""
    view: str = "calls"

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "SearchLine":
        view = query.get("view", "calls")
        return cls(query.get("q", ""), query.get("from", ""), query.get("to", ""), view if view in VIEWS else "calls")

    @property
    def range_words(self) -> str:
        """`last hour`, `2026-11-23 06:00 – 07:00`."""
        if self.to in ("", "now"):
            for start, words in RANGES:
                if (self.from_ or DEFAULT_FROM) == start:
                    return f"last {words}"
        return f"{_short(self.from_ or DEFAULT_FROM)} – {_short(self.to or 'now')}"


def _short(moment: str) -> str:
    return moment.replace("T", " ").removesuffix("Z").removesuffix("+00:00")[:19]


def search(q: str = "", from_: str = "", to: str = "", view: str = "", **more: str) -> str:
    """/search with what is not empty."""
    asked = {"q": q, "from": from_, "to": to, "view": view, **more}
    kept = {name: value for name, value in asked.items() if value}
    return f"/search?{urlencode(kept)}" if kept else "/search"


def with_query(path: str, query: Mapping[str, str], **changes: str | None) -> str:
    """The same address with some arguments changed, or left out where None; `from_` stands for `from`."""
    arguments = dict(query)
    for name, value in changes.items():
        key = name.rstrip("_")
        if value is None:
            arguments.pop(key, None)
        else:
            arguments[key] = value
    return f"{path}?{urlencode(arguments)}" if arguments else path


def call(
    callid: str, tab: str = "", at: int | None = None, message: str = "", legs: Sequence[str] = (), one: bool = False
) -> str:
    """/calls/KEY, one of its tabs or files; `at` picks one of several calls of a Call-ID, `legs` some of its legs,
    `one` that of this Call-ID alone."""
    path = f"/calls/{quote(call_key(octets(callid)), safe='~@')}" + (f"/{tab}" if tab else "")
    asked = [
        (name, str(value))
        for name, value in (("at", at), ("legs", "one" if one else ""), ("message", message))
        if value
    ]
    asked += [("leg", call_key(octets(leg))) for leg in legs]
    return f"{path}?{urlencode(asked)}" if asked else path


def message(number: str) -> str:
    return f"/messages/{quote(number)}"


def compare(one: str, other: str, ending: str = "", **more: str) -> str:
    """/compare of two messages."""
    return f"/compare{ending}?{urlencode({'a': one, 'b': other, **more})}"


def moment(time_us: int) -> str:
    """A time for `from` and `to`, exact to the microsecond."""
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=time_us)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def local(target: str) -> str:
    """`target` when it is a path of ours, else `/`: where to go after signing in is said by the address bar."""
    if not target.startswith("/") or target.startswith(("//", "/\\")) or any(ord(c) < 33 for c in target):
        return "/"
    return target


def value(text: str) -> str:
    """A value in a query line, quoted when it needs it, so that a link searches for exactly this."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("*", "\\*")
    if text and all(c.isalnum() or c in "+-._@" for c in text):
        return text
    return f'"{escaped}"'
