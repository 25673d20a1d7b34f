"""Reading what is stored: one message by its id, all messages of a Call-ID with its call."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from appliance.model.ids import HOUR_US, MessageId, callid_hash, hour_key, parse_message_id
from appliance.model.kinds import DAY_US, SIP_KINDS, DailyTable, Kind, day_of, days_between
from appliance.model.octets import octets, text
from appliance.model.rows import CallRow, MessageRow
from appliance.storage import calls, daily_tables, raw
from appliance.storage.connection import Database, Row
from appliance.storage.found_legs import FoundLeg, legs_of
from appliance.storage.rows import columns_of, message_row

MOST_MESSAGES = 5000
"""More messages of one call than this are not read at once; the caller says so."""
MOST_NAMING = 8
"""Messages of one call whose headers may say which other call it belongs to: an INVITE, its copies and hops."""
_RANK = {**dict.fromkeys(SIP_KINDS, 0), Kind.RTCP: 2, Kind.REPORT: 2}
"""What is left out first of a call with more: reports, whose figures are kept apart, then logs and events."""
MOST_WITHOUT_RECORD = 1000
"""Of a Call-ID that is no call and has more (devices register under one for days), those around a time are shown."""
_AROUND_US = HOUR_US
"""How far around a record messages of its Call-ID are its own too: what the settler has not folded yet, and what it
never folds, such as an INVITE whose CSeq cannot be read."""


@dataclass(frozen=True, slots=True)
class FoundCall:
    """Everything stored of one Call-ID around one of its calls."""

    callid: str
    call: CallRow | None
    """None when its messages make no call (REGISTER, OPTIONS …) or it is not settled yet."""
    messages: tuple[MessageRow, ...]
    """In order of time, with raw; at most MOST_MESSAGES, SIP before the rest."""
    others: tuple[int, ...]
    """Starts (microseconds) of other calls of this Call-ID, newest first."""
    legs: tuple[FoundLeg, ...] = ()
    """Every call that is a leg of this one, itself included, the earliest first; none when there is no record."""
    possible: tuple[FoundLeg, ...] = ()
    """Calls that may be legs, and those that somebody cut, the surest first."""

    @property
    def callids(self) -> list[str]:
        """Of the legs whose messages these are."""
        return [leg.callid for leg in self.legs if leg.shown] or [self.callid]


ALL = None
"""Which legs: every one."""


async def message(database: Database, message_id: MessageId) -> MessageRow | None:
    """One stored packet with its octets; None when it is not (or no longer) there."""
    table = DailyTable(message_id.day, message_id.kind)
    if table.name not in await daily_tables.all_names(database):
        return None
    columns = ", ".join(columns_of(table.kind))
    values = await database.fetch_one(
        f"SELECT {columns} FROM `{table.name}` WHERE micro_ts = %s AND id = %s",  # noqa: S608
        (message_id.micro_ts, message_id.row),
    )
    if values is None:
        return None
    payloads = await raw.payloads(database, [(table, message_id.row)])
    row = message_row(message_id.site, table.kind, table.day, values, payloads.get((table, message_id.row)))
    return row if row.id == str(message_id) else None


async def with_texts(
    database: Database, rows: Sequence[MessageRow], names: Collection[str] | None = None
) -> list[MessageRow]:
    """Rows that a search found, with their octets; what is no longer there has none. `names` of all tables, if they
    are known."""
    if not rows:
        return []
    ids = [parse_message_id(row.id) for row in rows]
    places = [(DailyTable(id_.day, id_.kind), id_.row) for id_ in ids]
    names = await daily_tables.all_names(database) if names is None else names
    texts = await raw.readable(database, [place for place in places if place[0].name in names])
    return [replace(row, raw=texts.get(place)) for row, place in zip(rows, places, strict=True)]


async def call(
    database: Database, site: str, callid: bytes, at: int | None = None, only: Collection[str] | None = ALL
) -> FoundCall | None:
    """The call of a Call-ID that `at` (microseconds) lies in, else its latest, with its legs; None when nothing is
    stored of it. `only` are Call-IDs of the legs whose messages are wanted; when none of them is a leg, all are."""
    names = await daily_tables.all_names(database)
    records = await calls.of_callid(database, names, callid)
    chosen = _chosen(records, at)
    others = tuple(record.started for record in records if record is not chosen)
    if chosen is None:
        found = await _latest_messages(database, site, names, callid, at)
        return FoundCall(text(callid), None, tuple(found), others) if found else None
    joined = await legs_of(database, names, chosen, callid_hash(callid))
    wanted = joined.only(only)
    found = []
    for leg in wanted.legs:
        if leg.shown:
            same = records if leg.record is chosen else [leg.record]
            times = _times_of(leg.record, same)
            days = days_between(times[0], times[1] + 1)
            key = callid if leg.record is chosen else octets(leg.callid)
            found += await _messages(database, site, names, key, days, times)
    return FoundCall(text(callid), chosen, tuple(_first(found)), others, wanted.legs, wanted.possible)


async def within(database: Database, site: str, callid: bytes, kind: Kind, times: tuple[int, int]) -> list[MessageRow]:
    """Messages of a Call-ID of one kind between two microseconds, both included, with their octets."""
    names = await daily_tables.all_names(database)
    return await _messages(database, site, names, callid, days_between(times[0], times[1] + 1), times, (kind,))


async def naming(database: Database, site: str, legs: Iterable[FoundLeg]) -> list[MessageRow]:
    """The first messages of these calls that name others, with their octets: what tells why they are legs."""
    names = await daily_tables.all_names(database)
    found: list[MessageRow] = []
    for leg in legs:
        for day in days_between(leg.started, leg.ended + 1):
            table = DailyTable(day, Kind.CALL)
            if table.name in names:
                times = leg.started, leg.ended
                rows = await _of_callid(database, table, octets(leg.callid), times, "AND leg_keys <> ''", MOST_NAMING)
                found += [message_row(site, table.kind, day, values) for values in rows]
    return await with_texts(database, found, names)


def _first(found: list[MessageRow]) -> list[MessageRow]:
    """Of more than are read at once, SIP before the rest; in order of time."""
    if len(found) > MOST_MESSAGES:
        found = sorted(found, key=lambda row: (_RANK.get(row.kind, 1), row.filed_ts, row.id))[:MOST_MESSAGES]
    return sorted(found, key=lambda row: (row.filed_ts, row.id))


def _chosen(records: Sequence[CallRow], at: int | None) -> CallRow | None:
    """`records` are newest first."""
    if at is not None:
        records = [record for record in records if record.started <= at] or records[-1:]
    return records[0] if records else None


def _times_of(chosen: CallRow, records: Sequence[CallRow]) -> tuple[int, int]:
    """First and last microsecond of what is shown with a record; what lies between two is shown with the earlier."""
    later = [record.started - 1 for record in records if record.started > chosen.started]
    earlier = [record.ended + _AROUND_US + 1 for record in records if record.started < chosen.started]
    since = min(chosen.started, max([chosen.started - _AROUND_US, *earlier]))
    return since, max(chosen.started, min([chosen.ended + _AROUND_US, *later]))


async def _latest_messages(
    database: Database, site: str, names: set[str], callid: bytes, at: int | None
) -> list[MessageRow]:
    """Messages of the newest day (not after `at`) that has any, and of the day before it."""
    last = day_of(at) if at is not None else None
    for day in sorted(_days(names), reverse=True):
        if last is not None and day > last:
            continue
        found = await _messages(database, site, names, callid, [day], None)
        if found:
            before = await _messages(database, site, names, callid, [day - timedelta(days=1)], None)
            if at is None or len(before) + len(found) <= MOST_WITHOUT_RECORD:
                return [*before, *found]
            times = at - _AROUND_US, at + _AROUND_US
            return await _messages(database, site, names, callid, days_between(times[0], times[1] + 1), times)
    return []


def _days(names: Iterable[str]) -> set[date]:
    parsed = (daily_tables.parsed(name) for name in names)
    return {table.day for table in parsed if table is not None}


async def _messages(
    database: Database,
    site: str,
    names: set[str],
    callid: bytes,
    days: Sequence[date],
    times: tuple[int, int] | None,
    kinds: Iterable[Kind] = Kind,
) -> list[MessageRow]:
    places: list[tuple[DailyTable, Row]] = []
    for kind in kinds:
        for table in (DailyTable(day, kind) for day in days):
            if table.name in names:
                places += [(table, values) for values in await _of_callid(database, table, callid, times)]
    places = sorted(places, key=lambda place: (_RANK.get(place[0].kind, 1), *place[1][:2]))[:MOST_MESSAGES]
    places = sorted(places, key=lambda place: place[1][:2])
    payloads = await raw.payloads(database, [(table, values[1]) for table, values in places])
    rows = [message_row(site, table.kind, table.day, values) for table, values in places]
    return [
        replace(row, raw=payloads.get((table, values[1]))) for row, (table, values) in zip(rows, places, strict=True)
    ]


async def _of_callid(
    database: Database,
    table: DailyTable,
    callid: bytes,
    times: tuple[int, int] | None,
    more: str = "",
    most: int = MOST_MESSAGES,
) -> Sequence[Row]:
    keys = [hour_key(hour, callid_hash(callid)) for hour in _hours(times)]
    marks = ",".join(["%s"] * len(keys))
    columns = ", ".join(columns_of(table.kind))
    first, last = times or (0, 1 << 62)
    return await database.fetch(
        f"SELECT {columns} FROM `{table.name}` WHERE callid_key IN ({marks}) AND callid = %s"  # noqa: S608
        f" AND micro_ts BETWEEN %s AND %s {more} ORDER BY micro_ts, id LIMIT {most:d}",
        (*keys, callid[:255], first, last),
    )


def _hours(times: tuple[int, int] | None) -> list[int]:
    """UTC hours of the day that a span touches."""
    if times is None or times[1] - times[0] >= DAY_US - HOUR_US:
        return list(range(24))
    first, last = times[0] // HOUR_US, times[1] // HOUR_US
    return sorted({hour % 24 for hour in range(first, last + 1)})
