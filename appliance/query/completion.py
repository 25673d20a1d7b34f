"""What could stand at the caret: names of fields, fixed choices, ways to write a value, and values seen lately.

A seen value is put into the line so that it is searched exactly, whatever characters the network put into it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from appliance.model.aliases import NONE, Aliases
from appliance.query.aliased import GROUP
from appliance.query.custom import FIELDS as CUSTOM
from appliance.query.custom import header_of
from appliance.query.fields import FIELDS, MEANT, Field, Type
from appliance.query.printed import printed_value, printed_word
from appliance.query.tree import Exact
from appliance.query.typed import Typed, typed

MOST = 16
MOST_OF_A_WORD = 5
"""Values offered for a word that may still become a field's name."""
LONGEST = 200

Seen = Mapping[str, Sequence[str]]
"""Values by the name of their field, the most frequent first."""

METHODS = (
    *("INVITE", "ACK", "BYE", "CANCEL", "REGISTER", "OPTIONS", "SUBSCRIBE", "NOTIFY", "PUBLISH", "MESSAGE", "REFER"),
    *("UPDATE", "PRACK", "INFO"),
)
_KEYWORDS = {"OR": "either side", "NOT": "without what follows", "AND": "both sides; a blank means the same"}
_FORMS: Mapping[Type, Mapping[str, str]] = {
    Type.STATUS: {
        "2xx": "success", "3xx": "redirection", "4xx": "refused by client errors", "5xx": "server errors",
        "6xx": "refused everywhere", "18x": "ringing and progress", ">399": "every failure", "400..499": "from, to",
    },
    Type.DURATION: {">5s": "longer", "<3s": "shorter", "1m..5m": "from, to", "150ms": "us, ms, s, m, h, d"},
    Type.NUMBER: {">1": "more", "<10": "fewer", "1..9": "from, to", "*": "any at all"},
    Type.FRACTION: {"<3.5": "less", ">1": "more", "1..3.5": "from, to", "*": "any at all"},
    Type.ADDRESS: {
        "10.0.0.0/8": "a network", "10.0.*": "begins so", "10.0.0.1..10.0.0.9": "from, to",
        "10.0.0.1:5060": "with its port", "2001:db8::/32": "a network",
    },
}  # fmt: skip
_STATES = {
    "setup": "INVITE, nothing heard yet", "ringing": "18x, no final answer yet", "answered": "2xx, no BYE yet",
    "completed": "2xx and BYE", "cancelled": "the caller gave up", "busy": "486, 600",
    "noanswer": "480, 408, or 487 after ringing", "rejected": "other 4xx, 603 and other 6xx",
    "redirected": "3xx at last", "challenged": "401 or 407 and no retry", "failed": "5xx",
    "timeout": "no final answer seen", "lost": "answered, its end was not seen", "partial": "its INVITE was not seen",
    "registered": "a binding that lasts", "expired": "a binding not refreshed", "removed": "Expires: 0, or Contact: *",
}  # fmt: skip
_CALLS_FIRST = ("from", "to", "status", "state", "callid", "src", "dst", "ua", "method", "dur", "node", "text")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One thing to choose, and the line as it is then."""

    sort: str
    """field, value, form (a way to write one), word (of the grammar), or what a caller adds."""
    shown: str
    words: str
    line: str
    caret: int
    """Characters of the line that stand before the caret."""


def suggestions(
    before: str, after: str, seen: Seen, custom: Sequence[str] = (), aliases: Aliases = NONE
) -> list[Suggestion]:
    """At most MOST, the likeliest first; `custom` are the names of the headers of choice."""
    at = typed(before, after)
    if at.is_regex:
        return []
    offered = list(_of_field(at, seen, aliases) if at.field else _of_word(at, seen, custom))
    if len(offered) == 1 and offered[0][1] == at.before:
        return []
    return [_placed(at, *one) for one in offered[:MOST]]


def exact(field: Field, value: str) -> str:
    """`value` as it must be written after `field:` so that it alone is searched."""
    return printed_value(field, Exact(value)) if field.type in (Type.TEXT, Type.CSEQ) else value


def can_be_typed(value: str) -> bool:
    """Whether a line of one text field can hold it: not without limit, no line's end, no octets that are no text."""
    return 0 < len(value) <= LONGEST and not any(
        character in "\r\n\0" or "\ud800" <= character <= "\udfff" for character in value
    )


_Offer = tuple[str, str, str]
"""(sort, what is put into the line, words)."""


def _placed(at: Typed, sort: str, put: str, words: str) -> Suggestion:
    gap = "" if sort == "field" or at.tail[:1] in (" ", ")", ";") else " "
    head = at.head + put + gap
    return Suggestion(sort, put, words, head + at.tail, len(head))


def _of_field(at: Typed, seen: Seen, aliases: Aliases) -> Iterator[_Offer]:
    name, dot, _ = at.field.lower().partition(".")
    field = FIELDS.get(name)
    if field is None or (dot and name != "header"):
        return
    fixed = field.choices or (METHODS if name in ("method", "cseq") else ())
    forms = {value: words for value, words in _FORMS.get(field.type, {}).items() if value.startswith(at.before)}
    if field.type in (Type.STATUS, Type.DURATION, Type.NUMBER, Type.FRACTION):
        yield from (("form", value, words) for value, words in forms.items())
    for named, words in _of_aliases(field, aliases):
        if _fitting([named], at.words):
            yield "value", printed_value(field, Exact(named)), words
    lately = [] if field.choices else [value for value in seen.get(name, ()) if can_be_typed(value)]
    values = dict.fromkeys((*lately, *fixed))
    for value in _fitting(values, at.words):
        words = "seen lately" if value in lately else _STATES.get(value, "") if name == "state" else ""
        yield "value", exact(field, value), words
    if field.type is Type.ADDRESS:
        yield from (("form", value, words) for value, words in forms.items())
    elif not lately and not fixed and not at.before and not forms:
        yield "form", field.example.partition(":")[2], "for example"


def _of_aliases(field: Field, aliases: Aliases) -> Iterator[tuple[str, str]]:
    """Names that may stand in place of addresses, with what each is."""
    if field.type is Type.ADDRESS:
        yield from ((name, "alias") for name in aliases.names)
    if field.type is Type.ADDRESS or field.name == GROUP:
        yield from ((group, "group of aliases") for group in aliases.groups)


def _of_word(at: Typed, seen: Seen, custom: Sequence[str]) -> Iterator[_Offer]:
    word = at.before
    if word not in _KEYWORDS:
        yield from (("word", name, words) for name, words in _KEYWORDS.items() if word and name.startswith(word))
    for name in _names(word.lower()):
        if name in CUSTOM:
            if header := header_of(name, custom):
                yield "field", f"{name}:", f"Header {header}."
        elif name == "header":
            yield "field", "header.", FIELDS[name].help
        else:
            yield "field", f"{name}:", FIELDS[name].help
    if len(word) < 2 or word in _KEYWORDS:
        return
    users = [value for value in (*seen.get("user", ()), *seen.get("callid", ())) if can_be_typed(value)]
    texts = [("value", printed_word(Exact(value)), "seen lately") for value in _fitting(users, at.words)]
    addresses = [("value", value, "seen lately") for value in _fitting(seen.get("ip", ()), at.words)]
    yield from (*texts[:MOST_OF_A_WORD], *addresses[:MOST_OF_A_WORD])


def _names(word: str) -> list[str]:
    """Fields whose name, or a name that others give them, begins with the word or holds it."""
    if not word:
        return list(_CALLS_FIRST)
    if "." in word or word in ("or", "and", "not"):
        return []
    begun = [name for name in FIELDS if name.startswith(word)]
    meant = [name for other, name in MEANT.items() if other.startswith(word)]
    held = [name for name in FIELDS if len(word) > 1 and word in name]
    told = [name for name, field in FIELDS.items() if len(word) > 2 and word in field.help.lower()]
    return list(dict.fromkeys((*begun, *meant, *held, *told)))


def _fitting(values: Iterable[str], words: Sequence[str]) -> list[str]:
    """Those that hold what was typed, in its order; those that begin with it first."""
    wanted = [word.lower() for word in words]
    held = [value for value in values if _holds(value.lower(), wanted)]
    return sorted(held, key=lambda value: not value.lower().startswith(wanted[0]))


def _holds(value: str, wanted: Sequence[str]) -> bool:
    place = 0
    for word in wanted:
        place = value.find(word, place)
        if place < 0:
            return False
        place += len(word)
    return True
