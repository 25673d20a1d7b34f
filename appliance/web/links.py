"""Every address that pages print, made in one place; names in INTERFACES.md hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, urlencode

from appliance.export import moments
from appliance.model.ids import call_key
from appliance.model.kinds import DAY_US
from appliance.model.octets import octets
from appliance.model.registrations import RegistrationRow
from appliance.model.rows import MessageRow
from appliance.query.errors import TimeError
from appliance.query.times import TimeRange, is_relative, time_us
from appliance.storage.registrations import binding_key
from appliance.storage.search import VIEWS

DEFAULT_FROM = "-1h"
RANGES = (
    ("-5m", "5 minutes"),
    ("-15m", "15 minutes"),
    ("-1h", "hour"),
    ("-3h", "3 hours"),
    ("-12h", "12 hours"),
    ("-24h", "24 hours"),
    ("-7d", "7 days"),
)
"""Relative ranges and what comes after `last`."""


@dataclass(frozen=True, slots=True)
class SearchLine:
    """What the top bar shows: the query line, its range and view, as they were typed."""

    q: str = ""
    from_: str = ""
    to: str = ""
    view: str = "calls"
    columns: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "SearchLine":
        view = query.get("view", "calls")
        known = view if view in VIEWS else "calls"
        return cls(query.get("q", ""), query.get("from", ""), query.get("to", ""), known, query.get("columns", ""))

    @property
    def range_words(self) -> str:
        """`last hour`, `2026-11-23 06:00 – 2026-11-23 07:00` in the zone that the page is in."""
        if self.to in ("", "now"):
            for start, words in RANGES:
                if (self.from_ or DEFAULT_FROM) == start:
                    return f"last {words}"
        return f"{_short(self.from_ or DEFAULT_FROM)} – {_short(self.to or 'now')}"


def _short(moment: str) -> str:
    if is_relative(moment):
        return moment
    try:
        read = moments.local(time_us(moment, 0, "from"))
    except TimeError:
        return moment[:19]
    return f"{read:%Y-%m-%d %H:%M:%S}".removesuffix(":00")


def search(q: str = "", from_: str = "", to: str = "", view: str = "", **more: str) -> str:
    """/search with what is not empty."""
    asked = {"q": q, "from": from_, "to": to, "view": view, **more}
    kept = {name: value for name, value in asked.items() if value}
    return f"/search?{urlencode(kept)}" if kept else "/search"


def live(q: str = "", view: str = "") -> str:
    """/live of a query line; the view is of messages unless it is of calls."""
    return with_query("/live", {"q": q} if q else {}, **({"view": view} if view == "calls" else {}))


def with_query(path: str, query: Mapping[str, str], **changes: str | None) -> str:
    """The same address with some arguments changed, or left out where None; `from_` stands for `from`."""
    arguments = dict(query)
    for name, value in changes.items():
        key = name.rstrip("_")
        if value is None:
            arguments.pop(key, None)
        else:
            arguments[key] = value
    return f"{path}?{urlencode(arguments, errors='surrogateescape')}" if arguments else path


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


def registration(row: RegistrationRow, range_: Mapping[str, str]) -> str:
    """/registrations/KEY of a binding, over a range; KEY is made of the address of record as a call's is."""
    return registrations(row.aor, binding=f"{binding_key(row):014x}", **range_)


def registration_of(message: MessageRow) -> str:
    """The page of whom a REGISTER registers, a day around it."""
    aor = f"{message.to_user}@{message.to_domain.lower()}" if message.to_user else message.to_domain.lower()
    return registrations(aor, **{"from": moment(message.ts - DAY_US), "to": moment(message.ts + DAY_US)})


def registrations(aor: str, **more: str) -> str:
    """/registrations/KEY."""
    path = f"/registrations/{quote(call_key(octets(aor)), safe='~@')}"
    return f"{path}?{urlencode(more)}" if more else path


def together(q: str, more: str) -> str:
    """A query line narrowed by more terms."""
    return f"({q}) {more}" if q else more


def message(number: str) -> str:
    return f"/messages/{quote(number)}"


def compare(one: str, other: str, ending: str = "", **more: str) -> str:
    """/compare of two messages."""
    return f"/compare{ending}?{urlencode({'a': one, 'b': other, **more})}"


def moment(time_us: int) -> str:
    """A time for `from` and `to`, exact to the microsecond."""
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=time_us)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def absolute(range_: TimeRange) -> dict[str, str]:
    """A range as arguments that mean the same tomorrow."""
    return {"from": moment(range_.from_us), "to": moment(range_.to_us)}


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
