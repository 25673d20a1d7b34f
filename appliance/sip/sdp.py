"""Session descriptions (RFC 8866): where media goes, with which codecs, in which direction.

Agents and user agents send cut, mixed and misspelt descriptions: every line stands for itself, and one that
cannot be read is passed over. Never raises; linear in the length of the body.
"""

import re
from dataclasses import dataclass

DIRECTIONS = ("sendrecv", "sendonly", "recvonly", "inactive")

STATIC_PAYLOADS = {
    "0": "PCMU",
    "3": "GSM",
    "4": "G723",
    "5": "DVI4",
    "6": "DVI4",
    "7": "LPC",
    "8": "PCMA",
    "9": "G722",
    "10": "L16",
    "11": "L16",
    "12": "QCELP",
    "13": "CN",
    "14": "MPA",
    "15": "G728",
    "16": "DVI4",
    "17": "DVI4",
    "18": "G729",
    "25": "CelB",
    "26": "JPEG",
    "28": "nv",
    "31": "H261",
    "32": "MPV",
    "33": "MP2T",
    "34": "H263",
}
"""RFC 3551 section 6: formats that need no rtpmap."""

_MAX_LINES = 2048
_MAX_MEDIA = 128
_MAX_FORMATS = 128
_START = re.compile(rb"(?:^|\n)v=0[ \t]*\r?\n")


@dataclass(frozen=True, slots=True)
class Media:
    """One m= line with what belongs to it; text as sent, bytes that are not UTF-8 replaced."""

    type: str
    """audio, video, image, application …"""
    port: int
    """0: refused or switched off."""
    proto: str
    """RTP/AVP, RTP/SAVPF, udptl …"""
    formats: tuple[str, ...]
    """Payload types as sent."""
    codecs: tuple[str, ...]
    """Name of each format: by rtpmap, else the static one, else the format itself."""
    address: str
    """Connection address of this line, else of the session."""
    direction: str
    """One of DIRECTIONS; of this line, else of the session, else sendrecv."""
    rtcp_port: int | None = None
    """a=rtcp (RFC 3605) where it is given."""


@dataclass(frozen=True, slots=True)
class Sdp:
    """A session description; blank when the body holds none."""

    address: str = ""
    """Connection address of the session."""
    media: tuple[Media, ...] = ()
    origin: str = ""
    """The o= line: user, session id, version, address."""
    origin_session: str = ""
    """Session id of the o= line."""
    origin_version: str = ""
    origin_address: str = ""
    session_name: str = ""


def parse(body: bytes) -> Sdp:
    """Read the session description of a body, also where it is one part of a multipart."""
    lines = _lines(body)
    if lines is None:
        return Sdp()
    sections: list[list[tuple[str, str]]] = [[]]
    for line in lines:
        kind, equals, value = line.partition("=")
        if not equals or len(kind) != 1:
            if line.startswith("--"):
                break
            continue
        if kind == "m":
            if len(sections) > _MAX_MEDIA:
                break
            sections.append([])
        sections[-1].append((kind, value.strip()))
    session, *media = sections
    address = _last_address(session)
    direction = _direction(session, "sendrecv")
    found = (_media(section, address, direction) for section in media)
    origin = next((value for kind, value in session if kind == "o"), "")
    words = origin.split()
    return Sdp(
        address=address,
        media=tuple(one for one in found if one is not None),
        origin=origin,
        origin_session=words[1] if len(words) > 2 else "",
        origin_version=words[2] if len(words) > 2 else "",
        origin_address=words[5] if len(words) > 5 else "",
        session_name=next((value for kind, value in session if kind == "s"), ""),
    )


def _lines(body: bytes) -> list[str] | None:
    """Lines from v=0 on; None when there is none."""
    start = _START.search(body)
    if start is None:
        return None
    return body[start.start() :].lstrip().decode("utf-8", "replace").split("\n", _MAX_LINES)[:_MAX_LINES]


def _last_address(section: list[tuple[str, str]]) -> str:
    for kind, value in section:
        if kind == "c" and len(words := value.split(None, 3)) == 3:
            return words[2].partition("/")[0]
    return ""


def _direction(section: list[tuple[str, str]], inherited: str) -> str:
    return next((value.lower() for kind, value in section if kind == "a" and value.lower() in DIRECTIONS), inherited)


def _media(section: list[tuple[str, str]], address: str, direction: str) -> Media | None:
    words = section[0][1].split(None, 3 + _MAX_FORMATS)[: 3 + _MAX_FORMATS]
    if len(words) < 3:
        return None
    port = words[1].partition("/")[0]
    if not (port.isascii() and port.isdigit()) or len(port) > 5:
        return None
    names: dict[str, str] = {}
    rtcp_port = None
    for kind, value in section:
        if kind == "a" and value.startswith("rtpmap:"):
            format_, _, encoding = value[7:].strip().partition(" ")
            names.setdefault(format_, encoding.strip().partition("/")[0])
        elif kind == "a" and value.startswith("rtcp:"):
            number = value[5:].strip().partition(" ")[0]
            rtcp_port = int(number) if number.isascii() and number.isdigit() and len(number) <= 5 else None
    formats = tuple(words[3:])
    return Media(
        type=words[0],
        port=int(port),
        proto=words[2],
        formats=formats,
        codecs=tuple(names.get(format_) or STATIC_PAYLOADS.get(format_, format_) for format_ in formats),
        address=_last_address(section) or address,
        direction=_direction(section, direction),
        rtcp_port=rtcp_port,
    )
