"""A running appliance that is emptied between recordings, and what is stored in it, read as the product reads it."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from typing import TypeVar

from appliance.model.ids import parse_message_id
from appliance.model.kinds import DailyTable, day_of
from appliance.model.octets import text
from appliance.model.rows import MessageRow
from appliance.settings import MysqlSettings
from appliance.storage import daily_tables, messages, raw
from appliance.storage.connection import Database
from appliance.storage.messages import FoundCall
from appliance.storage.search import MAX_ROWS, Question, search
from tests.appliance import Appliance, eventually

ALL_TIMES_US = (631_152_000_000_000, 4_102_444_800_000_000)
"""1990 to 2100."""
SITE = "hep1"
_AWAY = "call_changes_away"
_Answer = TypeVar("_Answer")


class Store:
    """What one instance holds."""

    def __init__(self, appliance: Appliance) -> None:
        self.appliance = appliance

    def ask(self, question: Callable[[Database], Awaitable[_Answer]]) -> _Answer:
        """The answer to a question to the instance's own database."""

        async def answer() -> _Answer:
            mysql = MysqlSettings(socket=self.appliance.data_dir / "run" / "mysql.sock")
            database = await Database.open(mysql, size=2)
            try:
                return await question(database)
            finally:
                await database.close()

        return asyncio.run(answer())

    def wait_until_stored(self, packets: int, seconds: float = 60) -> None:
        """Until exactly so many packets are stored and each call that they changed has its record."""
        eventually(lambda: (count := self.ask(_packets)) >= packets and str(count), seconds, every=0.1)
        eventually(lambda: not self.ask(_unsettled), seconds, every=0.1)
        assert self.ask(_packets) == packets

    def call(self, callid: bytes) -> FoundCall:
        """What is stored of a Call-ID, without the messages of its other legs."""
        found = self.ask(lambda database: messages.call(database, SITE, callid, only=[text(callid)]))
        assert found is not None, f"nothing is stored of {callid!r}"
        return found

    def messages(self, line: str = "kind:*") -> list[MessageRow]:
        """What a search among messages finds, with the octets, oldest first; without a line everything."""

        async def found(database: Database) -> list[MessageRow]:
            rows = [row async for row in _all(database, line)]
            ids = {row.id: parse_message_id(row.id) for row in rows}
            places = {id_: (DailyTable(parsed.day, parsed.kind), parsed.row) for id_, parsed in ids.items()}
            octets = await raw.payloads(database, places.values())
            return [replace(row, raw=octets[places[row.id]]) for row in reversed(rows)]

        return self.ask(found)

    def empty(self) -> None:
        """Take away all packets, records and tables of other days, and what the settler remembers of calls.

        The settler begins again from the tables after a fault: here, that its notes are gone for a moment.
        """
        forgotten = self._faults()
        self.ask(lambda database: database.execute(f"RENAME TABLE call_changes TO {_AWAY}"))
        eventually(lambda: self._faults() > forgotten, every=0.05)
        self.ask(_delete_everything)
        self.ask(lambda database: database.execute(f"RENAME TABLE {_AWAY} TO call_changes"))

    def _faults(self) -> int:
        return (self.appliance.data_dir / "hepbox.log").read_bytes().count(b"settling_failed")


async def _all(database: Database, line: str) -> AsyncIterator[MessageRow]:
    cursor = None
    while True:
        page = await search(database, SITE, Question(line, *ALL_TIMES_US, "messages", MAX_ROWS, cursor))
        for row in page.rows:
            assert isinstance(row, MessageRow)
            yield row
        if (cursor := page.next) is None:
            return


async def _packets(database: Database) -> int:
    names = [name for name in await daily_tables.all_names(database) if "_capture_" in name and "_texts_" not in name]
    counts = " UNION ALL ".join(f"SELECT COUNT(*) AS packets FROM `{name}`" for name in names)
    found = await database.fetch_one(f"SELECT CAST(SUM(packets) AS SIGNED) FROM ({counts}) AS counted")
    return int(found[0]) if found and found[0] else 0


async def _unsettled(database: Database) -> int:
    found = await database.fetch_one("SELECT COUNT(*) FROM call_changes")
    return int(found[0]) if found else 0


async def _delete_everything(database: Database) -> None:
    today = day_of(time.time_ns() // 1000)
    for name in await daily_tables.all_names(database):
        table = daily_tables.parsed(name)
        if table is not None and table.day < today:
            await database.execute(f"DROP TABLE `{name}`")
        elif table is not None and await database.fetch(f"SELECT 1 FROM `{name}` LIMIT 1"):
            await database.execute(f"DELETE FROM `{name}`")
