"""The last hour of the appliance as small curves: rates, what waits, what was dropped, and each process's share."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from appliance.buffer.history import EVERY_SECONDS, Sample, grown
from appliance.model.ids import HOUR_US
from appliance.web.wording import clock, number, span

WIDTH, HEIGHT, TOP = 300, 52, 4
POINT_SAMPLES = 3
"""Samples that one point of a rate stands for."""
GAP_US = int(4 * POINT_SAMPLES * EVERY_SECONDS * 1e6)
"""Without samples for longer than this nothing is known, and no line is drawn."""

Words = Callable[[float], str]


@dataclass(frozen=True, slots=True)
class Curve:
    """A measure over the hour; `path` is an SVG path, `now` and `most` are words."""

    name: str
    path: str
    now: str
    most: str
    more: str = ""
    """A word on the whole hour."""
    bad: bool = False
    width: int = WIDTH
    height: int = HEIGHT


@dataclass(frozen=True, slots=True)
class LastHour:
    """`ticks` are the clocks at both ends of all curves."""

    curves: tuple[Curve, ...]
    processes: tuple[Curve, ...]
    ticks: tuple[str, str]


Points = list[tuple[int, float]]
"""(microseconds, value) in order."""


def last_hour(samples: Sequence[Sample], now_us: int) -> LastHour | None:
    """None while there are too few samples for a rate."""
    known = [sample for sample in samples if sample.at_us > now_us - HOUR_US]
    if len(known) < 2:
        return None
    ends = known[::-POINT_SAMPLES][::-1] if len(known) > 2 * POINT_SAMPLES else known
    drops = _rates(ends, lambda sample: sum(sample.drops.values()))
    curves = (
        _curve("Received", _rates(ends, lambda sample: sample.received), now_us, _rate),
        _curve("Stored", _rates(ends, lambda sample: sample.stored), now_us, _rate),
        _curve("Waiting batches", [(sample.at_us, sample.entries) for sample in known], now_us, _count),
        _curve("Oldest waits", [(sample.at_us, sample.oldest_us / 1000) for sample in known], now_us, span),
        _curve("Dropped", drops, now_us, _rate, _reasons(known), any(rate for _, rate in drops)),
    )
    names = sorted({name for sample in ends for name in sample.processes})
    processes = tuple(_curve(name, _rates(ends, _of_process(name)), now_us, _rate) for name in names)
    return LastHour(curves, processes, (clock(now_us - HOUR_US)[:5], clock(now_us)[:5]))


def _of_process(name: str) -> Callable[[Sample], int | None]:
    return lambda sample: sample.processes.get(name)


def _rates(samples: Sequence[Sample], sum_of: Callable[[Sample], int | None]) -> Points:
    """How much more a second."""
    found: Points = []
    for before, after in pairwise(samples):
        first, last = sum_of(before), sum_of(after)
        if first is None or last is None or after.at_us <= before.at_us:
            continue
        found.append((after.at_us, grown(first, last) / ((after.at_us - before.at_us) / 1e6)))
    return found


def _reasons(samples: Iterable[Sample]) -> str:
    """What was dropped in the hour, by reason, the most frequent first."""
    more: Counter[str] = Counter()
    for before, after in pairwise(samples):
        more += after.drops_since(before)
    told = [f"{number(count)} {reason}" for reason, count in more.most_common()]
    return ", ".join(told) or "none in this hour"


def _curve(name: str, points: Points, now_us: int, words: Words, more: str = "", bad: bool = False) -> Curve:
    most = max((value for _, value in points), default=0.0)
    now = points[-1][1] if points else 0.0
    return Curve(name, _path(points, now_us, most), words(now), words(most), more, bad)


def _path(points: Iterable[tuple[int, float]], now_us: int, most: float) -> str:
    """A line from point to point, broken where nothing is known."""
    pieces, before_us = [], None
    for at_us, value in points:
        x = WIDTH * (1 - (now_us - at_us) / HOUR_US)
        y = HEIGHT - 1 - (HEIGHT - 1 - TOP) * (value / most if most else 0)
        joined = before_us is not None and at_us - before_us <= GAP_US
        pieces.append(f"{'L' if joined else 'M'}{x:.1f} {y:.1f}")
        before_us = at_us
    return "".join(pieces)


def _rate(value: float) -> str:
    return f"{number(round(value))}/s" if value >= 10 or not value else f"{value:.1f}/s"


def _count(value: float) -> str:
    return number(round(value))
