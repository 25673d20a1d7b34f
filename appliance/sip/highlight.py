"""A message in pieces with a class each, for colour on pages; the pieces joined are the message again.

Classes: `method`, `status`, `uri`, `version`, `reason` of the first line; `name` of a header, `colon`; in its value
`string` (quoted), `uri` (in < >), `parameter` (semicolon and name), `value`; `type` (letter and equals sign of an SDP
line), `body`; `text` for what is none of these. Hostile text is bounded: after MAX_PIECES the rest is one piece.
"""

import re
from collections.abc import Iterator
from itertools import islice

MAX_PIECES = 1000
"""A usual message has 100 to 200."""

_FIRST_LINE = re.compile(
    r"(?:(?P<version>SIP/2\.0)(?P<t1> )(?P<status>\d{3})(?P<t2> ?)(?P<reason>[^\r\n]*+)"
    r"|(?P<method>[^\s:]++)(?P<t3> )(?P<uri>[^\s]++)(?P<t4> )(?P<version2>SIP/[^\s]*+))(?P<t5>\r?\n|\Z)",
    re.IGNORECASE,
)
_HEADER_NAME = re.compile(r"[^\s:]++[ \t]*+(?=:)")
_VALUE = re.compile(
    r'(?P<string>"(?:[^"\\\n]++|\\[^\n])*"?+)|(?P<uri><[^<>\n]*+>?+)'
    r"|(?P<parameter>;[ \t]*+[\w.!%*+`'~-]++)|(?P<value>[^\"<;]++|;|\\)"
)
_SDP_LINE = re.compile(r"[a-z]=")
_LINE = re.compile(r"[^\n]*+\n|[^\n]++")


def tokens(payload: str) -> list[tuple[str, str]]:
    """(class, text) pieces of a SIP message, or of any other text as far as it looks like one."""
    pieces = list(islice(_pieces(payload), MAX_PIECES))
    rest = payload[sum(len(text) for _, text in pieces) :]
    return [*pieces, ("text", rest)] if rest else pieces


def body_tokens(text: str) -> list[tuple[str, str]]:
    """The same of a session description alone."""
    pieces = list(islice((piece for line in _LINE.findall(text) for piece in _body_line(line)), MAX_PIECES))
    rest = text[sum(len(piece) for _, piece in pieces) :]
    return [*pieces, ("body", rest)] if rest else pieces


def _pieces(payload: str) -> Iterator[tuple[str, str]]:
    lines = _LINE.finditer(payload)
    for line in lines:
        if line.group().strip():
            yield from _first_line(line.group())
            break
        yield "text", line.group()
    for line in lines:
        text = line.group()
        if text in ("\r\n", "\n"):
            yield "text", text
            break
        yield from _header_line(text)
    for line in lines:
        yield from _body_line(line.group())


def _first_line(line: str) -> Iterator[tuple[str, str]]:
    found = _FIRST_LINE.fullmatch(line)
    if found is None:
        yield "text", line
        return
    for name, text in found.groupdict().items():
        if text:
            yield "text" if name[0] == "t" else name.rstrip("2"), text


def _header_line(line: str) -> Iterator[tuple[str, str]]:
    name = _HEADER_NAME.match(line)
    start = 0
    if name:
        yield "name", name.group()
        yield "colon", ":"
        start = name.end() + 1
    elif line[0] not in " \t":
        yield "text", line
        return
    for piece in _VALUE.finditer(line, start):
        yield piece.lastgroup or "value", piece.group()


def _body_line(line: str) -> Iterator[tuple[str, str]]:
    if _SDP_LINE.match(line):
        yield "type", line[:2]
        yield "body", line[2:]
    else:
        yield "body", line
