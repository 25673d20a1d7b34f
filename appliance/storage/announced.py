"""Rows that were just stored as octets, and back: what a writer tells to whoever watches live.

zstd over  number of rows stored u32, then for each row that is told
row        kind u8, micro_ts u64, id u64, own_ts i64, arrival_ts u64, length of tail u32, length of octets i32,
           tail, octets; little-endian; own_ts -1 is none, length -1 that the octets are not told

calls      zstd over JSON: number of records written, then a list of values for each record that is told
"""

import dataclasses
import json
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import zstandard

from appliance.matching.widths import width
from appliance.model.ids import MessageId
from appliance.model.kinds import Kind, day_of
from appliance.model.octets import octets, text
from appliance.model.rows import CallRow, CallState, MessageRow
from appliance.storage.bundle import NewRow, fields_of
from appliance.storage.noted import noted_row
from appliance.storage.texts import row_id

Row = TypeVar("Row")

LARGEST_TEXT = 65_536
"""Octets of a message that is told whole."""
LARGEST_BODY_BYTES = 256 << 20
_COUNT = struct.Struct("<I")
_ROW = struct.Struct("<BQQqQIi")
_CALL_FIELDS = tuple(field.name for field in dataclasses.fields(CallRow))
_KINDS = tuple(Kind)
_NUMBERS = {kind: number for number, kind in enumerate(_KINDS)}


class Unreadable(ValueError):
    """The octets are not what `encoded` of this version makes; a process that is replaced may tell another's."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A row with the id that it was stored under."""

    id: int
    row: NewRow


def stored(blocks: Sequence[tuple[int, list[NewRow]]], most: int) -> list[Stored]:
    """The rows of `Bundle.blocks`, of more than `most` some from everywhere among them."""
    total = sum(len(rows) for _, rows in blocks)
    if total <= most:
        return [Stored(row_id(number, index), row) for number, rows in blocks for index, row in enumerate(rows)]
    found, before, taken = [], 0, 0
    for number, rows in blocks:
        while taken < most and (place := taken * total // most - before) < len(rows):
            found.append(Stored(row_id(number, place), rows[place]))
            taken += 1
        before += len(rows)
    return found


def encoded(count: int, rows: Sequence[Stored], *, texts: bool) -> bytes:
    """`count` rows were stored, and these are told; with `texts` their octets too."""
    pieces = [_COUNT.pack(count)]
    for each in rows:
        row = each.row
        payload = row.payload if texts and len(row.payload) <= LARGEST_TEXT else None
        own_ts, length = -1 if row.own_ts is None else row.own_ts, -1 if payload is None else len(payload)
        head = _NUMBERS[row.table.kind], row.micro_ts, each.id, own_ts, row.arrival_ts, len(row.tail), length
        pieces += (_ROW.pack(*head), row.tail, payload or b"")
    return packed(b"".join(pieces))


def decoded(site: str, body: bytes) -> tuple[int, Iterator[MessageRow]]:
    """The inverse of `encoded`; rows are made as they are asked for, `raw` None where the octets were not told.

    Raises Unreadable, also while rows are asked for.
    """
    plain = unpacked(body)
    if len(plain) < _COUNT.size:
        raise Unreadable("there is no number of rows")
    return _COUNT.unpack_from(plain)[0], readable(_rows(site, plain))


def encoded_calls(count: int, records: Sequence[CallRow]) -> bytes:
    """`count` records were written, and these are told, their texts as the tables keep them."""
    values = [[_kept(name, getattr(record, name)) for name in _CALL_FIELDS] for record in records]
    return packed(json.dumps([count, values]).encode())


def decoded_calls(body: bytes) -> tuple[int, Iterator[CallRow]]:
    """The inverse of `encoded_calls`. Raises Unreadable, also while rows are asked for."""
    try:
        count, records = json.loads(unpacked(body))
        return int(count), readable(map(_call, records))
    except (ValueError, TypeError) as error:
        raise Unreadable(str(error)) from error


def packed(plain: bytes) -> bytes:
    """As it goes through the buffer."""
    return zstandard.ZstdCompressor(level=1, write_content_size=True).compress(plain)


def unpacked(body: bytes) -> bytes:
    """The inverse of `packed`. Raises Unreadable."""
    try:
        return zstandard.ZstdDecompressor().decompress(body, max_output_size=LARGEST_BODY_BYTES)
    except zstandard.ZstdError as error:
        raise Unreadable(str(error)) from error


def readable(rows: Iterator[Row]) -> Iterator[Row]:
    try:
        yield from rows
    except (struct.error, ValueError, TypeError, LookupError) as error:
        raise Unreadable(str(error)) from error


def _kept(name: str, value: object) -> object:
    return text(octets(value)[: width(name)]) if isinstance(value, str) else value


def _call(values: Sequence[object]) -> CallRow:
    named = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in zip(_CALL_FIELDS, values, strict=True)
    }
    return CallRow(**{**named, "state": CallState(named["state"])})  # type: ignore[arg-type]


def _rows(site: str, plain: bytes) -> Iterator[MessageRow]:
    position = _COUNT.size
    while position < len(plain):
        number, micro_ts, id_, own_ts, arrival_ts, tail_length, length = _ROW.unpack_from(plain, position)
        middle = position + _ROW.size + tail_length
        position = middle + max(length, 0)
        kind, tail = _KINDS[number], plain[middle - tail_length : middle]
        times = micro_ts, micro_ts if own_ts < 0 else own_ts, arrival_ts
        row = _sip(kind, times, tail) if kind.is_sip else _packet(kind, times, tail)
        row.id = str(MessageId(site, kind, day_of(micro_ts), micro_ts, id_))
        row.raw = plain[middle:position] if length >= 0 else None
        yield row


def _sip(kind: Kind, times: tuple[int, int, int], tail: bytes) -> MessageRow:
    row = noted_row(b"%d\t%d\t%d\t%b" % (*times, tail), 0)
    row.kind = kind
    row.problems = _words(fields_of(tail.rpartition(b"\t")[2])[0])
    return row


def _packet(kind: Kind, times: tuple[int, int, int], tail: bytes) -> MessageRow:
    """The columns of daily/packet.sql from `callid` on."""
    columns = [column or b"" for column in fields_of(tail)]
    callid, source_ip, source_port, destination_ip, destination_port, proto, node, correlation_id = columns[:8]
    protocol_type, size, payload_hash, problems = columns[8:]
    filed_us, own_us, arrival_us = times
    return MessageRow(
        "", kind, own_us, filed_us, arrival_us, text(callid), text(source_ip), int(source_port), text(destination_ip),
        int(destination_port), text(proto), text(node), text(correlation_id), int(payload_hash), int(size),
        int(protocol_type), _words(problems),
    )  # fmt: skip


def _words(problems: bytes | None) -> tuple[str, ...]:
    return tuple(text(problems).split(",")) if problems else ()
