"""The value of a term, read as its field wants it.

    text      exact  "quoted text"  a*b  a%b (HOMER's star)  \\*  /regular expression/
    address   10.0.0.1  10.0.0.0/8  10.0.*  10.0.0.1..10.0.0.9  10.0.0.1:5060  [2001:db8::1]:5060
              carrier-a  "Carrier A" (names of aliases, query/aliased.py)
    number    5060  1..9  >9  >=9  <9  <=9  * (any at all)        status also 5xx, 18x
    duration  3s  150ms  2m  1s..3s  >5s                          3s is everything that shows as 3 s

and a list of them, `a;b;c`, is any of them. In quotation marks only `*` and `\\` keep their meaning.
"""

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase

from appliance.query.addresses import is_name, read_addresses
from appliance.query.errors import QueryError
from appliance.query.fields import Field, Type
from appliance.query.near import candidates
from appliance.query.numbers import read_duration, read_fraction, read_number, read_status
from appliance.query.regex import checked
from appliance.query.tree import Addresses, AnyOf, Exact, Pattern, Regex, Value

MAX_ITEMS = 100
"""Values of one list."""

_ITEM = re.compile(r'/(?:[^/\\]|\\.)+/(?=;|$)|(?:"(?:[^"\\]|\\.)*"|\\.|[^"\\;])*', re.DOTALL)
_PIECE = re.compile(r'"((?:[^"\\]|\\.)*)"|\\(.)|([^"\\])', re.DOTALL)
_QUOTED_PIECE = re.compile(r"\\(.)|([^\\])", re.DOTALL)

_NUMERIC = re.compile(r"[0-9<>=.]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class _Item:
    raw: str
    position: int
    text: str
    """Without quotation marks and backslashes."""
    pieces: tuple[str, ...]
    """`text` cut at its stars."""

    @property
    def is_regex(self) -> bool:
        return len(self.raw) > 2 and self.raw[0] == self.raw[-1] == "/"


def read_value(field: Field, raw: str, position: int) -> Value:
    """The value of `field:raw`; `position` is where `raw` begins in the line. Raises QueryError."""
    return _listed([_read_item(field, item) for item in _items(raw, position)])


def read_word(raw: str, position: int) -> Value:
    """The value of a bare word: text, or an address or network."""
    return _listed([_read_word_item(item) for item in _items(raw, position)])


def _listed(values: list[Value]) -> Value:
    return values[0] if len(values) == 1 else AnyOf(tuple(values))


def _items(raw: str, position: int) -> list[_Item]:
    items, start = [], 0
    while start <= len(raw):
        found = _ITEM.match(raw, start)
        end = found.end() if found else len(raw)
        if end > start:
            items.append(_item(raw[start:end], position + start))
        start = end + 1
    if len(items) > MAX_ITEMS:
        raise QueryError(f"a list may have {MAX_ITEMS} values, this one has {len(items)}", items[MAX_ITEMS].position)
    return items


def _item(raw: str, position: int) -> _Item:
    text, pieces = "", [""]
    for quoted, escaped, plain in _PIECE.findall(raw):
        read = [(escaped, plain)] if escaped or plain else _QUOTED_PIECE.findall(quoted)
        for literal, character in read:
            text += literal or character
            if character == "*" or (character == "%" and plain):
                pieces.append("")
            else:
                pieces[-1] += literal or character
    return _Item(raw, position, text, tuple(pieces))


def _read_item(field: Field, item: _Item) -> Value:
    try:
        return _value(field, item)
    except QueryError as error:
        if error.suggestion is None:
            error.suggestion, error.instead_of = _near(field, item), item.raw
        raise


def _near(field: Field, item: _Item) -> str | None:
    """What may have been meant, written as the field wants it."""
    for candidate in candidates(field, item.text):
        try:
            for one in _items(candidate, 0):
                _value(field, one)
        except QueryError:
            continue
        return candidate
    return None


def _value(field: Field, item: _Item) -> Value:
    if field.type is Type.TEXT or (field.type is Type.CSEQ and not _NUMERIC.fullmatch(item.text)):
        return _read_text(item)
    if item.is_regex:
        raise QueryError(f"{field.name} is not searched by a regular expression", item.position)
    if field.type is Type.CHOICE:
        return _read_choice(field, item)
    if item.pieces == ("", ""):
        return Pattern(item.pieces)
    if field.type is Type.ADDRESS:
        return _read_address(field, item)
    reader = _NUMBERS[field.type]
    return reader(field.name, item.text, item.position)


_NUMBERS = {
    Type.NUMBER: read_number,
    Type.CSEQ: read_number,
    Type.FRACTION: read_fraction,
    Type.STATUS: read_status,
    Type.DURATION: read_duration,
}


def _read_text(item: _Item) -> Value:
    if item.is_regex:
        return Regex(checked(item.raw[1:-1].replace("\\/", "/"), item.position))
    return Pattern(item.pieces) if len(item.pieces) > 1 else Exact(item.text)


def _read_word_item(item: _Item) -> Value:
    if not item.text:
        raise QueryError("there is nothing in these quotation marks", item.position)
    if not item.raw.startswith(('"', "/")):
        try:
            return read_addresses("", item.text, item.position)
        except QueryError:
            pass
    return _read_text(item)


def _read_address(field: Field, item: _Item) -> Pattern | Addresses | Exact:
    if len(item.pieces) == 1 and _is_name(item):
        return Exact(item.text)
    if len(item.pieces) == 1:
        return read_addresses(field.name, item.text, item.position)
    if all(re.fullmatch(r"[0-9A-Fa-f:.]*", piece) for piece in item.pieces):
        return Pattern(tuple(piece.lower() for piece in item.pieces))
    raise QueryError(f"{item.text} is no part of an IP address", item.position)


def _is_name(item: _Item) -> bool:
    """Whether it is the name of an alias: in quotation marks it may have any form that no address has."""
    if item.raw.startswith('"'):
        return bool(item.text) and not _is_address(item.text)
    return is_name(item.text)


def _is_address(text: str) -> bool:
    try:
        read_addresses("", text, 0)
    except QueryError:
        return False
    return True


def _read_choice(field: Field, item: _Item) -> Exact | Pattern:
    pieces = tuple(piece.lower() for piece in item.pieces)
    if len(pieces) > 1 and any(fnmatchcase(choice, "*".join(map(_plain, pieces))) for choice in field.choices):
        return Pattern(pieces)
    text = item.text.lower()
    if len(pieces) == 1 and text in field.choices:
        return Exact(text)
    allowed = ", ".join(field.choices)
    raise QueryError(f"{field.name} is one of {allowed}, not {item.text}", item.position)


def _plain(piece: str) -> str:
    return re.sub(r"([\[\]?*])", r"[\1]", piece)
