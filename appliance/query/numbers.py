"""Numbers, response codes and durations in a query, and their ranges; all become a Span."""

import re
from collections.abc import Callable
from decimal import Decimal

from appliance.query.errors import QueryError
from appliance.query.tree import Span

UNITS_US = {"us": 1, "ms": 1_000, "s": 1_000_000, "m": 60_000_000, "h": 3_600_000_000, "d": 86_400_000_000}
"""Units of a duration, in microseconds."""

MAX_DURATION_US = 10**15
"""31 years: more than any call, and less than what a BIGINT holds."""

_DURATION = re.compile(r"([0-9]{1,16}(?:\.[0-9]{1,6})?)(us|ms|s|m|h|d|)", re.ASCII)
_FRACTION = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,6})?", re.ASCII)
_NUMBER = re.compile(r"[0-9]{1,18}", re.ASCII)
_STATUS = re.compile(r"[1-9](?:[0-9]{2}|[0-9][xX]|[xX]{2})", re.ASCII)

Bounds = tuple[int, int] | tuple[float, float]
"""The first and the last number that a text such as `5xx` stands for."""


def read_number(name: str, text: str, position: int) -> Span:
    """`5060`, `1..9`, `>9`. Raises QueryError."""
    return _span(text, _number, f"{name} is a number: write 5, 1..9, >9 or <9, not {text}", position)


def read_status(name: str, text: str, position: int) -> Span:
    """`404`, `5xx`, `18x`, `400..499`, `>399`. Raises QueryError."""
    return _span(text, _status, f"{name} is a response code: write 404, 5xx, 400..499 or >399, not {text}", position)


def read_fraction(name: str, text: str, position: int) -> Span:
    """`3.5`, `1..3.5`, `<3.5`. Raises QueryError."""
    return _span(text, _fraction, f"{name} is a number: write 3.5, 1..3.5, >1 or <3.5, not {text}", position)


def read_duration(name: str, text: str, position: int) -> Span:
    """`3s`, `150ms`, `2m`, `1s..3s`, `>5s`; microseconds. Raises QueryError.

    Alone, `3s` is all that shows as 3 s; at the end of a range or after a sign it is the moment.
    """
    sentence = f"{name} is a duration: write 3s, 150ms, 2m, 1s..3s or >5s, not {text}"
    if _sign(text)[0] or ".." in text:
        return _span(text, _moment, sentence, position)
    return _span(text, _duration, sentence, position)


def printed_number(span: Span) -> str:
    """The text that `read_number`, `read_status` or `read_fraction` reads as this span."""
    return _printed(span, _plain)


def printed_status(span: Span) -> str:
    """The same with `5xx` and `18x`."""
    low, high = span.low, span.high
    for width, mark in ((100, "xx"), (10, "x")):
        if low is not None and high is not None and int(low) % width == 0 and high == low + width - 1:
            return f"{int(low) // width}{mark}"
    return printed_number(span)


def printed_duration(span: Span) -> str:
    """The text that `read_duration` reads as this span."""
    if span.low is not None and span.high is not None:
        low, width = int(span.low), int(span.high) - int(span.low) + 1
        for unit, size in UNITS_US.items():
            if width == size and low % size == 0:
                return f"{low // size}{unit}"
            for digits in range(1, 4):
                if width * 10**digits == size and low % width == 0:
                    return f"{Decimal(low) / size:.{digits}f}{unit}"
    return _printed(span, _in_units)


def _span(text: str, bounds: Callable[[str], Bounds | None], sentence: str, position: int) -> Span:
    sign, rest = _sign(text)
    first, dots, last = (rest, "", "") if sign else rest.partition("..")
    low, high = bounds(first), bounds(last if dots else first)
    if low is None or high is None:
        raise QueryError(sentence, position)
    if low[0] > high[0]:
        raise QueryError(f"{text} goes from the larger to the smaller", position)
    match sign:
        case ">":
            return Span(low[1], None, low_open=True)
        case ">=":
            return Span(low[0], None)
        case "<":
            return Span(None, low[0], high_open=True)
        case "<=":
            return Span(None, low[1])
        case _:
            return Span(low[0], high[1])


def _sign(text: str) -> tuple[str, str]:
    for sign in (">=", "<=", ">", "<"):
        if text.startswith(sign):
            return sign, text[len(sign) :]
    return "", text


def _number(text: str) -> Bounds | None:
    return (int(text), int(text)) if _NUMBER.fullmatch(text) else None


def _fraction(text: str) -> Bounds | None:
    return (float(text), float(text)) if _FRACTION.fullmatch(text) else None


def _status(text: str) -> Bounds | None:
    if not _STATUS.fullmatch(text):
        return None
    return int(text.lower().replace("x", "0")), int(text.lower().replace("x", "9"))


def _moment(text: str) -> Bounds | None:
    read = _duration(text)
    return read and (read[0], read[0])


def _duration(text: str) -> Bounds | None:
    found = _DURATION.fullmatch(text)
    if not found:
        return None
    unit = UNITS_US[found[2] or "s"]
    low = int(Decimal(found[1]) * unit)
    width = max(1, unit // 10 ** len(found[1].partition(".")[2]))
    return (low, low + width - 1) if low <= MAX_DURATION_US else None


def _printed(span: Span, number: Callable[[int | float], str]) -> str:
    if span.low is None:
        return f"<{'' if span.high_open else '='}{number(span.high or 0)}"
    if span.high is None:
        return f">{'' if span.low_open else '='}{number(span.low)}"
    return number(span.low) if span.low == span.high else f"{number(span.low)}..{number(span.high)}"


def _in_units(us: int | float) -> str:
    for unit, size in reversed(UNITS_US.items()):
        if us and us % size == 0:
            return f"{int(us) // size}{unit}"
    return "0s"


def _plain(number: int | float) -> str:
    return f"{number:.6f}".rstrip("0").rstrip(".") if isinstance(number, float) else str(number)
