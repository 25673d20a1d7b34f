"""When a binding was registered, and what happened to it, as places on a strip."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from appliance.export.moments import zone_name
from appliance.registrations.timeline import FLAPS, Step, Timeline, What
from appliance.web.wording import clock, stamp

WIDTH = 1000
MOST_MARKS = 600
"""The latest; more would stand on one another."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch in which it was registered."""

    x: float
    width: float
    title: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A step; `kind` is a class of app.css."""

    x: float
    kind: str
    title: str


@dataclass(frozen=True, slots=True)
class Strip:
    """What is drawn, and the same in words."""

    bars: tuple[Bar, ...]
    marks: tuple[Mark, ...]
    ticks: tuple[tuple[float, str], ...]
    words: str


def strip(drawn: Timeline, from_us: int, to_us: int) -> Strip:
    """Over [from_us, to_us)."""
    span = max(1, to_us - from_us)

    def place(time_us: int) -> float:
        return round(min(max(0, time_us - from_us), span) * WIDTH / span, 2)

    bars = [
        Bar(place(one.from_us), max(0.5, round(place(one.to_us) - place(one.from_us), 2)),
            f"registered {stamp(one.from_us)} to {stamp(one.to_us)} {zone_name(one.to_us)}")
        for one in drawn.stretches if one.to_us > from_us
    ]  # fmt: skip
    shown = [step for step in drawn.steps if step.exchange.started >= from_us][-MOST_MARKS:]
    marks = [Mark(place(step.exchange.started), kind(step), _title(step)) for step in shown]
    ticks = [(place(from_us + span * part // 6), from_us + span * part // 6) for part in range(1, 6)]
    return Strip(tuple(bars), tuple(marks), tuple((x, clock(us)[:5]) for x, us in ticks), _words(drawn, from_us, to_us))


def kind(step: Step) -> str:
    """`good`, `flap`, `bad` or `off`: how a step is coloured."""
    if step.what in FLAPS:
        return "flap"
    if step.what in (What.REGISTERED, What.REFRESHED):
        return "good"
    return "off" if step.what is What.REMOVED else "bad"


def _title(step: Step) -> str:
    status = f" {step.exchange.status}" if step.exchange.status else ""
    return f"{stamp(step.exchange.started)} {zone_name(step.exchange.started)}: {step.what}{status}"


def _words(drawn: Timeline, from_us: int, to_us: int) -> str:
    held = sum(max(0, min(one.to_us, to_us) - max(one.from_us, from_us)) for one in drawn.stretches)
    share = f"Registered {100 * held / max(1, to_us - from_us):.1f} % of this time"
    counted = Counter(str(step.what) for step in drawn.steps)
    return ", ".join([share, *_counts(counted.items())])


def _counts(counted: Iterable[tuple[str, int]]) -> list[str]:
    return [f"{count} × {what}" for what, count in counted]
