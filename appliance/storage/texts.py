"""Payloads in compressed blocks: what `*_texts_*` tables hold beside the slim rows.

A block is zstd over little-endian 32-bit integers (how many, then the length of each) and the octets one after
the other. A row's id names its place: `id >> 16` is the block, `id & 65535` the index in it.
"""

import struct
from collections.abc import Sequence

import zstandard

INDEX_BITS = 16
MOST_IN_BLOCK = (1 << INDEX_BITS) - 1
LARGEST_BLOCK_BYTES = 256 << 20
"""More than a block of ours can unpack to; what claims more is damaged."""

_COMPRESSION_LEVEL = 3
_compressor = zstandard.ZstdCompressor(level=_COMPRESSION_LEVEL, write_content_size=True)


class DamagedBlock(ValueError):
    """The octets in the table are not a block that `pack` made."""


def pack(payloads: Sequence[bytes]) -> bytes:
    """One block of at most MOST_IN_BLOCK payloads."""
    count = len(payloads)
    head = struct.pack(f"<{count + 1}I", count, *map(len, payloads))
    return _compressor.compress(head + b"".join(payloads))


def unpack(body: bytes, needles: Sequence[bytes] = ()) -> list[bytes]:
    """The payloads of a block; none when it does not hold all of these, whatever their case. Raises DamagedBlock."""
    try:
        plain = zstandard.ZstdDecompressor().decompress(body, max_output_size=LARGEST_BLOCK_BYTES)
        if needles and not _holds(plain.lower(), needles):
            return []
        (count,) = struct.unpack_from("<I", plain)
        lengths = struct.unpack_from(f"<{count}I", plain, 4)
    except (zstandard.ZstdError, struct.error) as error:
        raise DamagedBlock(str(error)) from error
    payloads, position = [], 4 * (count + 1)
    if position + sum(lengths) != len(plain):
        raise DamagedBlock(f"{count} payloads do not make up {len(plain)} octets")
    for length in lengths:
        payloads.append(plain[position : position + length])
        position += length
    return payloads


def _holds(lowered: bytes, needles: Sequence[bytes]) -> bool:
    return all(needle in lowered for needle in needles)


def row_id(block: int, index: int) -> int:
    """The id of the row whose payload is the index-th of a block."""
    return block << INDEX_BITS | index


def place(row: int) -> tuple[int, int]:
    """(block, index) of a row id."""
    return row >> INDEX_BITS, row & MOST_IN_BLOCK
