"""Values in a message by which calls are joined (FEATURES B4), as words of one line: the column `leg_keys`.

    n:CALLID   the Call-ID of another call: Replaces (RFC 3891), Join (RFC 3911), Target-Dialog (RFC 4538), or Replaces
               in Refer-To
    x:VALUE    a correlation header of the operator's choice: another call's Call-ID, or the same value in both
    s:UUID     each UUID of Session-ID (RFC 7989) but the nil one
    i:VALUE    icid-value of P-Charging-Vector (RFC 7315)
    g:VALUE    Cisco-Guid

Words stand apart by one blank and hold none. Pure; never raises.
"""

import re
from collections.abc import Sequence
from urllib.parse import unquote_to_bytes

WIDTH = 255
"""Octets of the line; only whole words are in it."""
_NIL = b"0" * 32
_NAMING = (b"replaces", b"join", b"target-dialog")
_UUID = re.compile(rb"[0-9A-Fa-f]{32}(?![0-9A-Fa-f])")
_ICID = re.compile(rb"\bicid-value[ \t]*=[ \t]*(\"[^\"]*\"|[^;,\s]+)", re.IGNORECASE)
_REPLACES = re.compile(rb"[?&]replaces=([^&>\s]+)", re.IGNORECASE)


def leg_keys(
    naming: Sequence[bytes], refer_to: bytes, charging: bytes, guid: bytes, chosen: Sequence[tuple[bytes, bytes]]
) -> bytes:
    """The line. `naming` are values of Replaces, Join and Target-Dialog, `chosen` the operator's headers, each with its
    name in lower case."""
    words = [b"n:" + named_in(value) for value in naming if value]
    if refer_to and (dialog := _replaced(refer_to)):
        words.append(b"n:" + dialog)
    for name, value in chosen:
        if name == b"session-id":
            words += [b"s:" + uuid.lower() for uuid in _UUID.findall(value)[:2] if uuid != _NIL]
        elif value:
            words.append(b"x:" + named_in(value))
    if charging and (icid := _ICID.search(charging)):
        words.append(b"i:" + icid[1].strip(b'"'))
    if guid:
        words.append(b"g:" + guid.strip())
    return _line(words)


def named_by(header: bytes, value: bytes) -> bytes:
    """The Call-ID in a header that names a dialog, by the header's long name in lower case; nothing in any other."""
    if header == b"refer-to":
        return _replaced(value)
    return named_in(value) if header in _NAMING else b""


def _replaced(refer_to: bytes) -> bytes:
    found = _REPLACES.search(refer_to)
    return named_in(unquote_to_bytes(found[1])) if found else b""


def named_in(value: bytes) -> bytes:
    """What stands before parameters: a Call-ID has neither semicolon nor comma in any agent's practice."""
    return value.partition(b";")[0].strip().strip(b"<>")


def _line(words: Sequence[bytes]) -> bytes:
    line = b""
    for word in dict.fromkeys(words):
        if len(word) < 3 or len(word.split()) != 1:
            continue
        longer = line + b" " + word if line else word
        if len(longer) <= WIDTH:
            line = longer
    return line


def read(line: str) -> list[tuple[str, str]]:
    """(sort, value) of each word of a line."""
    return [(word[0], word[2:]) for word in line.split(" ") if word[1:2] == ":"]
