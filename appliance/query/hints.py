"""Lines that can be read but hardly say what their writer meant: habits from other programs, and slips.

Nothing here changes what a line means; a page shows the other line beside the answer.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from appliance.query.completion import METHODS
from appliance.query.errors import QueryError
from appliance.query.fields import FIELDS, MEANT, Type
from appliance.query.near import candidates
from appliance.query.parse import parse
from appliance.query.printed import printed_value
from appliance.query.tree import Exact, Term, Word, leaves
from appliance.query.typed import word_end

MOST = 3
_USERS = frozenset({"from", "to", "ruri", "user", "contact", "pai"})
_ASSIGNED = re.compile(r"([A-Za-z_\-]+)=(.+)", re.DOTALL)
_LEFT_OUT = re.compile(r"[-!]([A-Za-z][\w.\-]*):(.+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Hint:
    """A sentence, and the line that may have been meant."""

    sentence: str
    line: str


def hints(line: str) -> list[Hint]:
    """At most MOST, from left to right; none for a line that cannot be read: that is an error and says more."""
    try:
        root = parse(line).root
    except QueryError:
        return []
    found: list[Hint] = []
    before: Term | Word | None = None
    for leaf in leaves(root):
        start, end = leaf.position, word_end(line, leaf.position)
        raw = line[start:end]
        said = list(_of_word(leaf, raw) if isinstance(leaf, Word) else _of_term(leaf, raw))
        if isinstance(before, Term) and FIELDS[before.field].type is Type.DURATION and isinstance(leaf, Word):
            start = before.position
            said = list(_of_unit(line[start : word_end(line, start)], raw))
        found += _readable(line, start, end, said)
        before = leaf
        if len(found) == MOST:
            break
    return found


def _readable(line: str, start: int, end: int, said: list[tuple[str, str]]) -> list[Hint]:
    """The first hint that leads to a line that can be read."""
    meant = ((sentence, line[:start] + instead + line[end:]) for sentence, instead in said)
    return [Hint(sentence, one) for sentence, one in meant if _reads(one)][:1]


def _of_unit(term: str, word: str) -> Iterator[tuple[str, str]]:
    """A duration whose unit stands apart: `dur:>5 minutes`."""
    name, _, value = term.partition(":")
    for candidate in candidates(FIELDS[name.lower()], value + word):
        yield f"“{word}” is looked for as a word: a unit stands right behind its number.", f"{name}:{candidate}"


def _of_word(word: Word, raw: str) -> Iterator[tuple[str, str]]:
    if raw in ("or", "and", "not"):
        yield f"“{raw}” is looked for as a word: {raw.upper()} in capitals stands between terms.", raw.upper()
    if found := _LEFT_OUT.fullmatch(raw):
        name = _field(found[1])
        if name:
            yield "What is left out has NOT before its field.", f"NOT {name}:{found[2]}"
    if (found := _ASSIGNED.fullmatch(raw)) and isinstance(word.value, Exact):
        name = _field(found[1])
        if name:
            yield f"“{raw}” is looked for as a word: a field has a colon.", f"{name}:{found[2]}"


def _of_term(term: Term, raw: str) -> Iterator[tuple[str, str]]:
    name, _, value = raw.partition(":")
    if not isinstance(term.value, Exact) or FIELDS[term.field].type is not Type.TEXT:
        return
    text = term.value.text
    if term.field in _USERS:
        yield from _of_user(name, text)
    if value.startswith("!") and len(value) > 1:
        yield f"“{text}” is looked for with its “!”: what is left out has NOT before it.", f"NOT {name}:{value[1:]}"
    if value.startswith("/") and len(value) > 1:
        yield (
            f"“{text}” is looked for with its “/”: a regular expression ends with one as well.",
            f"{name}:{value}/",
        )
    if value.startswith("^") and len(value) > 1:
        yield f"“{text}” is looked for with its “^”: a regular expression stands between slashes.", f"{name}:/{value}/"
    if term.field == "method" and text.upper() not in METHODS:
        near = get_close_matches(text.upper(), METHODS, n=1)
        if near:
            yield f"No method is called “{text}”.", f"{name}:{near[0]}"
    if "," in value and not value.startswith('"') and term.field in (*_USERS, "method", "node", "agent"):
        yield f"“{text}” is looked for as one value: a list has semicolons.", f"{name}:{value.replace(',', ';')}"


def _of_user(name: str, text: str) -> Iterator[tuple[str, str]]:
    bare = re.sub(r"^(?:sips?|tel):", "", text)
    user, at, host = bare.partition("@")
    field = FIELDS["from"]
    if at and user and host:
        both = f"{name}:{printed_value(field, Exact(user))} domain:{printed_value(FIELDS['domain'], Exact(host))}"
        yield f"{name} is the part before the @: the host is another field.", f"({both})"
    elif bare != text and bare:
        yield f"{name} is the user without its scheme.", f"{name}:{printed_value(field, Exact(bare))}"


def _field(name: str) -> str | None:
    key = name.lower()
    return key if key.partition(".")[0] in FIELDS else MEANT.get(key)


def _reads(line: str) -> bool:
    try:
        parse(line)
    except QueryError:
        return False
    return True
