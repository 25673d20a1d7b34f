"""The time range of a search, from what a person or program wrote.

    2026-11-23  2026-11-23T10:00  2026-11-23T10:00:00.5+01:00 (without a zone: UTC)
    1795428000 (epoch seconds)  now  -15m  -3h  -7d (before now)

Without `from` the last hour before `to`, without `to` now. [from, to).
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal

from appliance.query.errors import TimeError

DEFAULT_RANGE_US = 3_600_000_000
LAST_US = 253_402_300_800_000_000
"""The end of the year 9999."""

_EPOCH = re.compile(r"[0-9]{1,20}(?:\.[0-9]{1,9})?", re.ASCII)
_RELATIVE = re.compile(r"(?:now)?-([0-9]{1,9})([smhdw])", re.ASCII)
_LOST_PLUS = re.compile(r"(T?[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?) ([0-9]{2}:?[0-9]{2})$")
_UNITS_US = {"s": 1_000_000, "m": 60_000_000, "h": 3_600_000_000, "d": 86_400_000_000, "w": 604_800_000_000}
_EPOCH_START = datetime(1970, 1, 1, tzinfo=UTC)
_HINT = "write 2026-11-23T10:00, epoch seconds, now, or -15m, -3h, -7d"


@dataclass(frozen=True, slots=True)
class TimeRange:
    """[from_us, to_us), microseconds UTC."""

    from_us: int
    to_us: int


def time_range(from_: str | None, to: str | None, now_us: int) -> TimeRange:
    """The range that two texts mean at `now_us`; None or blank is the default. Raises TimeError."""
    to_us = time_us(to, now_us, "to") if to and to.strip() else now_us
    from_us = time_us(from_, now_us, "from") if from_ and from_.strip() else max(0, to_us - DEFAULT_RANGE_US)
    if from_us >= to_us:
        raise TimeError("the range ends before it begins", "from" if from_ and from_.strip() else "to")
    return TimeRange(from_us, to_us)


def is_relative(text: str) -> bool:
    """Whether this moves with the clock: `now`, `-15m`."""
    word = text.strip().lower()
    return word == "now" or _RELATIVE.fullmatch(word) is not None


def time_us(text: str, now_us: int, where: str, zone: tzinfo = UTC) -> int:
    """One time in microseconds; `zone` is that of a time that names none. Raises TimeError."""
    word = text.strip()
    if word.lower() == "now":
        return now_us
    if relative := _RELATIVE.fullmatch(word.lower()):
        read = now_us - int(relative[1]) * _UNITS_US[relative[2]]
        return max(0, read)
    read = int(Decimal(word) * 1_000_000) if _EPOCH.fullmatch(word) else _iso(word, where, zone)
    if not 0 <= read < LAST_US:
        many = "; this looks like microseconds: divide by 1000000" if word.isdecimal() else ""
        raise TimeError(f"{word[:40]} is not between the years 1970 and 9999{many}", where)
    return read


def _iso(word: str, where: str, zone: tzinfo) -> int:
    # the + of a zone comes out of a URL's query as a blank when nobody escaped it
    text = _LOST_PLUS.sub(r"\1+\2", word)
    try:
        read = datetime.fromisoformat(text)
        aware = read if read.tzinfo else read.replace(tzinfo=zone)
        return (aware - _EPOCH_START) // timedelta(microseconds=1)
    except (ValueError, OverflowError) as error:
        raise TimeError(f"{word[:40]!r} is not a time: {_HINT}", where) from error
