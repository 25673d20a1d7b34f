"""The view `logs`: log lines and events, one row a packet, with their text."""

from contextlib import suppress
from datetime import date

from appliance.matching.filter import reads_octets
from appliance.matching.kinds import LINES
from appliance.model.kinds import DailyTable, Kind
from appliance.model.octets import text
from appliance.model.quality import LogRow
from appliance.model.rows import Looked, MessageRow
from appliance.query.tree import Node
from appliance.storage import raw as stored
from appliance.storage.connection import Database
from appliance.storage.search import plan, scan
from appliance.storage.search.condition import Condition
from appliance.storage.search.cursor import MessageKey
from appliance.storage.search.messages import Messages
from appliance.storage.search.question import Limits
from appliance.storage.search.source import Found, Span
from appliance.storage.texts import DamagedBlock


class Logs:
    """Lines that fulfil a tree and are filed within the span; terms of text are tried on the lines themselves."""

    def __init__(
        self, database: Database, site: str, tables: plan.Tables, root: Node | None, span: Span, limits: Limits
    ) -> None:
        self.stopped_at: MessageKey | None = None
        self._database = database
        self._packets: Messages | scan.Scan
        if root is not None and reads_octets(root):
            self._packets = scan.Scan(database, site, tables, root, span, limits, LINES)
        else:
            self._packets = Messages(database, site, tables, root, span, LINES)

    async def of_day(self, day: date, most: int, seconds: float) -> list[Found]:
        found = await self._packets.of_day(day, most, seconds)
        self.stopped_at = self._packets.stopped_at
        places = [(DailyTable(day, Kind(each.key[2])), each.key[1]) for each in found]
        lines = await self._lines(places)
        return [
            Found(each.key, log_row(each.row, lines.get(place, b"")))
            for each, place in zip(found, places, strict=True)
            if isinstance(each.row, MessageRow)
        ]

    def places(self, day: date) -> list[tuple[str, Condition]] | None:
        return self._packets.places(day)

    def counts(self, day: date, most: int) -> list[Condition] | None:
        return self._packets.counts(day, most)

    async def looked(self) -> tuple[Looked, ...]:
        return await self._packets.looked()

    async def _lines(self, places: list[stored.Place]) -> dict[stored.Place, bytes]:
        """What lies in a damaged block has no text."""
        try:
            return await stored.payloads(self._database, places)
        except DamagedBlock:
            lines: dict[stored.Place, bytes] = {}
            for place in places:
                with suppress(DamagedBlock):
                    lines |= await stored.payloads(self._database, [place])
            return lines


def log_row(row: MessageRow, line: bytes) -> LogRow:
    """The line of a packet."""
    return LogRow(row.ts, row.callid, row.source_ip, row.node, row.kind, text(line), row.id)
