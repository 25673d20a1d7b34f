"""What is searched, folded and joined of a session description, in one short line: the column `sdp`.

    3724953954 1 192.0.2.40;audio 192.0.2.40:29510 PCMA/PCMU/telephone-event;video [2001:db8::1]:4002 VP8 recvonly

First the session's id, version and address (RFC 8866, 5.2), then each medium: type, where it is to be sent, names of
its codecs in the order of preference, and its direction unless that is sendrecv. What was sent stands in it but for
octets that are letters, digits or of . _ + - : [ ], which become `?`; an absent word is `-`. Pure; never raises.
"""

import re
from dataclasses import dataclass

from appliance.model.remembered import Remembered
from appliance.sip import sdp

WIDTH = 255
"""Octets of the line; media that do not fit whole are left out."""
MOST_CODECS = 24
_LONGEST_WORD = 64
_LONGEST_BODY = 4096
_MOST_BODIES = 2048
_ODD = re.compile(r"[^A-Za-z0-9._+:\[\]-]")
_ABSENT = "-"


@dataclass(frozen=True, slots=True)
class SessionMedia:
    """One medium of a line."""

    type: str
    address: str
    port: int
    """0: refused or switched off."""
    codecs: tuple[str, ...]
    direction: str = "sendrecv"


@dataclass(frozen=True, slots=True)
class Session:
    """A line read again; blank for a message without a session description."""

    id: str = ""
    version: str = ""
    address: str = ""
    media: tuple[SessionMedia, ...] = ()


def summary(body: bytes) -> bytes:
    """The line of a message's body; empty when it describes no session."""
    return _SUMMARIES[body]


def read(line: str) -> Session:
    """The inverse, as far as a line says it."""
    if not line:
        return Session()
    origin, *media = line.split(";")
    id_, version, address = (_said(word) for word in (*origin.split(" "), "", "", "")[:3])
    return Session(id_, version, address, tuple(found for found in map(_read_media, media) if found is not None))


def _read_media(part: str) -> SessionMedia | None:
    words = part.split(" ")
    if len(words) < 3:
        return None
    address, _, port = words[1].rpartition(":")
    if not (port.isascii() and port.isdigit()):
        return None
    direction = words[3] if len(words) > 3 else "sendrecv"
    return SessionMedia(_said(words[0]), _said(address.strip("[]")), int(port), tuple(words[2].split("/")), direction)


def _summary(body: bytes) -> bytes:
    found = sdp.parse(body)
    if not found.media and not found.origin:
        return b""
    line = " ".join(map(_word, (found.origin_session, found.origin_version, found.origin_address)))
    for one in found.media:
        longer = f"{line};{_media(one)}"
        if len(longer) > WIDTH:
            break
        line = longer
    return line[:WIDTH].encode()


def _media(one: sdp.Media) -> str:
    address = _word(one.address)
    end = f"[{address}]:{one.port}" if ":" in address else f"{address}:{one.port}"
    codecs = "/".join(_word(codec) for codec in one.codecs[:MOST_CODECS]) or _ABSENT
    direction = "" if one.direction == "sendrecv" else f" {one.direction}"
    return f"{_word(one.type)} {end} {codecs}{direction}"


def _word(text: str) -> str:
    return _ODD.sub("?", text[:_LONGEST_WORD]) or _ABSENT


def _said(word: str) -> str:
    return "" if word == _ABSENT else word


_SUMMARIES = Remembered(_summary, _MOST_BODIES, _LONGEST_BODY)
"""A description passes several hops, and comes again with each copy."""
