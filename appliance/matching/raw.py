"""What is read from the octets of a message and not from a column: `text:`, `header.NAME:` and their like."""

from collections.abc import Callable
from functools import lru_cache

from appliance.model.octets import octets
from appliance.query import custom
from appliance.query.regex import compiled
from appliance.query.tree import And, Exact, Node, Pattern, Regex, Term, Value, alternatives
from appliance.sip.headers import Header, headers
from appliance.sip.names import canonical

_HEADER_OF = {"event": "event", "warning": "warning", "via": "via"}
FIELDS = frozenset({"text", "header", *_HEADER_OF, *custom.FIELDS})


def is_raw(term: Term) -> bool:
    """Whether the message itself must be read to know."""
    return term.field in FIELDS


def is_like(text: bytes, wanted: list[bytes]) -> bool:
    """Whether the whole text is these pieces with anything between; both in one case."""
    if len(text) < sum(map(len, wanted)) or not text.startswith(wanted[0]) or not text.endswith(wanted[-1]):
        return False
    return _in_order(text[len(wanted[0]) : len(text) - len(wanted[-1])], wanted[1:-1])


def matcher(term: Term) -> Callable[[bytes], bool]:
    """Whether a message's octets fulfil a raw term."""
    test, needles = _matcher(term), _needles(term)
    if term.field == "text" or not needles:
        return test
    # a header is read only in messages that hold its words anywhere: that takes a hundredth of the time
    return lambda payload: _holds(payload.lower(), needles) and test(payload)


def needed(node: Node | None) -> list[bytes]:
    """What every message that fulfils the tree holds somewhere, in lower case; of many trees nothing is known."""
    match node:
        case And(operands):
            return [needle for operand in operands for needle in needed(operand)]
        case Term(field, value) if field == "text":
            pieces = (value.text,) if isinstance(value, Exact) else value.pieces if isinstance(value, Pattern) else ()
            return [octets(piece).lower() for piece in pieces if piece]
        case Term() if is_raw(node):
            return _needles(node)
        case _:
            return []


def _holds(lowered: bytes, needles: list[bytes]) -> bool:
    return all(needle in lowered for needle in needles)


def _needles(term: Term) -> list[bytes]:
    """Words that a message must hold in lower case; a header may be folded over lines between them."""
    match term.value:
        case Exact(text):
            return octets(text).lower().split()
        case Pattern(pieces):
            return [word for piece in pieces for word in octets(piece).lower().split()]
        case _:
            return []


def _matcher(term: Term) -> Callable[[bytes], bool]:
    if term.field == "text":
        return _any(term.value, _in_text)
    whole = _any(term.value, _contained if term.field == "via" else _whole)
    name = term.header or _HEADER_OF[term.field]
    return lambda payload: any(whole(value) for value in _values(payload, name))


def _any(value: Value, one: Callable[[Value], Callable[[bytes], bool]]) -> Callable[[bytes], bool]:
    tests = [one(each) for each in alternatives(value)]
    return lambda text: any(test(text) for test in tests)


def _in_text(value: Value) -> Callable[[bytes], bool]:
    match value:
        case Exact(text):
            wanted = octets(text).lower()
            return lambda payload: wanted in payload.lower()
        case Pattern(pieces):
            ordered = [octets(piece).lower() for piece in pieces]
            return lambda payload: _in_order(payload.lower(), ordered)
        case _:
            return _whole(value)


def _contained(value: Value) -> Callable[[bytes], bool]:
    return _in_text(value) if isinstance(value, Exact) else _whole(value)


def _whole(value: Value) -> Callable[[bytes], bool]:
    match value:
        case Exact(text):
            wanted = octets(text).lower()
            # parameters after the value itself need not be typed: event:presence
            return lambda found: wanted in (found.lower(), found.lower().partition(b";")[0].rstrip())
        case Pattern(pieces):
            folded = [octets(piece).lower() for piece in pieces]
            return lambda found: is_like(found.lower(), folded)
        case Regex(source):
            search = compiled(octets(source), case_sensitive=False).search
            return lambda found: search(found) is not None
        case _:
            return lambda found: False


def _in_order(text: bytes, pieces: list[bytes]) -> bool:
    place = 0
    for piece in pieces:
        place = text.find(piece, place)
        if place < 0:
            return False
        place += len(piece)
    return True


def _values(payload: bytes, name: str) -> list[bytes]:
    wanted = canonical(name.encode("ascii"))
    return [header.value for header in _headers(payload) if header.canonical == wanted]


@lru_cache(maxsize=4)
def _headers(payload: bytes) -> tuple[Header, ...]:
    return headers(payload)
