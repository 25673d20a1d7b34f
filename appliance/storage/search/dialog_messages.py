"""Which Call-IDs begin a dialog where a search met them, and all their messages.

Steps of search/dialogs.py: each asks by `callid_key`, hour by hour, so that nothing else is read.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from appliance.model.ids import HOUR_US, hour_key, hour_of_day
from appliance.model.kinds import DAY_US, DailyTable, Kind, day_of, day_start_us
from appliance.model.octets import text
from appliance.model.rows import MessageRow
from appliance.storage.connection import Database, Row
from appliance.storage.search import plan
from appliance.storage.search.clock import LEAST_SECONDS, Clock
from appliance.storage.search.condition import Condition
from appliance.storage.search.plan import HASH
from appliance.storage.search.source import Span
from appliance.storage.search.statements import select

GAP_US = 24 * HOUR_US
"""After a silence of this length a Call-ID begins a new dialog; of a longer one the first part is read."""
DIALOGS_AT_ONCE = 100
MOST_AT_ONCE = 20_000
MOST_MESSAGES = 5_000
"""Messages of one dialog that are read."""
_COLUMNS = (
    "micro_ts, id, own_ts, arrival_ts, callid, source_ip, source_port, destination_ip, destination_port, node,"
    " payload_hash, method, reply_reason, cseq, cseq_method, from_user, from_tag, to_user"
)
_HOURS = range(24)

Key = tuple[int, int]
"""(micro_ts, id) of a message."""
Firsts = Mapping[int, Key]
"""By the hash of a Call-ID, the first of its messages that is known."""


class DialogMessages:
    """Messages of the tables `rest`, within the span of a search and its time."""

    def __init__(self, database: Database, tables: plan.Tables, span: Span, clock: Clock) -> None:
        self._database = database
        self._tables = tables
        self._span = span
        self._clock = clock

    async def begun_before(self, day: date, firsts: Firsts, low: Key | None) -> set[int]:
        """Hashes of which there are messages before `low` (None: all of the day are known), without a long silence."""
        before: set[int] = set()
        table, yesterday = DailyTable(day, Kind.REST), DailyTable(day - timedelta(days=1), Kind.REST)
        from_us = self._span.from_us
        if low is not None:
            keys = _keys(firsts, range(hour_of_day(max(from_us, day_start_us(day))), hour_of_day(low[0]) + 1))
            where = Condition(
                "micro_ts >= %s AND (micro_ts < %s OR (micro_ts = %s AND id < %s))", (from_us, low[0], low[0], low[1])
            )
            before |= {row[0] for row in await self._of_keys(f"DISTINCT {HASH}", table, keys, where)}
        if from_us < day_start_us(day) and yesterday.name in self._tables.names:
            earliest = max(from_us, min(key[0] for key in firsts.values()) - GAP_US)
            hours = range(hour_of_day(earliest), 24) if day_of(earliest) == yesterday.day else _HOURS
            where = Condition("micro_ts >= %s", (earliest,))
            what = f"{HASH}, MAX(micro_ts)"
            rows = await self._of_keys(what, yesterday, _keys(firsts, hours), where, "GROUP BY 1")
            before |= {hash_ for hash_, last_us in rows if last_us >= firsts[hash_][0] - GAP_US}
        return before

    async def calls(self, day: date, hashes: Iterable[int]) -> set[int]:
        """Those that are calls of this day or the one before."""
        wanted, found = sorted(hashes), set[int]()
        for name in self._tables.of_calls((day, day - timedelta(days=1))):
            if wanted:
                marks, hours = ",".join(["%s"] * len(wanted)), ",".join(map(str, _HOURS))
                sql = f"SELECT hash FROM `{name}` WHERE hour IN ({hours}) AND hash IN ({marks})"  # noqa: S608
                found |= {row[0] for row in await self._select(Condition(sql, tuple(wanted)))}
        return found

    async def whole(self, day: date, firsts: Firsts) -> dict[int, list[MessageRow]]:
        """All messages of dialogs that begin on a day, by hash."""
        found: dict[int, list[MessageRow]] = defaultdict(list)
        items = sorted(firsts.items(), key=lambda item: item[1])
        for start in range(0, len(items), DIALOGS_AT_ONCE):
            for hash_, row in await self._of_dialogs(day, dict(items[start : start + DIALOGS_AT_ONCE])):
                found[hash_].append(row)
        return found

    async def _of_dialogs(self, day: date, firsts: Firsts) -> list[tuple[int, MessageRow]]:
        most = MOST_MESSAGES if len(firsts) == 1 else MOST_AT_ONCE
        times = [key[0] for key in firsts.values()]
        found: list[tuple[int, MessageRow]] = []
        for table in self._tables.of_messages((day, day + timedelta(days=1)), (Kind.REST,)):
            start = max(min(times), day_start_us(table.day))
            end = min(max(times) + GAP_US, self._span.to_us, day_start_us(table.day) + DAY_US)
            if start < end:
                keys = _keys(firsts, range(hour_of_day(start), hour_of_day(end - 1) + 1))
                where = Condition("micro_ts >= %s AND micro_ts < %s", (start, end))
                closing = f"ORDER BY micro_ts, id LIMIT {most:d}"
                rows = await self._of_keys(f"{HASH}, {_COLUMNS}", table, keys, where, closing)
                found += [(row[0], _message(row[1:])) for row in rows if (row[1], row[2]) >= firsts[row[0]]]
        if len(found) < most or len(firsts) == 1:
            return found
        items, middle = list(firsts.items()), len(firsts) // 2
        return [*await self._of_dialogs(day, dict(items[:middle])), *await self._of_dialogs(day, dict(items[middle:]))]

    async def _of_keys(
        self, what: str, table: DailyTable, keys: Sequence[int], where: Condition, closing: str = ""
    ) -> list[Row]:
        marks = ",".join(["%s"] * len(keys))
        sql = f"SELECT {what} FROM `{table.name}` WHERE callid_key IN ({marks}) AND {where.sql} {closing}"  # noqa: S608
        return await self._select(Condition(sql, (*keys, *where.arguments)))

    async def _select(self, wanted: Condition) -> list[Row]:
        return await select(self._database, wanted, max(self._clock.left, LEAST_SECONDS))


def _keys(hashes: Iterable[int], hours: range) -> list[int]:
    return [hour_key(hour, hash_) for hour in hours for hash_ in sorted(hashes)]


def row_number(message: MessageRow) -> int:
    """The row id of one that was read here."""
    return int(message.id.partition("-")[2])


def _message(values: Sequence[Any]) -> MessageRow:
    """What the fold looks at of a message; its id only tells it from the others."""
    (micro_ts, id_, own_ts, arrival_ts, callid, source_ip, source_port, destination_ip, destination_port, node, hash_,
     method, reason, cseq, cseq_method, from_user, from_tag, to_user) = values  # fmt: skip
    return MessageRow(
        id=f"{micro_ts}-{id_}", kind=Kind.REST, ts=micro_ts if own_ts is None else own_ts, filed_ts=micro_ts,
        arrival_ts=arrival_ts, callid=text(callid), source_ip=text(source_ip), source_port=source_port,
        destination_ip=text(destination_ip), destination_port=destination_port, proto="", node=text(node),
        correlation_id="", payload_hash=hash_, size=0, protocol_type=1, method=text(method), reply_reason=text(reason),
        cseq=cseq, cseq_method=text(cseq_method), from_user=text(from_user), from_tag=text(from_tag),
        to_user=text(to_user),
    )  # fmt: skip
