"""A search's rows over time as bars, each a link to its stretch, and the figures of its calls with their formulas.

In comes what storage.search.histogram counted, out go places for parts/_overview.html: x and widths in percent of the
picture, which is as wide as the page, y in px.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from appliance.export import moments
from appliance.model.rows import CallState
from appliance.storage.search.histogram import Counted, Slots
from appliance.web import links
from appliance.web.asking import Asked
from appliance.web.charts import Piece
from appliance.web.wording import minute, number, zoned

HEIGHT = 56
MOST_BARS = 120
_SECOND = 1_000_000
_STEPS = tuple(
    seconds * _SECOND
    for seconds in (
        1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 7 * 86_400,
        30 * 86_400, 365 * 86_400)
)  # fmt: skip
_MOST_TICKS = 8
_LAST_TICK = 86.0
"""Percent; behind it stands what a bar is."""
_ORDER = (
    *(state.value for state in CallState), "request", "1xx", "2xx", "3xx", "4xx", "5xx", "6xx",
    "good", "fair", "bad", "unknown", "log", "webrtc", "isup", "other",
)  # fmt: skip
_FIELDS = {"calls": "state", "messages": "status", "logs": "kind"}
"""What a colour's name is a value of."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One stretch of time and the search of it."""

    x: float
    width: float
    pieces: tuple[Piece, ...]
    title: str
    address: str
    from_us: int
    to_us: int


@dataclass(frozen=True, slots=True)
class Key:
    """What a colour means, how many rows have it, and the search of them ("" when the line cannot say it)."""

    name: str
    count: int
    address: str


@dataclass(frozen=True, slots=True)
class Chart:
    """The picture; `ticks` are (x, words)."""

    bars: tuple[Bar, ...]
    ticks: tuple[tuple[float, str], ...]
    keys: tuple[Key, ...]
    step: str
    most: int
    total: int
    height: int = HEIGHT


def slots_of(from_us: int, to_us: int) -> Slots:
    """Stretches of a length that people count in, at most MOST_BARS, whole ones of the zone that the page is in."""
    span = max(1, to_us - from_us)
    step = next((step for step in _STEPS if span / step <= MOST_BARS), span // MOST_BARS + 1)
    offset = moments.local(from_us).utcoffset()
    return Slots(step, int(offset.total_seconds()) * _SECOND if offset else 0)


def chart_of(asked: Asked, query: Mapping[str, str], slots: Slots, counted: Counted) -> Chart:
    """`query` is the page's own, for the links."""
    most = max((sum(names.values()) for names in counted.slots.values()), default=0)
    first, last = slots.of(asked.from_us), slots.of(asked.to_us - 1)
    # a range of years in a table of days has few of them; the rest of the picture needs no marks
    numbers = range(first, last + 1) if last - first <= 2 * MOST_BARS else sorted(counted.slots)
    bars = [_bar(asked, query, slots, number, counted.slots.get(number, Counter()), most) for number in numbers]
    sums: Counter[str] = Counter()
    for names in counted.slots.values():
        sums.update(names)
    keys = [Key(name, count, _address(asked, query, name)) for name, count in _ordered(sums)]
    return Chart(tuple(bars), _ticks(asked, slots), tuple(keys), _words(slots.step_us), most, sum(sums.values()))


def narrowed(query: Mapping[str, str], from_us: int, to_us: int) -> str:
    """The same search of another range."""
    return links.with_query("/search", query, from_=links.moment(from_us), to=links.moment(to_us), cursor=None)


def with_term(asked: Asked, query: Mapping[str, str], term: str) -> str:
    """The same search with one more term."""
    return links.with_query("/search", {**query, **asked.absolute}, q=links.together(asked.q, term), cursor=None)


def _bar(asked: Asked, query: Mapping[str, str], slots: Slots, number_: int, names: Counter[str], most: int) -> Bar:
    start, end = max(asked.from_us, slots.start(number_)), min(asked.to_us, slots.start(number_ + 1))
    scale = 100 / (asked.to_us - asked.from_us)
    pieces, y = [], float(HEIGHT)
    for name, count in _ordered(names):
        height = (HEIGHT - 2) * count / most
        y -= height
        pieces.append(Piece(name, round(y, 2), round(height, 2)))
    told = ", ".join(f"{number(count)} {name}" for name, count in _ordered(names)) or "none"
    title = f"{minute(start)} – {minute(end)} {moments.zone_name(start)}: {told}"
    if slots.step_us < 60 * _SECOND:
        title = f"{zoned(start)[:19]} {moments.zone_name(start)}, {_words(slots.step_us)}: {told}"
    x, width = round((start - asked.from_us) * scale, 3), round((end - start) * scale, 3)
    return Bar(x, width, tuple(pieces), title, narrowed(query, start, end), start, end)


def _ordered(names: Counter[str]) -> Iterable[tuple[str, int]]:
    place = {name: n for n, name in enumerate(_ORDER)}
    return sorted(names.items(), key=lambda item: place.get(item[0], len(place)))


def _address(asked: Asked, query: Mapping[str, str], name: str) -> str:
    if asked.view not in _FIELDS or name in ("request", "other"):
        return ""
    return with_term(asked, query, f"{_FIELDS[asked.view]}:{name}")


def _ticks(asked: Asked, slots: Slots) -> tuple[tuple[float, str], ...]:
    span = asked.to_us - asked.from_us
    coarse = next((step for step in _STEPS if step >= slots.step_us and span / step <= _MOST_TICKS), span)
    marks = Slots(coarse, slots.offset_us)
    found = []
    for number_ in range(marks.of(asked.from_us) + 1, marks.of(asked.to_us - 1) + 1):
        at = marks.start(number_)
        x = round(100 * (at - asked.from_us) / span, 3)
        if 2 <= x <= _LAST_TICK:
            found.append((x, _tick(at, coarse)))
    return tuple(found)


def _tick(at_us: int, step_us: int) -> str:
    read = moments.local(at_us)
    if step_us >= 86_400 * _SECOND or (read.hour, read.minute, read.second) == (0, 0, 0):
        return f"{read:%Y-%m-%d}"
    return f"{read:%H:%M}" if step_us >= 60 * _SECOND else f"{read:%H:%M:%S}"


def _words(step_us: int) -> str:
    """`5 min`."""
    for unit, words in ((86_400 * _SECOND, "d"), (3600 * _SECOND, "h"), (60 * _SECOND, "min")):
        if step_us % unit == 0:
            return f"{step_us // unit} {words}"
    return f"{step_us / _SECOND:g} s"
