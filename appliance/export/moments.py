"""Times in words: microseconds since 1970 as a clock reads them, and spans as people say them.

Clocks are read in UTC, unless a page is written for somebody who chose another zone (`shown_in`): the zone belongs to
the request at hand, as who asks does, and reaches every time on the page without being handed through each drawing.
Files are always in UTC: whoever gets one reads the same as whoever made it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta, tzinfo

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST_US = 253_402_300_799_999_999
"""End of the year 9999."""
_ZONE: ContextVar[tzinfo] = ContextVar("zone", default=UTC)


@contextmanager
def shown_in(zone: tzinfo) -> Iterator[None]:
    """Clocks are read in this zone until the end of the block."""
    before = _ZONE.set(zone)
    try:
        yield
    finally:
        _ZONE.reset(before)


def zone() -> tzinfo:
    """In which clocks are read now."""
    return _ZONE.get()


def moment(time_us: int) -> datetime:
    """The time in UTC, or the nearest that a calendar has."""
    return _EPOCH + timedelta(microseconds=max(0, min(time_us, _LAST_US)))


def local(time_us: int) -> datetime:
    """The same in the zone that clocks are read in."""
    read = moment(time_us)
    try:
        return read.astimezone(_ZONE.get())
    except OverflowError:
        return read


def zone_name(time_us: int) -> str:
    """`UTC`, `CET`, `+03`: what the zone is called at that time."""
    return f"{local(time_us):%Z}"


def day(time_us: int) -> str:
    """`2026-11-23`"""
    return f"{local(time_us):%Y-%m-%d}"


def clock(time_us: int) -> str:
    """`10:11:12.000123`"""
    return f"{local(time_us):%H:%M:%S.%f}"


def stamp(time_us: int) -> str:
    """`2026-11-23 10:11:12.000123 UTC`"""
    return f"{day(time_us)} {clock(time_us)} {zone_name(time_us)}"


def span(between_us: int) -> str:
    """`+123 µs`, `+21.4 ms`, `+3.207 s`, `+2 min 05 s`, `+3 h 07 min`; a stamp that runs backwards has a minus."""
    sign, us = ("+", between_us) if between_us >= 0 else ("−", -between_us)
    return sign + _size(us)


def _size(us: int) -> str:
    if us < 1_000:
        return f"{us} µs"
    if us < 999_950:
        return f"{us / 1_000:.1f} ms"
    if us < 59_999_500:
        return f"{us / 1_000_000:.3f} s"
    seconds = (us + 500_000) // 1_000_000
    if seconds < 3_600:
        return f"{seconds // 60} min {seconds % 60:02} s"
    return f"{seconds // 3_600} h {seconds // 60 % 60:02} min"
