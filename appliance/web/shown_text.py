"""The octets of a message as pieces of text with colour, hints and folds, and its body in parts (FEATURES E5)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from appliance.calls.media import MOST_CODECS
from appliance.model.octets import text
from appliance.sip import explained, sdp
from appliance.sip.headers import body
from appliance.sip.highlight import body_tokens, tokens
from appliance.sip.parts import Part, parts
from appliance.web import hexdump
from appliance.web.wording import address, size, visible_lines

MOST_COLOURED_OCTETS = 200_000
"""A longer message is shown without colour."""
LONGEST = 480
"""Characters of one piece that are shown at once; the rest is folded."""
KEPT = 240
MOST_LINES = 2000
"""What comes after so many lines without colour is one piece."""
_URI_PARAMETER = re.compile(r"(;[\w.+-]+)")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text of one class."""

    kind: str
    text: str
    hint: str = ""
    """What this header, parameter or line is."""
    folded: str = ""
    """The rest of a long value."""


@dataclass(frozen=True, slots=True)
class ShownPart:
    """A part of the body."""

    summary: str
    """`SDP · 258 B · audio G722 PCMA 192.0.2.40:25386`."""
    pieces: list[Piece]
    hex: str
    """Of what is not text."""


def head_pieces(raw: bytes) -> list[Piece]:
    """First line and headers with the empty line after them."""
    head = raw[: len(raw) - len(body(raw))]
    return _pieces(tokens(_text(head))) if len(raw) <= MOST_COLOURED_OCTETS else plain(head)


def body_parts(raw: bytes) -> list[ShownPart]:
    """The body in parts; none when it has no body."""
    return [_part(part) for part in parts(raw)]


def plain(raw: bytes) -> list[Piece]:
    """Text without colour, a piece a line so that only long lines are folded."""
    lines = _text(raw).split("\n", MOST_LINES)
    return _pieces([("", line + "\n") for line in lines[:-1]] + [("", lines[-1])] * bool(lines[-1]))


def _part(part: Part) -> ShownPart:
    octets = part.octets if part.decoded is None else part.decoded
    head = [*_pieces(tokens(f"\n{_text(part.head)}")[1:]), Piece("", "\n\n")] if part.head else []
    words = [_name(part), size(len(part.octets)), "base64, decoded" if part.decoded is not None else "", _told(octets)]
    summary = " · ".join(word for word in words if word)
    if not hexdump.is_text(octets):
        return ShownPart(summary, head, hexdump.dump(octets))
    described = part.content_type == "application/sdp" and len(octets) <= MOST_COLOURED_OCTETS
    shown = _pieces(body_tokens(_text(octets))) if described else plain(octets)
    return ShownPart(summary, [*head, *shown], "")


def _name(part: Part) -> str:
    return "SDP" if part.content_type == "application/sdp" else part.content_type or "Body"


def _told(octets: bytes) -> str:
    """What a session description offers, in a line."""
    if b"m=" not in octets:
        return ""
    found = []
    for media in sdp.parse(octets).media[:4]:
        codecs = " ".join(media.codecs[:MOST_CODECS]) + (" …" if len(media.codecs) > MOST_CODECS else "")
        where = address(media.address, media.port) if media.port else "refused"
        way = "" if media.direction == "sendrecv" else media.direction
        found.append(" ".join(word for word in (media.type, codecs, where, way) if word))
    return "; ".join(found)


def _text(octets: bytes) -> str:
    return text(octets.replace(b"\r\n", b"\n"))


def _pieces(found: Iterable[tuple[str, str]]) -> list[Piece]:
    return [piece for kind, words in found for piece in _explained(kind, words)]


def _explained(kind: str, words: str) -> list[Piece]:
    if kind == "uri" and ";" in words and len(words) <= LONGEST:
        split = _URI_PARAMETER.split(words)
        return [_piece("parameter" if place % 2 else "uri", one) for place, one in enumerate(split) if one]
    return [_piece(kind, words)]


def _piece(kind: str, words: str) -> Piece:
    hint = ""
    if kind == "name":
        hint = explained.header(words)
    elif kind == "parameter":
        hint = explained.parameter(words.lstrip("; \t"))
    elif kind == "type":
        hint = explained.sdp_line(words[:1])
    if len(words) > LONGEST:
        return Piece(kind, visible_lines(words[:KEPT]), hint, visible_lines(words[KEPT:]))
    return Piece(kind, visible_lines(words), hint)
