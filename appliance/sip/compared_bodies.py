"""Bodies of two messages side by side: session descriptions by media line, text by line, all else as a whole."""

from collections.abc import Sequence

from appliance.model.octets import text
from appliance.sip.pairs import Pair, Section, aligned, pair, ranked
from appliance.sip.parts import Part

MOST_LINES = 400
"""Lines of a text that are compared one by one."""
KEYED = ("rtpmap", "fmtp", "rtcp-fb", "crypto", "extmap", "candidate", "ssrc")
"""Attributes that are paired by name and first word, since a line of media has several."""

Lines = list[tuple[str, str]]
"""(letter, value) of a session description."""


def compared_bodies(left: Sequence[Part], right: Sequence[Part]) -> list[Section]:
    """The parts paired by type and rank."""
    kinds = dict.fromkeys(part.content_type for part in (*left, *right))
    found: list[Section] = []
    for kind in kinds:
        one, other = ([part for part in side if part.content_type == kind] for side in (left, right))
        for place in range(max(len(one), len(other))):
            sides = _octets(one, place), _octets(other, place)
            described = kind == "application/sdp" or (not kind and any(_is_sdp(side) for side in sides))
            found += _described(*sides) if described else [_plain(kind, *sides)]
    return found


def _octets(side: Sequence[Part], place: int) -> bytes | None:
    if place >= len(side):
        return None
    part = side[place]
    return part.octets if part.decoded is None else part.decoded


def _is_sdp(octets: bytes | None) -> bool:
    return octets is not None and octets.lstrip().startswith(b"v=0")


def _described(one: bytes | None, other: bytes | None) -> list[Section]:
    """The session's lines, then those of each media line."""
    left, right = _media(one), _media(other)
    found = [Section("SDP session", tuple(_lines(left.pop("", []), right.pop("", []))))]
    for name in dict.fromkeys((*left, *right)):
        found.append(Section(f"SDP {name}", tuple(_lines(left.get(name, []), right.get(name, [])))))
    return [section for section in found if section.pairs]


def _media(octets: bytes | None) -> dict[str, Lines]:
    """The lines of the session under "", and of each media line under its type and rank: `audio`, `audio 2`."""
    found: dict[str, Lines] = {"": []}
    current = found[""]
    counted: dict[str, int] = {}
    for line in text(octets or b"").replace("\r\n", "\n").split("\n")[: 4 * MOST_LINES]:
        letter, equals, value = line.partition("=")
        if not line.strip():
            continue
        if not equals or len(letter) != 1:
            letter, value = "", line
        if letter == "m":
            kind = value.split(" ", 1)[0]
            counted[kind] = counted.get(kind, 0) + 1
            current = found.setdefault(f"{kind} {counted[kind]}" if counted[kind] > 1 else kind, [])
        current.append((letter, value.rstrip()))
    return found


def _lines(left: Lines, right: Lines) -> list[Pair]:
    """By letter and rank; attributes as a set, in any order."""
    keys = dict.fromkeys(_key(line) for line in (*left, *right))
    found = []
    for key in keys:
        one, other = ([value for letter, value in side if _key((letter, value)) == key] for side in (left, right))
        letter = key[0]
        if letter == "a":
            common = [value for value in one if value in other]
            one, other = ([value for value in side if value not in common] for side in (one, other))
            found += [pair("a=", value, value) for value in common]
        found += [pair(f"{letter}=", a, b, noise=_is_noise(letter, a, b)) for a, b in ranked(one, other)]
    return found


def _key(line: tuple[str, str]) -> tuple[str, str]:
    letter, value = line
    if letter != "a":
        return letter, ""
    name, _, rest = value.partition(":")
    return letter, f"{name}:{rest.split(' ', 1)[0]}" if name in KEYED else name


def _is_noise(letter: str, one: str | None, other: str | None) -> bool:
    """Session id and version of the o= line are new in every description."""
    if letter != "o" or one is None or other is None:
        return False
    return [word for place, word in enumerate(one.split()) if place not in (1, 2)] == [
        word for place, word in enumerate(other.split()) if place not in (1, 2)
    ]


def _plain(kind: str, one: bytes | None, other: bytes | None) -> Section:
    title = f"Body {kind}".rstrip()
    left, right = ([] if side is None else text(side).replace("\r\n", "\n").rstrip("\n").split("\n")
                   for side in (one, other))  # fmt: skip
    if max(len(left), len(right)) > MOST_LINES:
        left, right = (["\n".join(side)] if side else [] for side in (left, right))
    return Section(title, tuple(pair("", a, b) for a, b in aligned(left, right)))
