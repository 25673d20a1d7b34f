"""Two messages side by side, by their structure (FEATURES E4): what a proxy or B2BUA made of a message.

Headers are paired by name (compact forms are the long ones) and rank, the stacked ones (Via, Record-Route) from the
bottom, since a hop puts its own on top. Parameters count in any order, lists of names too; what is new on every hop and
in every call is told apart as noise. Called by the page and the file /compare. Never raises; linear but for the words
of changed values (sip.pairs).
"""

import re
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

from appliance.model.octets import text
from appliance.sip.address import split
from appliance.sip.compared_bodies import compared_bodies
from appliance.sip.headers import headers
from appliance.sip.lines import head_lines
from appliance.sip.pairs import Pair, Section, pair, ranked
from appliance.sip.parts import parts

STACKED = frozenset({"via", "record-route"})
LISTS = frozenset(
    {"via", "record-route", "route", "contact", "path", "service-route", "diversion", "history-info", "reason"}
    | {"p-asserted-identity", "p-preferred-identity", "remote-party-id", "warning"}
)
"""One line with commas is as several lines."""
SETS = frozenset(
    {"allow", "supported", "require", "proxy-require", "unsupported", "accept", "accept-encoding", "accept-language"}
    | {"allow-events", "privacy", "in-reply-to"}
)
"""Lists of names whose order means nothing here."""
CREDENTIALS = frozenset(
    {"authorization", "proxy-authorization", "www-authenticate", "proxy-authenticate", "authentication-info"}
)
NOISE_HEADERS = frozenset({"via", "call-id", "max-forwards", "content-length"})
NOISE_PARAMETERS = frozenset({"branch", "tag", "received", "rport"})
MOST_NAMES = 300
"""Of headers that are compared: no user agent has more, and each costs."""

_ADDRESS = re.compile(r'\s*((?:"(?:[^"\\]|\\.)*"|[^"<])*)<([^>]*)>(.*)', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Comparison:
    """All sections, in the order of a message."""

    sections: tuple[Section, ...]

    @property
    def differences(self) -> int:
        return sum(section.differences for section in self.sections)

    @property
    def noises(self) -> int:
        return sum(section.noises for section in self.sections)


def compare(one: bytes, other: bytes) -> Comparison:
    """What is the same and what is not in two messages."""
    first = pair("", _first_line(one), _first_line(other))
    found = (Section("First line", (first,)), Section("Headers", tuple(_headers(one, other))))
    return Comparison((*found, *compared_bodies(parts(one), parts(other))))


def _first_line(payload: bytes) -> str:
    lines, _ = head_lines(payload, 1, [])
    return text(lines[0]) if lines else ""


def _headers(one: bytes, other: bytes) -> list[Pair]:
    left, right = _values(one), _values(other)
    shown = {name: written for values in (right, left) for name, (written, _) in values.items()}
    names = dict.fromkeys((*left, *right))
    return [
        found
        for name in list(names)[:MOST_NAMES]
        for found in _pairs(name, shown[name], left.get(name, ("", []))[1], right.get(name, ("", []))[1])
    ]


def _values(payload: bytes) -> dict[str, tuple[str, list[str]]]:
    """Canonical name -> (a name to show, its values in order)."""
    found: dict[str, tuple[str, list[str]]] = {}
    for header in headers(payload):
        name = text(header.canonical)
        _, values = found.setdefault(name, (_shown_name(name, text(header.name)), []))
        if name in LISTS:
            values += [text(value.strip()) for value in split(header.value, b",")]
        elif name in SETS and values:
            values[0] += f", {text(header.value)}"
        else:
            values.append(text(header.value))
    return found


def _shown_name(name: str, written: str) -> str:
    """The long form of a compact one; a long one as it was written."""
    return name.title() if len(written) == 1 < len(name) else written


def _pairs(name: str, shown: str, left: Sequence[str], right: Sequence[str]) -> list[Pair]:
    return [_pair(name, shown, one, other) for one, other in ranked(left, right, from_end=name in STACKED)]


def _pair(name: str, shown: str, one: str | None, other: str | None) -> Pair:
    if one is None or other is None:
        return pair(shown, one, other, noise=name in NOISE_HEADERS)
    normal = _normal_of(name)
    same = one == other or normal(one, frozenset()) == normal(other, frozenset())
    noise = name in NOISE_HEADERS or normal(one, NOISE_PARAMETERS) == normal(other, NOISE_PARAMETERS)
    return pair(shown, one, other, same=same, noise=noise)


Normal = Callable[[str, frozenset[str]], Hashable]


def _normal_of(name: str) -> Normal:
    if name in SETS:
        return _names
    return _credentials if name in CREDENTIALS else _structure


def _names(value: str, _without: frozenset[str]) -> Hashable:
    return frozenset(word.strip().lower() for word in value.split(","))


def _credentials(value: str, without: frozenset[str]) -> Hashable:
    scheme, _, rest = value.strip().partition(" ")
    return scheme.lower(), _parameters(rest, b",", without)


def _structure(value: str, without: frozenset[str]) -> Hashable:
    """Display name, URI with its parameters, parameters: whatever their order and the blanks between."""
    found = _ADDRESS.fullmatch(value)
    if found is None:
        main, semicolon, parameters = value.partition(";")
        return " ".join(main.split()), _parameters(semicolon + parameters, b";", without)
    name, uri, parameters = found.groups()
    main, semicolon, uri_parameters = uri.partition(";")
    display = name.strip().removeprefix('"').removesuffix('"')
    own = _parameters(semicolon + uri_parameters, b";", without)
    return display, main, own, _parameters(parameters, b";", without)


def _parameters(value: str, separator: bytes, without: frozenset[str]) -> Hashable:
    found = []
    for piece in split(value.encode("utf-8", "surrogateescape"), separator):
        name, equals, given = text(piece).strip().partition("=")
        key = name.strip().lower()
        if key and key not in without:
            found.append((key, equals, given.strip()))
    return tuple(sorted(found))
