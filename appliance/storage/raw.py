"""The octets of stored packets: which blocks hold them, fetched and unpacked once."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import lru_cache

from appliance.model.kinds import DailyTable
from appliance.storage import texts
from appliance.storage.connection import Database

BLOCKS_AT_ONCE = 50
BLOCKS_ONCE = 8
_UNPACKED_BLOCKS = 64

Place = tuple[DailyTable, int]
"""A table and a row id in it."""


@lru_cache(maxsize=_UNPACKED_BLOCKS)
def _unpacked(body: bytes) -> list[bytes]:
    return texts.unpack(body)


async def payloads(database: Database, places: Iterable[Place]) -> dict[Place, bytes]:
    """The octets at each place. Raises DatabaseError or texts.DamagedBlock."""
    wanted: dict[DailyTable, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for table, row in places:
        block, index = texts.place(row)
        wanted[table][block].append(index)
    found: dict[Place, bytes] = {}
    for table, blocks in wanted.items():
        numbers = sorted(blocks)
        for start in range(0, len(numbers), BLOCKS_AT_ONCE):
            for block, body in await _bodies(database, table, numbers[start : start + BLOCKS_AT_ONCE]):
                held = _unpacked(body)
                if max(blocks[block]) >= len(held):
                    raise texts.DamagedBlock(f"block {block} of {table.texts} holds {len(held)} payloads")
                for index in blocks[block]:
                    found[table, texts.row_id(block, index)] = held[index]
    return found


async def readable(database: Database, places: Sequence[Place]) -> dict[Place, bytes]:
    """The same without what lies in damaged blocks."""
    try:
        return await payloads(database, places)
    except texts.DamagedBlock:
        found: dict[Place, bytes] = {}
        for place in places:
            with suppress(texts.DamagedBlock):
                found |= await payloads(database, [place])
        return found


async def blocks(
    database: Database, table: DailyTable, numbers: Sequence[int], needles: Sequence[bytes] = ()
) -> list[tuple[int, list[bytes]]]:
    """The payloads of whole blocks, at most BLOCKS_AT_ONCE; of a damaged one as many as it had, without octets; of one
    that does not hold all of `needles` (in lower case) none."""
    marks = ",".join(["%s"] * len(numbers))
    rows = await database.fetch(
        f"SELECT block, messages, body FROM `{table.texts}` WHERE block IN ({marks})",  # noqa: S608
        numbers,
    )
    return await asyncio.to_thread(lambda: [(block, _held(body, count, needles)) for block, count, body in rows])


def _held(body: bytes, count: int, needles: Sequence[bytes]) -> list[bytes]:
    try:
        return texts.unpack(body, needles)
    except texts.DamagedBlock:
        return [b""] * count


async def once(database: Database, table: DailyTable, rows: Iterable[int]) -> dict[int, bytes]:
    """The octets of rows of one table that are not looked at again: nothing is kept of their blocks. What lies in
    damaged ones is left out."""
    wanted: dict[int, list[int]] = defaultdict(list)
    for row in rows:
        block, index = texts.place(row)
        wanted[block].append(index)
    found: dict[int, bytes] = {}
    numbers = sorted(wanted)
    for start in range(0, len(numbers), BLOCKS_ONCE):
        for block, body in await _bodies(database, table, numbers[start : start + BLOCKS_ONCE]):
            with suppress(texts.DamagedBlock):
                held = texts.unpack(body)
                found |= {texts.row_id(block, index): held[index] for index in wanted[block] if index < len(held)}
    return found


async def _bodies(database: Database, table: DailyTable, numbers: list[int]) -> list[tuple[int, bytes]]:
    marks = ",".join(["%s"] * len(numbers))
    rows = await database.fetch(f"SELECT block, body FROM `{table.texts}` WHERE block IN ({marks})", numbers)  # noqa: S608
    return [(block, body) for block, body in rows]
