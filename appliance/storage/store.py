"""One transaction of a writer: the batches' names, the texts, the rows, and which calls changed.

Row ids are `block << 16 | index`; a block's number is the microsecond of the day at which
it was made and the writer's number, which two writers can make equal only by a fault: then the key refuses it.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from operator import attrgetter

import aiomysql
import pymysql.err

from appliance.model.kinds import DAY_US, DailyTable, quality_ends_table, quality_table
from appliance.settings import MysqlSettings
from appliance.storage import changes, texts
from appliance.storage.bulk import can_load, insert, insert_one, load
from appliance.storage.bundle import Bundle, NewRow, line_of
from appliance.storage.connection import connect
from appliance.storage.faults import RefusedRows, StoreError, meaning
from appliance.storage.reports import ends_of, lines_of

WRITER_BITS = 11
"""Bits of a block's number for the writer, under the microsecond of the day."""
_BY_TIME = attrgetter("micro_ts")
_HALF_DAY = (DAY_US // 2) << WRITER_BITS
_ERRORS = (pymysql.err.MySQLError, OSError, EOFError, RuntimeError, AttributeError)
"""Also what aiomysql 0.3 raises when its connection breaks under it."""


class Store:
    """A writer's own connection."""

    def __init__(self, settings: MysqlSettings, writer: int, clock: Callable[[], float] = time.time) -> None:
        self._settings = settings
        self._writer = writer & (1 << WRITER_BITS) - 1
        self._clock = clock
        self._last_number = 0
        self._connection: aiomysql.Connection | None = None
        self._can_load = True

    async def store(self, bundle: Bundle) -> None:
        """Store all of a bundle or nothing. Raises StoreError."""
        await self._transaction(bundle, keep=True)

    async def would_take(self, rows: list[NewRow]) -> bool:
        """Whether the server takes these rows; nothing is kept. Raises StoreError but RefusedRows."""
        try:
            await self._transaction(Bundle(rows=rows), keep=False)
        except RefusedRows:
            return False
        return True

    async def known(self, names: Sequence[str]) -> set[str]:
        """Which of these batches are stored. Raises StoreError."""
        try:
            connection = await self._connected()
            async with connection.cursor() as cursor:
                marks = ",".join(["%s"] * len(names))
                await cursor.execute(f"SELECT name FROM ingest_ledger WHERE name IN ({marks})", tuple(names))  # noqa: S608
                found = await cursor.fetchall()
            await connection.rollback()
            return {bytes(name).decode() for (name,) in found}
        except _ERRORS as error:
            await self._roll_back()
            raise meaning(error) from error

    async def close(self) -> None:
        """Let go of the connection; the next transaction makes a new one."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    async def _transaction(self, bundle: Bundle, keep: bool) -> None:
        ledger = False
        try:
            connection = await self._connected()
            async with connection.cursor() as cursor:
                await connection.begin()
                ledger = True
                await _write_ledger(cursor, bundle, self._now_us())
                ledger = False
                bundle.blocks = await self._write_rows(cursor, bundle.rows)
                await _write_notes(cursor, bundle, self._now_us())
                await (connection.commit() if keep else connection.rollback())
        except StoreError:
            await self._roll_back()
            raise
        except _ERRORS as error:
            await self._roll_back()
            raise meaning(error, ledger) from error

    async def _roll_back(self) -> None:
        if self._connection is None:
            return
        try:
            await self._connection.rollback()
        except _ERRORS:
            await self.close()

    async def _connected(self) -> aiomysql.Connection:
        if self._connection is None or self._connection.closed:
            self._connection = await connect(self._settings, local_infile=True)
            async with self._connection.cursor() as cursor:
                self._can_load = await can_load(cursor)
        return self._connection

    async def _write_rows(self, cursor: aiomysql.Cursor, rows: list[NewRow]) -> list[tuple[int, list[NewRow]]]:
        """Returns `Bundle.blocks`."""
        by_table: dict[DailyTable, list[NewRow]] = defaultdict(list)
        for row in rows:
            by_table[row.table].append(row)
        reports: dict[str, list[bytes]] = defaultdict(list)
        blocks: list[tuple[int, list[NewRow]]] = []
        for table, group in sorted(by_table.items()):
            # receivers' batches overlap in time: a row that belongs before others splits a full page into two half ones
            group.sort(key=_BY_TIME)
            for start in range(0, len(group), texts.MOST_IN_BLOCK):
                part = group[start : start + texts.MOST_IN_BLOCK]
                number = await self._write_block(cursor, table, part)
                blocks.append((number, part))
                for index, row in enumerate(part):
                    if row.reports is not None:
                        key = row.micro_ts, texts.row_id(number, index)
                        reports[quality_table(table.day)] += lines_of(*key, row.reports)
                        reports[quality_ends_table(table.day)] += ends_of(*key, row.reports)
        for name, lines in reports.items():
            if lines:
                await (load if self._can_load else insert)(cursor, name, lines)
        return blocks

    async def _write_block(self, cursor: aiomysql.Cursor, table: DailyTable, rows: list[NewRow]) -> int:
        """Returns the block's number."""
        number = self._next_number()
        times = [row.micro_ts for row in rows]
        body = texts.pack([row.payload for row in rows])
        await insert_one(cursor, table.texts, (number, min(times), max(times), len(rows), body))
        lines = [line_of(row, texts.row_id(number, index)) for index, row in enumerate(rows)]
        await (load if self._can_load else insert)(cursor, table.name, lines)
        return number

    def _next_number(self) -> int:
        """Grows while the clock does; over midnight it begins again with the day."""
        number = (self._now_us() % DAY_US) << WRITER_BITS | self._writer
        if number <= self._last_number < number + _HALF_DAY:
            number = self._last_number + (1 << WRITER_BITS)
        self._last_number = number
        return number

    def _now_us(self) -> int:
        return int(self._clock() * 1_000_000)


async def _write_ledger(cursor: aiomysql.Cursor, bundle: Bundle, now_us: int) -> None:
    if bundle.batches:
        values = ",".join(["(%s,%s,%s)"] * len(bundle.batches))
        arguments = [part for name, packets in bundle.batches for part in (name, now_us, packets)]
        await cursor.execute(f"INSERT INTO ingest_ledger (name, stored_at, packets) VALUES {values}", arguments)  # noqa: S608


async def _write_notes(cursor: aiomysql.Cursor, bundle: Bundle, now_us: int) -> None:
    if bundle.changes or bundle.opinions or bundle.registered:
        body = changes.encoded(bundle.changes, bundle.opinions, bundle.registered)
        note = (bundle.batches[0][0].encode(), now_us, body)
        await insert_one(cursor, "call_changes", note, "(batch, noted_at, body)")
    for packet in bundle.quarantine:
        await cursor.execute(
            "INSERT INTO quarantine (put_at, reason, batch, sender, data) VALUES (%s, %s, %s, %s, %s)",
            (now_us, packet.reason[:255], packet.batch, packet.sender[:64], packet.data),
        )
