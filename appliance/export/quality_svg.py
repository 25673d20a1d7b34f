"""Quality of a stream drawn as SVG: a figure over time, and a strip of blocks for its intervals (FEATURES F1).

Fragments for the page, styled by classes of its sheet in light and dark; each point and block is a link to its report
with its figures as title, and a strip says in words what its colours and heights say. Escaped by the templates.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from jinja2 import Environment, PackageLoader, StrictUndefined

from appliance.export import moments
from appliance.export.scale import nice, time_ticks, written
from appliance.export.streams import Block, Figure, Stream, counted, merged
from appliance.model.quality import Measured, QualityRow

WIDTH, HEIGHT = 400, 140
HOURLY_WIDTH = 1300
LEFT, RIGHT, TOP, BOTTOM = 38, 12, 12, 22
MOST_POINTS = 80
"""Points of one chart; of more, each stands for the worst of several reports."""
FEW_POINTS = 16
MOST_BLOCKS = 90
STRIP_WIDTH, STRIP_HEIGHT = 900, 20
HEIGHTS = {"good": 8, "fair": 14, "bad": 20, "unknown": 3}
"""The worse, the higher: told by height as by colour."""

Link = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Metric:
    """What a chart shows: `least` to `most` of its axis when they are fixed."""

    name: str
    words: str
    unit: str
    figure: Figure
    least: float = 0.0
    most: float | None = None
    low_is_bad: bool = False


METRICS = (
    Metric("mos", "MOS", "", lambda m: m.mos, 1.0, 5.0, True),
    Metric("loss", "Loss", "%", lambda m: m.loss_percent),
    Metric("jitter", "Jitter", "ms", lambda m: m.jitter_ms),
    Metric("round_trip", "Round trip", "ms", lambda m: m.round_trip_ms),
)


@dataclass(frozen=True, slots=True)
class Moment:
    """A value and what it is of."""

    at_us: int
    value: float
    title: str
    link: str
    worst: bool = False


@dataclass(frozen=True, slots=True)
class Point:
    """A moment at its place, px."""

    x: float
    y: float
    title: str
    link: str
    worst: bool


@dataclass(frozen=True, slots=True)
class Bar:
    """One block of a strip."""

    x: float
    width: float
    height: int
    grade: str
    title: str
    link: str


def chart(stream: Stream, metric: Metric, span_us: tuple[int, int], link: Link) -> str:
    """A figure over `span_us` (from, to); "" when no report of the stream has it."""
    known = [row for row in stream.rows if metric.figure(row.measured) is not None]
    if not known:
        return ""
    sign = 1 if metric.low_is_bad else -1
    worst = min(known, key=lambda row: sign * _value(metric, row))
    marked = len({_value(metric, row) for row in known}) > 1
    shown = [
        Moment(row.ts, _value(metric, row), _point_title(metric, row), link(row.id), marked and row is worst)
        for row in _thinned(known, metric, sign)
    ]
    return curve(metric, shown, span_us, _chart_label(metric, stream, worst))


def curve(metric: Metric, known: Sequence[Moment], span_us: tuple[int, int], label: str, hourly: bool = False) -> str:
    """Values at their times, joined by a line; `label` is what the chart says to those who hear the page.

    An `hourly` one is as wide as the page, and its times are days and hours.
    """
    width = HOURLY_WIDTH if hourly else WIDTH
    top = metric.most or nice(max(moment.value for moment in known))
    place = _Place(metric.least, top, span_us, width)
    points = [
        Point(place.x(moment.at_us), place.y(moment.value), moment.title, moment.link, moment.worst) for moment in known
    ]
    return _TEMPLATES.get_template("quality_chart.svg").render(
        metric=metric,
        points=points,
        path="M" + "L".join(f"{point.x} {point.y}" for point in points),
        lines=[(place.y(value), written(value)) for value in _scale(metric, top)],
        ticks=[(place.x(at_us), _tick(at_us, hourly)) for at_us in time_ticks(span_us, 12 if hourly else 5)],
        label=label,
        dot=3 if len(points) <= FEW_POINTS else 2,
        box=(width, HEIGHT, LEFT, width - RIGHT, TOP, HEIGHT - BOTTOM),
    )


def strip(intervals: Sequence[Block], span_us: tuple[int, int], name: str, link: Link) -> str:
    """Blocks at their times; `name` is what they are of, for those who hear the page."""
    bars = [_bar(block, span_us, link) for block in merged(intervals, MOST_BLOCKS)]
    return _TEMPLATES.get_template("quality_strip.svg").render(
        bars=bars, width=STRIP_WIDTH, height=STRIP_HEIGHT, label=f"{name}: {in_words(intervals)}"
    )


def in_words(intervals: Sequence[Block]) -> str:
    """`12 of 14 intervals good, 1 fair, 1 bad`."""
    counts = list(counted(intervals).items())
    total = len(intervals)
    if not counts:
        return "no reports"
    if len(counts) == 1:
        grade = counts[0][0]
        return f"{grade}, 1 interval" if total == 1 else f"all {total} intervals {grade}"
    (first, count), *others = counts
    return ", ".join((f"{count} of {total} intervals {first}", *(f"{count} {grade}" for grade, count in others)))


def figures(measured: Measured) -> str:
    """`MOS 4.1, loss 0.4 %, jitter 7 ms`: what is known of one report."""
    known = ((metric, metric.figure(measured)) for metric in METRICS)
    said = (f"{_word(metric)} {written(value)}{_unit(metric)}" for metric, value in known if value is not None)
    return ", ".join(said) or "no figures"


@dataclass(frozen=True, slots=True)
class _Place:
    """Values and times to px."""

    least: float
    most: float
    span_us: tuple[int, int]
    width: int

    def x(self, at_us: int) -> float:
        from_us, to_us = self.span_us
        part = (at_us - from_us) / max(1, to_us - from_us)
        return round(LEFT + (self.width - LEFT - RIGHT) * min(1.0, max(0.0, part)), 1)

    def y(self, value: float) -> float:
        part = (value - self.least) / (self.most - self.least)
        return round(TOP + (HEIGHT - TOP - BOTTOM) * (1 - min(1.0, max(0.0, part))), 1)


def _value(metric: Metric, row: QualityRow) -> float:
    value = metric.figure(row.measured)
    assert value is not None
    return value


def _thinned(rows: Sequence[QualityRow], metric: Metric, sign: int) -> list[QualityRow]:
    size = -(-len(rows) // MOST_POINTS)
    groups = (rows[start : start + size] for start in range(0, len(rows), size))
    return [min(group, key=lambda row: sign * _value(metric, row)) for group in groups]


def _scale(metric: Metric, top: float) -> list[float]:
    return [1.0, 2.0, 3.0, 4.0, 5.0] if metric.most else [0.0, top / 2, top]


def _point_title(metric: Metric, row: QualityRow) -> str:
    return f"{moments.stamp(row.ts)}\n{_word(metric)} {written(_value(metric, row))}{_unit(metric)}"


def _chart_label(metric: Metric, stream: Stream, worst: QualityRow) -> str:
    known = sum(metric.figure(row.measured) is not None for row in stream.rows)
    value = f"{written(_value(metric, worst))}{_unit(metric)}"
    reports = "one report" if known == 1 else f"{known} reports"
    clock = f"{moments.clock(worst.ts)[:8]} {moments.zone_name(worst.ts)}"
    return f"{metric.words} over time, {reports}, worst {value} at {clock}"


def _bar(block: Block, span_us: tuple[int, int], link: Link) -> Bar:
    from_us, to_us = span_us
    scale = STRIP_WIDTH / max(1, to_us - from_us)
    x = (max(from_us, block.from_us) - from_us) * scale
    width = max(3.0, (block.to_us - max(from_us, block.from_us)) * scale - 1)
    x = min(x, STRIP_WIDTH - width)
    clock = f"{moments.clock(block.from_us)[:8]} – {moments.clock(block.to_us)[:8]} {moments.zone_name(block.to_us)}"
    title = f"{clock}\n{block.grade}: {figures(block.row.measured)}"
    return Bar(round(x, 1), round(width, 1), HEIGHTS[block.grade], block.grade, title, link(block.row.id))


def _word(metric: Metric) -> str:
    return metric.words if metric.name == "mos" else metric.words.lower()


def _tick(at_us: int, hourly: bool) -> str:
    """`10:11:12`; of an hourly chart `10:00`, at midnight the day."""
    clock = moments.clock(at_us)
    if hourly:
        return moments.day(at_us) if clock.startswith("00:00") else clock[:5]
    return clock[:8]


def _unit(metric: Metric) -> str:
    return f" {metric.unit}" if metric.unit else ""


_TEMPLATES = Environment(
    loader=PackageLoader("appliance.export", "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
