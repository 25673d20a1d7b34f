"""Bar charts of an hour by minute: numbers to places (px) that a template draws as SVG."""

from dataclasses import dataclass

from appliance.export.moments import zone_name
from appliance.model.rows import CallState
from appliance.web import links
from appliance.web.wording import clock

MINUTE_US = 60_000_000
WIDTH, HEIGHT = 720, 120
LEFT, BOTTOM = 44, 18
_ORDER = {state.value: place for place, state in enumerate(CallState)}


@dataclass(frozen=True, slots=True)
class Piece:
    """One part of a bar; `name` is its class."""

    name: str
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Bar:
    """One minute and the search behind it."""

    x: float
    width: float
    pieces: tuple[Piece, ...]
    title: str
    address: str


@dataclass(frozen=True, slots=True)
class Bars:
    """A chart; `lines` are (y, words) of the scale, `ticks` (x, words) of the time."""

    view: str
    bars: tuple[Bar, ...]
    lines: tuple[tuple[float, str], ...]
    ticks: tuple[tuple[float, str], ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    bottom: int = BOTTOM


def bars(view: str, minutes: list[dict[str, int]], start_us: int) -> Bars:
    """`minutes` are sums by name, one a minute from `start_us` on."""
    top = _nice(max((sum(minute.values()) for minute in minutes), default=0))
    step = (WIDTH - LEFT) / max(1, len(minutes))
    drawn = [
        _bar(view, minute, LEFT + n * step, step, top, start_us + n * MINUTE_US) for n, minute in enumerate(minutes)
    ]
    scale = [(_y(top * part / 2, top), f"{top * part / 2:g}") for part in (0, 1, 2)]
    quarters = range(0, len(minutes), 10)
    ticks = [(LEFT + n * step + step / 2, clock(start_us + n * MINUTE_US)[:5]) for n in quarters]
    return Bars(view, tuple(drawn), tuple(scale), tuple(ticks))


def _bar(view: str, minute: dict[str, int], x: float, step: float, top: int, start_us: int) -> Bar:
    pieces, below = [], 0
    for name, count in sorted(minute.items(), key=lambda item: _ORDER.get(item[0], 99)):
        y = _y(below + count, top)
        pieces.append(Piece(name, round(y, 1), round(_y(below, top) - y, 1)))
        below += count
    words = ", ".join(f"{count} {name}" for name, count in minute.items()) or "none"
    address = links.search(view=view, from_=links.moment(start_us), to=links.moment(start_us + MINUTE_US))
    return Bar(
        round(x + 1, 1),
        round(step - 2, 1),
        tuple(pieces),
        f"{clock(start_us)[:5]} {zone_name(start_us)}: {words}",
        address,
    )


def _y(value: float, top: int) -> float:
    return 6 + (HEIGHT - BOTTOM - 6) * (1 - value / top)


def _nice(most: int) -> int:
    """The least of 2, 4, 10, 20, 40, 100 … that is not under `most`."""
    scale = 1
    while True:
        for factor in (2, 4, 10):
            if factor * scale >= most:
                return factor * scale
        scale *= 10
