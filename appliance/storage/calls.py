"""Call records: read by Call-ID, and written by the settler together with the notes that it took away."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from operator import attrgetter

import aiomysql

from appliance.calls.joins.edge import Place
from appliance.model.ids import callid_hash, hour_of_day
from appliance.model.kinds import DailyTable, Kind, calls_table, day_of
from appliance.model.octets import octets, whole_words
from appliance.model.rows import CallRow, MessageRow
from appliance.storage import bulk, changes, leg_writes
from appliance.storage.bundle import tail_of
from appliance.storage.connection import Database
from appliance.storage.leg_writes import LegWrites
from appliance.storage.rows import CALL_COLUMNS, MESSAGE_COLUMNS, call_row, message_row

_WORD, _LONG = 160, 255
_TEXTS = {
    "callid": _LONG,
    "reply_reason": 128,
    "from_user": _WORD,
    "from_domain": _WORD,
    "to_user": _WORD,
    "to_domain": _WORD,
    "ruri_user": _WORD,
    "from_country": 2,
    "to_country": 2,
    "source_ip": _WORD,
    "destination_ip": _WORD,
    "user_agent": _LONG,
    "pid_user": _WORD,
}
"""What the network said, and how many octets the column takes."""
_LISTS = {"causes": _LONG, "codecs": _LONG, "nodes": _LONG, "countries": 5}
_OURS = tuple(name for name in CALL_COLUMNS if name not in _TEXTS and name not in _LISTS)
"""Numbers and words of ours: nothing to cut or to escape, but they may be unknown."""
_LINE_COLUMNS = ("hour", "hash", *_OURS, "due", *_TEXTS, *_LISTS, "leg_facts")
_texts_of, _lists_of, _ours_of = attrgetter(*_TEXTS), attrgetter(*_LISTS), attrgetter(*_OURS)
_ALL_HOURS = ",".join(str(hour) for hour in range(24))
KEYS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Home:
    """Where a record lies."""

    day: date
    hour: int
    hash: int
    started: int
    ended: int
    callid: bytes


async def of_callid(database: Database, names: set[str], callid: bytes) -> list[CallRow]:
    """All records of a Call-ID, newest first."""
    columns = ", ".join(CALL_COLUMNS)
    tables = [name for name in sorted(names, reverse=True) if name.startswith("calls_")]
    found: list[CallRow] = []
    for name in tables:
        rows = await database.fetch(
            f"SELECT {columns} FROM `{name}` WHERE hour IN ({_ALL_HOURS}) AND hash = %s AND callid = %s"  # noqa: S608
            " ORDER BY started DESC",
            (callid_hash(callid), callid[:255]),
        )
        found += [call_row(row) for row in rows]
    return found


async def homes(database: Database, day: date, hours: Iterable[int], hashes: Sequence[int]) -> list[Home]:
    """Records of these hashes in some hours of a day; the table must be there."""
    found: list[Home] = []
    in_hours = ",".join(str(hour) for hour in sorted(set(hours)))
    for start in range(0, len(hashes), KEYS_AT_ONCE):
        part = hashes[start : start + KEYS_AT_ONCE]
        marks = ",".join(["%s"] * len(part))
        rows = await database.fetch(
            f"SELECT hour, hash, started, ended, callid FROM `{calls_table(day)}`"  # noqa: S608
            f" WHERE hour IN ({in_hours}) AND hash IN ({marks})",
            part,
        )
        found += [Home(day, hour, hash_, started, ended, callid) for hour, hash_, started, ended, callid in rows]
    return found


async def overdue(database: Database, day: date, now_us: int, most: int) -> list[Home]:
    """Records that say more as time goes by (a call without an answer times out), and whose time has come."""
    rows = await database.fetch(
        f"SELECT hour, hash, started, ended, callid FROM `{calls_table(day)}`"  # noqa: S608
        " WHERE due <= %s ORDER BY due LIMIT %s",
        (now_us, most),
    )
    return [Home(day, hour, hash_, started, ended, callid) for hour, hash_, started, ended, callid in rows]


async def messages_of(database: Database, day: date, keys: Sequence[int]) -> list[tuple[int, MessageRow]]:
    """(key, message) of calls by `callid_key`, without their octets; the table must be there."""
    table = DailyTable(day, Kind.CALL)
    columns = ", ".join(MESSAGE_COLUMNS)
    found: list[tuple[int, MessageRow]] = []
    for start in range(0, len(keys), KEYS_AT_ONCE):
        part = keys[start : start + KEYS_AT_ONCE]
        marks = ",".join(["%s"] * len(part))
        rows = await database.fetch(
            f"SELECT callid_key, {columns} FROM `{table.name}` WHERE callid_key IN ({marks})",  # noqa: S608
            part,
        )
        found += [(key, message_row("", Kind.CALL, day, row)) for key, *row in rows]
    return found


@dataclass(frozen=True, slots=True)
class Settled:
    """What one turn of the settler writes: records in place of old ones, and notes that are done with."""

    records: Sequence[tuple[CallRow, int | None]]
    """(record, when it must be folded again in microseconds, or None)."""
    replaced: Sequence[Home]
    notes: Sequence[str]
    opinions: Sequence[tuple[Home, int]] = ()
    """Records that stay, with a MOS in hundredths that is lower than theirs."""
    legs: LegWrites = field(default_factory=LegWrites)
    names: set[str] = field(default_factory=set)
    """Tables that exist, for what is written of legs."""


async def write(database: Database, settled: Settled) -> None:
    """One transaction: old records out, new ones in, notes away. The tables must be there."""
    async with database.transaction() as cursor:
        if settled.replaced:
            await _remove(cursor, _left_behind(settled))
        await _insert(cursor, settled.records, settled.legs.facts)
        await leg_writes.write(cursor, settled.names, settled.legs)
        await _lower(cursor, settled.opinions)
        await changes.settled(cursor, list(settled.notes))


def _left_behind(settled: Settled) -> list[Home]:
    """Old records that no new one takes the place of."""
    kept = {
        (hour_of_day(record.started), callid_hash(octets(record.callid)), record.started)
        for record, _ in settled.records
    }
    return [home for home in settled.replaced if (home.hour, home.hash, home.started) not in kept]


async def _remove(cursor: aiomysql.Cursor, homes: Sequence[Home]) -> None:
    by_day: dict[date, list[tuple[int, int, int]]] = defaultdict(list)
    for home in homes:
        by_day[home.day].append((home.hour, home.hash, home.started))
    for day, keys in sorted(by_day.items()):
        await cursor.executemany(
            f"DELETE FROM `{calls_table(day)}` WHERE hour = %s AND hash = %s AND started = %s",  # noqa: S608
            sorted(keys),
        )


async def _insert(
    cursor: aiomysql.Cursor, records: Sequence[tuple[CallRow, int | None]], facts: Mapping[Place, bytes]
) -> None:
    by_day: dict[date, list[tuple[tuple[int, int], bytes]]] = defaultdict(list)
    for record, due in records:
        by_day[day_of(record.started)].append(_line(record, due, facts))
    columns = "(" + ", ".join(_LINE_COLUMNS) + ")"
    put = bulk.load if await bulk.can_load(cursor) else bulk.insert
    for day, keyed in sorted(by_day.items()):
        await put(cursor, calls_table(day), [line for _, line in sorted(keyed)], columns, True)


async def _lower(cursor: aiomysql.Cursor, opinions: Sequence[tuple[Home, int]]) -> None:
    by_day: dict[date, list[tuple[int, int, int, int]]] = defaultdict(list)
    for home, hundredths in opinions:
        by_day[home.day].append((home.hour, home.hash, home.started, hundredths))
    for day, told in sorted(by_day.items()):
        for start in range(0, len(told), KEYS_AT_ONCE):
            part = sorted(told[start : start + KEYS_AT_ONCE])
            rows = " UNION ALL ".join(["SELECT %s AS hour, %s AS hash, %s AS started, %s AS mos"] * len(part))
            await cursor.execute(
                f"UPDATE `{calls_table(day)}` AS stored JOIN ({rows}) AS told"  # noqa: S608
                " ON stored.hour = told.hour AND stored.hash = told.hash AND stored.started = told.started"
                " SET stored.mos = told.mos / 100 WHERE stored.mos IS NULL OR stored.mos > told.mos / 100",
                [value for row in part for value in row],
            )


def _line(record: CallRow, due: int | None, facts: Mapping[Place, bytes]) -> tuple[tuple[int, int], bytes]:
    """(key to sort by, line of `_LINE_COLUMNS`)."""
    key = hour_of_day(record.started), callid_hash(octets(record.callid))
    ours = "\t".join(["\\N" if value is None else str(value) for value in (*key, *_ours_of(record), due)])
    texts = [octets(value)[:width] for value, width in zip(_texts_of(record), _TEXTS.values(), strict=True)]
    for words, width in zip(_lists_of(record), _LISTS.values(), strict=True):
        texts.append(whole_words(words, width) if words else b"")
    texts.append(facts.get((record.started, key[1]), b""))
    return key, b"%b\t%b\n" % (ours.encode(), tail_of(texts))
