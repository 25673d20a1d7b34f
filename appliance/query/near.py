"""What may have been meant by a value that its field cannot read; whoever asks takes the first that reads."""

import re
from collections.abc import Callable, Iterator
from difflib import get_close_matches

from appliance.query.fields import Field, Type

_UNITS = {
    **dict.fromkeys(("ms", "msec", "msecs", "millis", "millisecond", "milliseconds"), 1),
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), 1_000),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), 60_000),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), 3_600_000),
    **dict.fromkeys(("d", "day", "days"), 86_400_000),
    **dict.fromkeys(("w", "week", "weeks"), 604_800_000),
}
"""Milliseconds."""
_STATUS = {
    "ok": "2xx", "success": "2xx", "ringing": "18x", "busy": "486;600", "cancelled": "487", "canceled": "487",
    "timeout": "408", "forbidden": "403", "unauthorized": "401;407", "notfound": "404", "decline": "603",
    "declined": "603", "error": ">399", "failed": ">399", "progress": "183",
}  # fmt: skip
_CHOICES = {
    "ok": "completed", "success": "completed", "successful": "completed", "done": "completed", "ended": "completed",
    "active": "answered", "connected": "answered", "incall": "answered", "error": "failed", "missed": "noanswer",
    "abandoned": "cancelled", "forward": "redirected", "dropped": "lost", "auth": "challenged",
    "sip": "call", "invite": "call", "register": "registration", "logs": "log", "event": "other",
    "uac": "caller", "uas": "callee", "called": "callee", "proxy": "network", "sips": "tls", "wws": "wss",
}  # fmt: skip
_PART = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*([a-z]+)")
_BEGUN = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){0,2}\.?")
"""The beginning of an IPv4 address."""


def candidates(field: Field, text: str) -> Iterator[str]:
    """Values that are written as `field` wants them, the likeliest first."""
    plain = text.strip().lower()
    if field.type is Type.CHOICE:
        yield from _choices(field, plain)
        return
    one = _ONE.get(field.type)
    if one is None:
        return
    sign, rest = _sign(plain)
    if sign:
        yield from (sign + each for each in one(rest))
    yield from _ranges(field, rest, one)
    yield from one(rest)
    if re.search(r"[,|]", plain):
        yield ";".join(next(one(word.strip()), "") for word in re.split(r"[,|]", plain))


def _ranges(field: Field, text: str, one: Callable[[str], Iterator[str]]) -> Iterator[str]:
    for between in ("..", "-", "–", "to"):
        first, found, last = (part.strip() for part in text.partition(between))
        if found and first and last:
            is_address = field.type is Type.ADDRESS
            if field.type is Type.DURATION and re.fullmatch(r"[0-9.,]+", first):
                first += re.sub(r"[^a-z]", "", last)
            low, high = (first, _last_address(first, last)) if is_address else (next(one(first)), next(one(last)))
            yield f"{low}..{high}"
            yield f"{high}..{low}"


def _sign(text: str) -> tuple[str, str]:
    for typed, sign in (("=>", ">="), ("=<", "<="), (">=", ">="), ("<=", "<="), ("≥", ">="), ("≤", "<="), (">", ">"),
                        ("<", "<"), ("=", "")):  # fmt: skip
        if text.startswith(typed):
            return sign, text[len(typed) :].strip()
    return "", text


def _choices(field: Field, text: str) -> Iterator[str]:
    if text in _CHOICES:
        yield _CHOICES[text]
    yield from (choice for choice in field.choices if len(text) > 1 and choice.startswith(text))
    yield from get_close_matches(text.replace("-", "").replace(" ", ""), field.choices, n=1)


def _duration(text: str) -> Iterator[str]:
    if clock := re.fullmatch(r"(?:([0-9]{1,3}):)?([0-9]{1,3}):([0-9]{2})", text):
        yield f"{int(clock[1] or 0) * 3600 + int(clock[2]) * 60 + int(clock[3])}s"
    text = text.replace(",", ".")
    parts = _PART.findall(text)
    if parts and not _PART.sub("", text).strip(" ") and all(unit in _UNITS for _, unit in parts):
        milliseconds = round(sum(float(number) * _UNITS[unit] for number, unit in parts))
        unit = next(unit for unit in ("d", "h", "m", "s", "ms") if milliseconds % _UNITS[unit] == 0)
        yield f"{milliseconds // _UNITS[unit]}{unit}"
    yield text


def _status(text: str) -> Iterator[str]:
    word = re.sub(r"[^a-z]", "", text)
    if word in _STATUS:
        yield _STATUS[word]
    if code := re.fullmatch(r"([1-6])([0-9]?)[*%x._?]{1,2}", text):
        yield f"{code[1]}{code[2] or 'x'}x"
    if code := re.fullmatch(r"(?:sip[/ ])?([1-6][0-9]{2})(?: .*)?", text):
        yield code[1]
    yield text


def _number(text: str) -> Iterator[str]:
    if re.fullmatch(r"[0-9]{1,3}(?:[,.'_ ][0-9]{3})+", text):
        yield re.sub(r"[^0-9]", "", text)
    if thousands := re.fullmatch(r"([0-9]+)\s*k", text):
        yield f"{thousands[1]}000"
    yield text


def _fraction(text: str) -> Iterator[str]:
    yield re.sub(r"\s*(?:%|percent)$", "", text.replace(",", "."))


def _address(text: str) -> Iterator[str]:
    bare = re.sub(r"^(?:sips?:|udp:|tcp:|tls:|https?://)", "", text)
    yield bare
    address, slash, length = bare.partition("/")
    if slash and length.isdecimal():
        yield f"{address}/{128 if ':' in address else 32}"
    if re.fullmatch(r"[0-9.]+\.x(?:\.x)*", bare):
        yield bare.partition("x")[0] + "*"
    if _BEGUN.fullmatch(bare) and "." in bare and all(int(part or 0) < 256 for part in bare.split(".")):
        yield bare.rstrip(".") + ".*"


def _last_address(first: str, last: str) -> str:
    """`10.0.0.1-9` ends at 10.0.0.9."""
    return first.rpartition(".")[0] + "." + last if last.isdecimal() and "." in first else last


_ONE: dict[Type, Callable[[str], Iterator[str]]] = {
    Type.DURATION: _duration,
    Type.STATUS: _status,
    Type.NUMBER: _number,
    Type.FRACTION: _fraction,
    Type.ADDRESS: _address,
}
