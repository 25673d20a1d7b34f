"""What is being typed at the caret of a line that may be unfinished or wrong: a field's name, a value, or a word."""

import re
from dataclasses import dataclass

_FIELD = re.compile(r"(?!(?:[0-9A-Fa-f]{0,4}:){2})([A-Za-z][\w.\-]*):")
_STEP = re.compile(r'"(?:[^"\\]|\\.)*(?:"|$)|\\.|\\$|.', re.DOTALL)
_REGEX = re.compile(r"/(?:[^/\\]|\\.)+(?:/(?=[\s();]|$)|$)", re.DOTALL)
_ESCAPED = re.compile(r'\\(.)|["\\]', re.DOTALL)
_BETWEEN = " \t\r\n\f\v()"


@dataclass(frozen=True, slots=True)
class Typed:
    """The piece of a line that the caret stands in: one item of a value, or a word that may become a field's name."""

    head: str
    """The line before the piece; `head + piece + tail` is the line."""
    piece: str
    tail: str
    field: str = ""
    """The name before the colon; empty while a word is typed."""
    before: str = ""
    """The piece up to the caret, as it stands in the line."""
    is_regex: bool = False

    @property
    def words(self) -> tuple[str, ...]:
        """What was typed, without quotation marks and backslashes, cut at its stars."""
        plain = re.split(r"(?<!\\)[*%]", self.before)
        return tuple(_ESCAPED.sub(r"\1", one) for one in plain)


def typed(before: str, after: str = "") -> Typed:
    """`before` and `after` are the line on both sides of the caret."""
    field, start, is_regex = _piece(before)
    end = _end(before + after, start, len(before))
    line = before + after
    return Typed(line[:start], line[start:end], line[end:], field, before[start:], is_regex)


def _piece(before: str) -> tuple[str, int, bool]:
    """The field of the last piece, where that piece begins, and whether it is a regular expression."""
    field, word, start, place = "", 0, 0, 0
    while place < len(before):
        if place == word and (found := _FIELD.match(before, place)):
            field, place = found[1], found.end()
            start = place
        elif place == start and (found := _REGEX.match(before, place)):
            place = found.end()
        else:
            step = _STEP.match(before, place)
            assert step is not None, "every character is a step"
            place = step.end()
            if step[0] in _BETWEEN:
                field, word, start = "", place, place
            elif step[0] == ";":
                start = place
    return field, start, before[start : start + 1] == "/" and len(before) > start + 1


def _end(line: str, start: int, caret: int) -> int:
    """Where the piece ends; a quotation mark that nobody closed does not take the rest of the line with it."""
    place = start
    while place < len(line):
        step = _STEP.match(line, place)
        assert step is not None, "every character is a step"
        if step[0] in _BETWEEN or step[0] == ";":
            if place >= caret:
                return place
        elif step[0][0] == '"' and (len(step[0]) == 1 or step[0][-1] != '"') and step.end() > caret:
            return caret
        place = step.end()
    return len(line)


def word_end(line: str, start: int) -> int:
    """Where the word or term that begins at `start` ends."""
    place = start
    if found := _FIELD.match(line, place):
        place = found.end()
    while place < len(line):
        step = _REGEX.match(line, place) if line[place - 1 : place] in ("", ":", ";", " ", "(") else None
        step = step or _STEP.match(line, place)
        assert step is not None, "every character is a step"
        if step[0] in _BETWEEN:
            return place
        place = step.end()
    return len(line)
