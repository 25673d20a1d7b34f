"""The body of a message in its parts: multipart told apart, base64 undone (RFC 2046, RFC 5621).

Never raises; what is broken is one part as it came. Linear in the length of the body.
"""

import base64
import binascii
import re
from dataclasses import dataclass

from appliance.sip.address import parameter, unquoted
from appliance.sip.headers import Header, body, headers

MOST_PARTS = 32
DEEPEST = 3
"""Levels of multipart in multipart."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part; the whole body when it is not multipart."""

    content_type: str
    """As sent, without parameters, lower case; empty when nothing says it."""
    head: bytes
    """The part's own headers; empty for the whole body."""
    octets: bytes
    """As sent."""
    decoded: bytes | None
    """Without its base64; None when there is none or it is broken."""


def parts(payload: bytes) -> list[Part]:
    """The parts of a SIP message's body; none when it has no body."""
    octets = body(payload)
    if not octets.strip():
        return []
    return _parts(octets, _values(headers(payload)), b"", DEEPEST)


def _parts(octets: bytes, values: dict[bytes, bytes], head: bytes, depth: int) -> list[Part]:
    kind = values.get(b"content-type", b"")
    name = kind.partition(b";")[0].strip().lower()
    boundary = unquoted(parameter(kind.partition(b";")[2], b"boundary"))
    if depth and name.startswith(b"multipart/") and boundary:
        found = [
            part
            for section in _sections(octets, boundary)
            for part in _parts(section[1], _values(headers(b"X\r\n" + section[0] + b"\r\n\r\n")), section[0], depth - 1)
        ]
        if found:
            return found[:MOST_PARTS]
    coded = values.get(b"content-transfer-encoding", b"").strip().lower() == b"base64"
    return [Part(name.decode("utf-8", "replace"), head, octets, _decoded(octets) if coded else None)]


def _sections(octets: bytes, boundary: bytes) -> list[tuple[bytes, bytes]]:
    """Head and body of each section between the boundaries."""
    delimiter = rb"(?:^|\r?\n)--" + re.escape(boundary)
    closing = re.search(delimiter + rb"--[ \t]*(?=\r?\n|\Z)", octets)
    inside = octets[: closing.start()] if closing else octets
    between = re.split(delimiter + rb"[ \t]*(?=\r?\n|\Z)", inside, maxsplit=MOST_PARTS + 1)
    found: list[tuple[bytes, bytes]] = []
    for section in between[1:]:
        text = section.removeprefix(b"\r\n") if section.startswith(b"\r\n") else section.removeprefix(b"\n")
        if not text.strip() or len(found) == MOST_PARTS:
            continue
        blank = re.match(rb"\r?\n", text)
        split = re.split(rb"\r?\n\r?\n", text, maxsplit=1)
        if blank or len(split) == 1:
            found.append((b"", text[blank.end() :] if blank else text))
        else:
            found.append((split[0], split[1]))
    return found


def _values(found: tuple[Header, ...]) -> dict[bytes, bytes]:
    """The first value of each header."""
    values: dict[bytes, bytes] = {}
    for header in found:
        values.setdefault(header.canonical, header.value)
    return values


def _decoded(octets: bytes) -> bytes | None:
    try:
        return base64.b64decode(b"".join(octets.split()), validate=True)
    except (binascii.Error, ValueError):
        return None
