"""Time ranges that a search offers: presets, the day so far, the one before, and what lies beside a range."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from appliance.export import moments
from appliance.query.times import LAST_US
from appliance.web import links

_UNITS = {"m": "min", "h": "h", "d": "d"}


@dataclass(frozen=True, slots=True)
class Preset:
    """Words and the arguments that they stand for; an empty `to` is now."""

    words: str
    from_: str
    to: str = ""


def presets(now_us: int) -> list[Preset]:
    """Relative ones move with the clock; today and yesterday are days of the zone that the page is in."""
    today = midnight(now_us)
    yesterday = midnight(today - 1)
    return [
        *(Preset(f"{start[1:-1]} {_UNITS[start[-1]]}", start) for start, _ in links.RANGES),
        Preset("today", links.moment(today)),
        Preset("yesterday", links.moment(yesterday), links.moment(today)),
    ]


def midnight(time_us: int) -> int:
    """When the day of this time began, in the zone that the page is in."""
    start = moments.local(time_us).replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    return max(0, _microseconds(start))


def beside(from_us: int, to_us: int) -> dict[str, tuple[int, int]]:
    """The same length `earlier` and `later`, and twice the length around it (`wider`)."""
    length = to_us - from_us
    half = max(1, length // 2)
    return {
        "earlier": (max(0, from_us - length), from_us),
        "later": (to_us, min(LAST_US - 1, to_us + length)),
        "wider": (max(0, from_us - half), min(LAST_US - 1, to_us + half)),
    }


def _microseconds(moment: datetime) -> int:
    return (moment - moments.moment(0)) // timedelta(microseconds=1)
