"""Reading what reports say of a call's media: by its Call-IDs, and by the addresses of its SDP.

A report belongs to a call by its Call-ID. One without a Call-ID, or with one that no call has (a channel's name, a
probe's own), belongs to the call whose media ran at that address and port at that time.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from operator import attrgetter

from appliance.model.ids import HASH_MASK, HOUR_US, callid_hash, hour_key
from appliance.model.kinds import DAY_US, calls_table, day_start_us, days_between, quality_ends_table, quality_table
from appliance.model.octets import octets, text
from appliance.model.quality import Measured, QualityRow, ReportKind
from appliance.quality.senders import apart
from appliance.storage.connection import Database, Row
from appliance.storage.media_ends import End, sought
from appliance.storage.rows import QUALITY_COLUMNS, quality_row

MOST_REPORTS = 5000
"""Reported streams of one call that are read at once: the newest of them."""
AFTER_US = 300_000_000
"""How long after a call's last message reports of its Call-ID come: phones tell minutes later what they measured."""
AFTER_AT_ENDS_US = 30_000_000
"""The same for its media addresses, which other calls use soon."""
BEFORE_US = 5_000_000
"""How much before its first message, by clocks that differ."""
COPIES_US = 32_000_000
"""As long as SIP sends a request again (RFC 3261, 17.1.2.2)."""
MOST_ENDS = 200
_IN_SIP = frozenset({ReportKind.RTP_STAT, ReportKind.VQ_RTCPXR})
KEYS_AT_ONCE = 500
_TIME = attrgetter("ts")
_COLUMNS = ", ".join(QUALITY_COLUMNS)
_STORED_COLUMNS = ", ".join(f"stored.{column}" for column in QUALITY_COLUMNS)
_CALLID, _ENDS = QUALITY_COLUMNS.index("callid"), slice(9, 13)


async def of_call(
    database: Database,
    names: set[str],
    callids: Sequence[str | bytes],
    media: Sequence[End],
    from_us: int,
    to_us: int,
    site: str = "",
) -> list[QualityRow]:
    """Streams that reports tell of, in order of time, out of the newest `MOST_REPORTS` rows.

    `names` are the tables that exist, `callids` those of the call's legs, `media` the RTP addresses and ports of its
    SDP, `from_us` and `to_us` its first and last message; `site` begins the rows' ids.
    """
    span = (from_us - BEFORE_US, to_us + AFTER_US)
    span_at_ends = (span[0], to_us + AFTER_AT_ENDS_US)
    wanted = [callid if isinstance(callid, bytes) else octets(callid) for callid in callids if callid]
    ends = sought(list(media)[:MOST_ENDS])
    found: dict[tuple[date, int, int, int], Row] = {}
    for day in days_between(*span):
        if quality_table(day) not in names:
            continue
        left = MOST_REPORTS - len(found)
        of_day = await _by_callid(database, day, wanted, span, left)
        of_day += await _by_ends(database, names, day, ends, {callid[:255] for callid in wanted}, span_at_ends, left)
        found |= {(day, *row[:3]): row for row in of_day}
    newest = sorted(found, key=lambda key: key[1:])[-MOST_REPORTS:]
    rows = _once(sorted((quality_row(site, key[0], found[key]) for key in newest), key=_TIME))
    return [replace(row, measured=one) for row in rows for one in apart(row.measured)]


def _once(rows: Sequence[QualityRow]) -> list[QualityRow]:
    """Without what a message says again at its next hop, or when it is sent again."""
    kept: list[QualityRow] = []
    said: dict[Measured, int] = {}
    for row in rows:
        if row.measured.kind in _IN_SIP:
            if row.ts - said.get(row.measured, -COPIES_US) < COPIES_US:
                continue
            said[row.measured] = row.ts
        kept.append(row)
    return kept


async def lowest_mos(
    database: Database,
    names: Iterable[str],
    keys: Mapping[date, Sequence[int]],
    from_us: int | None = None,
    to_us: int | None = None,
) -> dict[int, int]:
    """The lowest MOS in hundredths by hash of the Call-ID, among rows with these `callid_key`s, by day.

    Without times (both within) the index alone answers.
    """
    within, span = ("", ()) if from_us is None else (" AND micro_ts BETWEEN %s AND %s", (from_us, to_us))
    there, found = set(names), dict[int, int]()
    for day, of_day in keys.items():
        for start in range(0, len(of_day) if quality_table(day) in there else 0, KEYS_AT_ONCE):
            part = of_day[start : start + KEYS_AT_ONCE]
            rows = await database.fetch(
                f"SELECT callid_key, MIN(mos_hundredths) FROM `{quality_table(day)}`"  # noqa: S608
                f" WHERE callid_key IN ({_marks(part)}) AND mos_hundredths IS NOT NULL{within} GROUP BY callid_key",
                (*part, *span),
            )
            for key, hundredths in rows:
                hash_ = key & HASH_MASK
                found[hash_] = min(found.get(hash_, hundredths), hundredths)
    return found


async def worst_of(
    database: Database,
    names: Iterable[str],
    keys: Mapping[date, Sequence[int]],
    spans: Mapping[int, tuple[int, int]],
) -> dict[int, list[QualityRow]]:
    """Streams with a MOS by hash of the Call-ID, within the span (both within) of each: the worst `MOST_REPORTS` of a
    statement, in no order."""
    there, found = set(names), defaultdict[int, list[QualityRow]](list)
    for day, of_day in keys.items():
        for start in range(0, len(of_day) if quality_table(day) in there else 0, KEYS_AT_ONCE):
            part = of_day[start : start + KEYS_AT_ONCE]
            rows = await database.fetch(
                f"SELECT callid_key, {_COLUMNS} FROM `{quality_table(day)}` WHERE callid_key IN ({_marks(part)})"  # noqa: S608
                f" AND mos_hundredths IS NOT NULL ORDER BY mos_hundredths LIMIT {MOST_REPORTS}",
                part,
            )
            for key, *values in rows:
                first_us, last_us = spans[key & HASH_MASK]
                if first_us <= values[0] <= last_us:
                    found[key & HASH_MASK].append(quality_row("", day, values))
    return found


async def _by_callid(
    database: Database, day: date, callids: Sequence[bytes], span: tuple[int, int], most: int
) -> list[Row]:
    keys = [hour_key(hour, callid_hash(callid)) for callid in callids for hour in _hours(day, span)]
    if not keys:
        return []
    cut = [callid[:255] for callid in callids]
    where = f"callid_key IN ({_marks(keys)}) AND callid IN ({_marks(cut)})"
    return await _rows(database, day, where, (*keys, *cut), span, most)


async def _by_ends(
    database: Database,
    names: set[str],
    day: date,
    ends: Mapping[int, End],
    own: set[bytes],
    span: tuple[int, int],
    most: int,
) -> list[Row]:
    """Rows with an end of the call's, but those of another call that is known by their Call-ID."""
    keys = [hour_key(hour, hash_) for hash_ in ends for hour in _hours(day, span)]
    rows: list[Row] = []
    for start in range(0, len(keys) if quality_ends_table(day) in names else 0, KEYS_AT_ONCE):
        part = keys[start : start + KEYS_AT_ONCE]
        rows += await database.fetch(
            f"SELECT {_STORED_COLUMNS} FROM `{quality_ends_table(day)}` AS known JOIN `{quality_table(day)}` AS stored"  # noqa: S608
            " ON stored.micro_ts = known.micro_ts AND stored.id = known.id AND stored.part = known.part"
            f" WHERE known.end_key IN ({_marks(part)}) AND known.micro_ts BETWEEN %s AND %s"
            " ORDER BY known.micro_ts DESC, known.id DESC, known.part DESC LIMIT %s",
            (*part, *span, max(0, 2 * most)),
        )
    places = set(ends.values())
    rows = [row for row in rows if _end(row[9:11]) in places or _end(row[11:13]) in places]
    others = {row[_CALLID] for row in rows} - own - {b""}
    of_others = await _with_a_call(database, names, day, others)
    return [row for row in rows if row[_CALLID] not in of_others]


def _end(values: Sequence[object]) -> End:
    ip, port = values
    assert isinstance(ip, bytes)
    assert isinstance(port, int)
    return text(ip), port


async def _with_a_call(database: Database, names: set[str], day: date, callids: set[bytes]) -> set[bytes]:
    """Those of these Call-IDs that have a call of their own, begun on this day or the one before."""
    tables = [calls_table(one) for one in days_between(day_start_us(day) - DAY_US, day_start_us(day) + DAY_US)]
    hashes = {callid_hash(callid) for callid in callids}
    hours = ",".join(map(str, range(24)))
    found: set[bytes] = set()
    for table in tables if hashes else ():
        if table in names:
            rows = await database.fetch(
                f"SELECT callid FROM `{table}` WHERE hour IN ({hours}) AND hash IN ({_marks(hashes)})",  # noqa: S608
                tuple(hashes),
            )
            found |= {row[0] for row in rows}
    return found & callids


async def _rows(
    database: Database, day: date, where: str, arguments: Sequence[object], span: tuple[int, int], most: int
) -> list[Row]:
    return await database.fetch(
        f"SELECT {_COLUMNS} FROM `{quality_table(day)}` WHERE {where}"  # noqa: S608
        " AND micro_ts BETWEEN %s AND %s ORDER BY micro_ts DESC, id DESC, part DESC LIMIT %s",
        (*arguments, *span, max(0, most)),
    )


def _hours(day: date, span: tuple[int, int]) -> range:
    """UTC hours of a day that a span touches."""
    start = day_start_us(day)
    if span[1] < start:
        return range(0)
    first, last = max(span[0], start) - start, min(span[1], start + DAY_US - 1) - start
    return range(first // HOUR_US, last // HOUR_US + 1)


def _marks(values: Iterable[object]) -> str:
    return ",".join("%s" for _ in values)
