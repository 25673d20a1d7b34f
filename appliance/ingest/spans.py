"""Spans of time, and the keys under which messages of a Call-ID lie within one."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from appliance.model.ids import HOUR_US, hour_key
from appliance.model.kinds import DAY_US, day_of


@dataclass(frozen=True, slots=True)
class Span:
    """From the first to the last microsecond, both within."""

    first_us: int
    last_us: int

    @property
    def hours(self) -> range:
        """Hours since 1970 that it touches."""
        return range(self.first_us // HOUR_US, self.last_us // HOUR_US + 1)

    def with_(self, *others: "Span") -> "Span":
        """The span over this and the others."""
        firsts = [self.first_us, *(other.first_us for other in others)]
        return Span(min(firsts), max(self.last_us, *(other.last_us for other in others), self.last_us))

    def wider(self, back_us: int) -> "Span":
        """As much earlier, and an hour later (agents do not deliver in order)."""
        return Span(max(0, self.first_us - back_us), self.last_us + HOUR_US)


def keys_by_day(spans: Mapping[int, Span]) -> dict[date, list[int]]:
    """`hour << 56 | hash` for every hour of each hash's span, by UTC day, sorted."""
    keys: dict[date, list[int]] = defaultdict(list)
    for hash_, span in spans.items():
        for hour in span.hours:
            keys[day_of(hour * HOUR_US)].append(hour_key(hour % 24, hash_))
    return {day: sorted(of_day) for day, of_day in sorted(keys.items())}


def days_of(times_us: Iterable[int]) -> set[date]:
    """The days of many times, of which few differ."""
    return {day_of(number * DAY_US) for number in {time_us // DAY_US for time_us in times_us}}
