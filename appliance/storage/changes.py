"""Which calls changed and what was heard of their MOS: writers note it with each batch, the settler takes it away.

A note goes in the transaction that wrote the records.
"""

import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import aiomysql
import zstandard

from appliance.storage.bundle import CallChange, Lowest
from appliance.storage.connection import Database

_CHANGE = struct.Struct("<HQQI")
_OPINION = 0xFFFFFFFF
"""In place of the length of lines, of which there are none then: the two numbers before are a MOS in hundredths and its
time."""
_REGISTERED = 0xFFFFFFFE
"""The same for a `callid_key` of REGISTER messages, which stands in place of a Call-ID: their first and last time."""
_KEY = struct.Struct("<Q")
_LARGEST_NOTE_BYTES = 256 << 20
_NONE: Mapping[bytes, Lowest] = MappingProxyType({})
_NOBODY: Mapping[int, tuple[int, int]] = MappingProxyType({})
Registered = tuple[int, int, int]
"""(callid_key, first, last microsecond) of REGISTER messages that came."""


@dataclass(frozen=True, slots=True)
class Note:
    """The changes of one transaction of a writer."""

    batch: str
    noted_us: int
    changes: tuple[CallChange, ...]
    opinions: tuple[tuple[bytes, Lowest], ...] = ()
    registered: tuple[Registered, ...] = ()


def encoded(
    changes: Iterable[CallChange],
    opinions: Mapping[bytes, Lowest] = _NONE,
    registered: Mapping[int, tuple[int, int]] = _NOBODY,
) -> bytes:
    """Changes as octets: lengths, first, last, Call-ID (64 KiB at most) and lines, again and again; in zstd."""
    pieces: list[bytes] = []
    for change in changes:
        callid, lines = change.callid[:65535], b"\n".join(change.lines)
        pieces += (_CHANGE.pack(len(callid), change.first_us, change.last_us, len(lines)), callid, lines)
    for named, (hundredths, at_us) in opinions.items():
        callid = named[:65535]
        pieces += (_CHANGE.pack(len(callid), hundredths, at_us, _OPINION), callid)
    for key, (first_us, last_us) in registered.items():
        pieces += (_CHANGE.pack(_KEY.size, first_us, last_us, _REGISTERED), _KEY.pack(key))
    return zstandard.ZstdCompressor(level=1, write_content_size=True).compress(b"".join(pieces))


def decoded(
    body: bytes,
) -> tuple[tuple[CallChange, ...], tuple[tuple[bytes, Lowest], ...], tuple[Registered, ...]]:
    """The inverse of `encoded`."""
    plain = zstandard.ZstdDecompressor().decompress(body, max_output_size=_LARGEST_NOTE_BYTES)
    changes, opinions, registered, position = [], [], [], 0
    while position < len(plain):
        length, first_us, last_us, lines_length = _CHANGE.unpack_from(plain, position)
        start = position + _CHANGE.size + length
        if lines_length == _REGISTERED:
            position = start
            registered.append((*_KEY.unpack(plain[start - length : start]), first_us, last_us))
            continue
        if lines_length == _OPINION:
            position = start
            opinions.append((plain[start - length : start], (first_us, last_us)))
            continue
        position = start + lines_length
        lines = plain[start:position].split(b"\n") if lines_length else []
        changes.append(CallChange(plain[start - length : start], first_us, last_us, lines))
    return tuple(changes), tuple(opinions), tuple(registered)


async def noted(database: Database, known: set[str]) -> list[Note]:
    """Notes that are not in `known`, oldest first; `known` loses those that are gone."""
    rows = await database.fetch("SELECT batch FROM call_changes")
    there = {bytes(batch).decode() for (batch,) in rows}
    known &= there
    fresh = sorted(there - known)
    if not fresh:
        return []
    marks = ",".join(["%s"] * len(fresh))
    found = await database.fetch(
        f"SELECT batch, noted_at, body FROM call_changes WHERE batch IN ({marks}) ORDER BY noted_at",  # noqa: S608
        fresh,
    )
    return [Note(bytes(batch).decode(), noted_us, *decoded(body)) for batch, noted_us, body in found]


async def settled(cursor: aiomysql.Cursor, batches: list[str]) -> None:
    """Take notes away, in the transaction that wrote the records."""
    if batches:
        marks = ",".join(["%s"] * len(batches))
        await cursor.execute(f"DELETE FROM call_changes WHERE batch IN ({marks})", tuple(batches))  # noqa: S608
