"""A line that cannot be parsed, mended at one place; whoever asks tries each and takes the first that parses."""

import re
from collections.abc import Iterator

_FIELD = re.compile(r"[A-Za-z][\w.\-]*:")
_KEYWORD = re.compile(r"(OR|AND|NOT)(?=[\s()]|$)")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"|\\.', re.DOTALL)
_EITHER = re.compile(r"\(\s*([^\s()\";]+(?:\s+OR\s+[^\s()\";]+)+)\s*\)")


def mended(line: str, position: int) -> Iterator[str]:
    """Lines that may have been meant; `position` is where `line` went wrong."""
    rest = line[position:]
    yield from _of_value(line, position)
    if keyword := _KEYWORD.match(rest):
        yield f"{line[:position].rstrip()} {rest[keyword.end() :].lstrip()}".strip()
    if rest.startswith((")", ";")):
        yield line[:position] + rest[1:]
    if rest.startswith("("):
        yield f"{line[:position]} {rest}"
    yield from _of_end(line)


def _of_value(line: str, position: int) -> Iterator[str]:
    """A blank between a field and its value, and `field:(a OR b)`."""
    head, rest = line[:position], line[position:]
    if not re.search(_FIELD.pattern + "$", head):
        return
    if either := _EITHER.match(rest):
        yield head + re.sub(r"\s+OR\s+", ";", either[1]) + rest[either.end() :]
    value = rest.lstrip()
    if value != rest and not _FIELD.match(value) and not _KEYWORD.match(value) and not value.startswith(("(", ")")):
        yield head + value


def _of_end(line: str) -> Iterator[str]:
    """What is missing at the end, or what is one too many there."""
    ended = line.rstrip()
    bare = _QUOTED.sub(lambda found: "x" * len(found[0]), ended)
    if bare.count('"') % 2:
        yield ended + '"'
    if bare.endswith("\\"):
        yield ended + "\\"
    if keyword := re.search(r"(?:^|(?<=[\s()]))(?:(?:OR|AND|NOT)\s*)+$", bare):
        yield ended[: keyword.start()].rstrip()
    missing = bare.count("(") - bare.count(")")
    if missing > 0:
        yield ended + ")" * missing
        yield ended + '"' + ")" * missing
