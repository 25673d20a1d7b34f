"""The view `dialogs`: one row a Call-ID that is no call and no registration, folded from its messages when asked.

OPTIONS, SUBSCRIBE with its NOTIFYs, MESSAGE, PUBLISH and whatever else the tables `rest` hold. A dialog begins with the
first message of its Call-ID in the range, or after a long silence; each term is true when any of its messages fulfils
it. Messages are walked from the newest to the oldest, and a dialog is met at its first one.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, timedelta

from appliance.calls import dialogs
from appliance.model.dialogs import DialogRow
from appliance.model.kinds import DailyTable, Kind, day_of
from appliance.model.octets import shown, text
from appliance.model.rows import MessageRow, Total
from appliance.query.tree import Exact, Node, Term, Word
from appliance.sip.headers import headers
from appliance.storage import raw
from appliance.storage.connection import Database, Row
from appliance.storage.search import plan
from appliance.storage.search.beside import Beside, split
from appliance.storage.search.clock import LEAST_SECONDS, Clock
from appliance.storage.search.condition import FALSE, TRUE, Condition, all_of, any_of
from appliance.storage.search.cursor import MessageKey
from appliance.storage.search.dialog_messages import DialogMessages, Key, row_number
from appliance.storage.search.dialog_walk import Walk
from appliance.storage.search.messages import within
from appliance.storage.search.octet_truths import OctetTruths
from appliance.storage.search.plan import HASH
from appliance.storage.search.question import Limits
from appliance.storage.search.source import Found, Span
from appliance.storage.search.statements import TimeOver, select

CHUNK = 500
"""Messages that are walked at once."""
_WITH_EVENT = frozenset({"SUBSCRIBE", "NOTIFY", "PUBLISH"})


class Dialogs:
    """Dialogs that fulfil a tree and began within the span."""

    def __init__(
        self,
        database: Database,
        tables: plan.Tables,
        root: Node | None,
        span: Span,
        limits: Limits,
        apart: bool = False,
    ) -> None:
        """`apart`: each OPTIONS is a row."""
        self.stopped_at: MessageKey | None = None
        self._database = database
        self._tables = tables
        self._by_columns, by_reading = split(root)
        self._truths = OctetTruths(database)
        self._beside = Beside(by_reading, self._truths.of) if by_reading is not None else None
        self._span = span
        self._apart = apart
        self._messages_left = limits.text_messages

    async def of_day(self, day: date, most: int, seconds: float) -> list[Found]:
        table, walk = DailyTable(day, Kind.REST), Walk(most, self._apart, self._messages_left)
        if table.name not in self._tables.names:
            return []
        try:
            if not await self._walk(table, walk, Clock(seconds)):
                self.stopped_at = walk.consumed
        except TimeOver:
            if walk.consumed is None:
                raise
            self.stopped_at = walk.consumed
        self._messages_left = walk.messages_left
        return walk.found(await self._events(table, walk))

    def places(self, day: date) -> list[tuple[str, Condition]] | None:
        return None

    async def count(self, day: date, most: int, seconds: float, *, quick: bool) -> Total:
        table, walk = DailyTable(day, Kind.REST), Walk(most, self._apart, self._messages_left)
        if table.name not in self._tables.names:
            return Total(0, exact=True)
        if quick:
            return Total(0, exact=False)
        try:
            whole = await self._walk(table, walk, Clock(seconds))
        except TimeOver:
            whole = False
        return Total(len(walk.rows), exact=whole and not walk.is_full)

    async def _walk(self, table: DailyTable, walk: Walk, clock: Clock) -> bool:
        """Whether it went to its end: through the day, or until the page was full."""
        span = self._span
        while True:
            chunk = await self._chunk(table, span, clock)
            for key, row in await self._begun(table.day, chunk, clock):
                if walk.take(key, row):
                    return True
            if len(chunk) < CHUNK:
                return True
            walk.passed((chunk[-1][0], chunk[-1][1]))
            span = Span(span.from_us, span.to_us, walk.consumed)
            walk.messages_left -= len(chunk)
            if clock.left == 0 or walk.messages_left <= 0:
                return False

    async def _chunk(self, table: DailyTable, span: Span, clock: Clock) -> list[Row]:
        """(micro_ts, id, hash, what holds of its Call-ID …) of the next messages, the newest first."""
        leaf = self._leaf(table.day)
        asked = TRUE if self._by_columns is None else plan.condition(self._by_columns, leaf)
        where = all_of([within(span, table), Condition("callid <> ''"), asked])
        if where == FALSE:
            return []
        beside = [leaf(node) for node in self._beside.told] if self._beside is not None else []
        columns = ", ".join(["micro_ts", "id", HASH, *(each.sql for each in beside)])
        told = tuple(argument for each in beside for argument in each.arguments)
        sql = (
            f"SELECT {columns} FROM `{table.name}` WHERE {where.sql}"  # noqa: S608
            f" ORDER BY micro_ts DESC, id DESC LIMIT {CHUNK:d}"
        )
        wanted = Condition(sql, (*told, *where.arguments))
        return await select(self._database, wanted, max(clock.left, LEAST_SECONDS))

    def _leaf(self, day: date) -> Callable[[Term | Word], Condition]:
        """A message of the Call-ID fulfils the term: in the table of this day, or of the next."""
        tables = self._tables.of_messages((day, day + timedelta(days=1)), (Kind.REST,))
        in_range = Condition("micro_ts >= %s AND micro_ts < %s", (self._span.from_us, self._span.to_us))

        def leaf(node: Term | Word) -> Condition:
            if isinstance(node, Term) and node.field == "callid" and isinstance(node.value, Exact):
                return plan.callid_of_message(node.value)
            found = []
            for table in tables:
                inner = all_of([in_range, plan.message_leaf(self._tables, table)(node)])
                sql = f"({HASH} IN (SELECT {HASH} FROM `{table.name}` WHERE {inner.sql}))"  # noqa: S608
                found += [Condition(sql, inner.arguments)] if inner != FALSE else []
            return any_of(found)

        return leaf

    async def _begun(self, day: date, chunk: Sequence[Row], clock: Clock) -> list[tuple[Key, DialogRow]]:
        """The dialogs that begin within a chunk, the latest first."""
        firsts: dict[int, Key] = {row[2]: (row[0], row[1]) for row in chunk}
        if not firsts:
            return []
        stored = DialogMessages(self._database, self._tables, self._span, clock)
        low = (chunk[-1][0], chunk[-1][1]) if len(chunk) == CHUNK else None
        others = await stored.begun_before(day, firsts, low)
        others |= await stored.calls(day, firsts.keys() - others)
        packets = await stored.whole(day, {hash_: key for hash_, key in firsts.items() if hash_ not in others})
        if self._beside is not None:
            packets = await self._fulfilling(self._beside, packets, {row[2]: row[3:] for row in chunk})
        folded = [(firsts[hash_], dialogs.fold(rows)) for hash_, rows in packets.items()]
        return sorted(((key, row) for key, row in folded if row is not None), key=lambda each: each[0], reverse=True)

    async def _fulfilling(
        self, beside: Beside[Collection[int]], packets: Mapping[int, list[MessageRow]], told: Mapping[int, Row]
    ) -> dict[int, list[MessageRow]]:
        """Those dialogs, by hash, of which the messages fulfil what is not asked of columns."""
        messages: dict[DailyTable, list[tuple[int, int]]] = defaultdict(list)
        for hash_, rows in packets.items():
            for row in rows:
                messages[DailyTable(day_of(row.filed_ts), row.kind)].append((hash_, row_number(row)))
        self._truths.forget()
        for table, of_table in messages.items():
            await self._truths.read(table, of_table)
        return {hash_: rows for hash_, rows in packets.items() if beside.fulfilled(told[hash_], (hash_,))}

    async def _events(self, table: DailyTable, walk: Walk) -> dict[int, str]:
        """What the Event header of first messages says, where it may be of interest, by place."""
        places = {place: (table, key[1]) for place, (key, row) in enumerate(walk.rows) if row.method in _WITH_EVENT}
        payloads = await raw.readable(self._database, list(places.values()))
        return {place: _event(payloads.get(at, b"")) for place, at in places.items()}


def _event(payload: bytes) -> str:
    found = next((header.value for header in headers(payload) if header.canonical == b"event"), b"")
    return shown(text(found.partition(b";")[0].strip()))[:64]
