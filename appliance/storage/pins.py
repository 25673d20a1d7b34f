"""Pinned calls: copies of their messages and records in tables of their own, which outlive the day's tables.

A day of a billion messages is not kept for one call. What is stored wins over its copy as long as it is there.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from appliance.model.kinds import DAY_US
from appliance.model.octets import octets, text
from appliance.model.quality import QualityRow
from appliance.model.rows import CallRow, MessageRow
from appliance.storage import pinned_quality, pinned_rows
from appliance.storage.accounts import User
from appliance.storage.connection import Database, Row
from appliance.storage.messages import FoundCall

MOST_PINS = 500
MOST_BYTES = 512 << 20
"""Of all copies together, compressed."""
MOST_BYTES_OF_A_PIN = 32 << 20
LONGEST_US = 366 * DAY_US
AROUND_US = 3_600_000_000
"""How far before its beginning as it was known a time may lie that still means this call."""
_CALLID_OCTETS = 255
_ROWS_AT_ONCE = 100
_OWN = "AND callid = %s"
_COLUMNS = "id, callid, call_at, user_id, user_name, share_id, made_at, keep_until, messages, bytes"


class PinError(ValueError):
    """A call that cannot be kept; the text is a sentence for whoever asked."""


@dataclass(frozen=True, slots=True)
class Pin:
    """A call that is kept until then; times are microseconds UTC."""

    id: int
    callid: str
    call_at: int
    user_id: int | None
    user_name: str
    share_id: int | None
    made_at: int
    keep_until: int
    messages: int
    bytes: int


async def add(
    database: Database,
    user: User,
    found: Sequence[FoundCall],
    keep_until: int,
    now_us: int,
    share_id: int | None = None,
    quality: Sequence[QualityRow] = (),
) -> int:
    """Copy these legs (the first names the pin) and what reports measured; returns the pin's id. Raises PinError."""
    if not now_us < keep_until <= now_us + LONGEST_US:
        raise PinError(f"a call is kept for at most {LONGEST_US // DAY_US} days")
    calls = [leg.call for leg in found if leg.call]
    messages = [row for leg in found for row in leg.messages]
    copied: list[MessageRow | CallRow] = [*calls, *messages]
    bodies = [(row, pinned_rows.packed(row)) for row in copied]
    measured = pinned_quality.packed(quality)
    size = sum(len(body) for _, body in bodies) + sum(map(len, measured))
    await _check_room(database, size, now_us)
    first = found[0]
    call_at = first.call.started if first.call else min((row.filed_ts for row in first.messages), default=now_us)
    async with database.transaction() as cursor:
        await cursor.execute(
            "INSERT INTO pins (callid, call_at, user_id, user_name, share_id, made_at, keep_until, messages, bytes)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
            (_cut(first.callid), call_at, user.id, user.name, share_id, now_us, keep_until, len(messages), size),
        )
        number = int(cursor.lastrowid)
        rows = [_row(number, place, row, body) for place, (row, body) in enumerate(bodies)]
        for start in range(0, len(rows), _ROWS_AT_ONCE):
            await cursor.executemany(
                "INSERT INTO pinned_messages (pin_id, number, callid, message_id, body) VALUES (%s, %s, %s, %s, %s)",
                rows[start : start + _ROWS_AT_ONCE],
            )
        await pinned_quality.write(cursor, number, measured)
    return number


async def _check_room(database: Database, size: int, now_us: int) -> None:
    if size > MOST_BYTES_OF_A_PIN:
        raise PinError(f"the call is larger than {MOST_BYTES_OF_A_PIN >> 20} MiB: export it instead")
    there = await database.fetch_one(
        "SELECT COUNT(*), COALESCE(SUM(bytes), 0) FROM pins WHERE keep_until > %s", (now_us,)
    )
    count, used = there or (0, 0)
    if count >= MOST_PINS or used + size > MOST_BYTES:
        raise PinError(
            f"at most {MOST_PINS} calls and {MOST_BYTES >> 20} MiB are kept: let go of some at /admin/shares first"
        )


async def call(
    database: Database, callid: bytes, at: int | None, stored: FoundCall | None, now_us: int
) -> FoundCall | None:
    """What is stored of a call, and what was dropped of it but is pinned; None when neither is there.

    Of a call that is stored no more the legs come along that were pinned with it.
    """
    own = callid[:_CALLID_OCTETS]
    rows = await database.fetch(
        "SELECT body, message_id, callid FROM pinned_messages WHERE pin_id IN (SELECT pin_id FROM pinned_messages"  # noqa: S608
        " JOIN pins ON pins.id = pin_id WHERE pinned_messages.callid = %s AND keep_until > %s)"
        f" {_OWN if stored is not None else ''} ORDER BY pin_id, number",
        (own, now_us, own) if stored is not None else (own, now_us),
    )
    if not rows:
        return stored
    calls = {one.started: one for one in (pinned_rows.call(row[0]) for row in rows if not row[1] and row[2] == own)}
    messages = {one.id: one for one in (pinned_rows.message(row[0]) for row in rows if row[1])}
    return _joined(text(callid), at, stored, list(calls.values()), list(messages.values()))


def _joined(
    callid: str, at: int | None, stored: FoundCall | None, calls: list[CallRow], messages: list[MessageRow]
) -> FoundCall | None:
    """The call that is meant, of those stored and those pinned, with the messages of both."""
    starts = {one.started for one in calls} | ({stored.call.started} if stored and stored.call else set())
    starts |= set(stored.others) if stored else set()
    chosen = _chosen(sorted(starts), at)
    if stored is not None and stored.call is not None and stored.call.started != chosen:
        stored = None
    copy = next((one for one in calls if one.started == chosen), None)
    record = stored.call if stored is not None and stored.call is not None else copy
    later = min((start for start in starts if chosen is not None and start > chosen), default=1 << 62)
    since = chosen - AROUND_US if chosen is not None else 0
    kept = {row.id: row for row in messages if since <= row.filed_ts < later}
    kept |= {row.id: row for row in stored.messages} if stored else {}
    if not kept and record is None:
        return None
    others = tuple(sorted(starts - {chosen}, reverse=True)) if chosen is not None else ()
    ordered = sorted(kept.values(), key=lambda row: (row.filed_ts, row.arrival_ts, row.id))
    found = stored or FoundCall(callid, None, (), ())
    return replace(found, call=record, messages=tuple(ordered), others=others)


def _chosen(starts: list[int], at: int | None) -> int | None:
    if at is None:
        return starts[-1] if starts else None
    return next((start for start in reversed(starts) if start <= at), starts[0] if starts else None)


async def message(database: Database, message_id: str, now_us: int) -> MessageRow | None:
    """The copy of one message."""
    row = await database.fetch_one(
        "SELECT body FROM pinned_messages JOIN pins ON pins.id = pin_id WHERE message_id = %s AND keep_until > %s"
        " LIMIT 1",
        (message_id.encode(), now_us),
    )
    return pinned_rows.message(row[0]) if row else None


async def of_callid(database: Database, callid: str, now_us: int) -> list[Pin]:
    """Pins that hold messages of this Call-ID, the longest kept first."""
    columns = ", ".join(f"pins.{name}" for name in _COLUMNS.split(", "))
    rows = await database.fetch(
        f"SELECT DISTINCT {columns} FROM pins JOIN pinned_messages ON pin_id = pins.id"  # noqa: S608
        " WHERE pinned_messages.callid = %s AND keep_until > %s ORDER BY keep_until DESC",
        (_cut(callid), now_us),
    )
    return [_pin(row) for row in rows]


async def by_id(database: Database, number: int) -> Pin | None:
    row = await database.fetch_one(f"SELECT {_COLUMNS} FROM pins WHERE id = %s", (number,))  # noqa: S608
    return _pin(row) if row else None


async def listed(database: Database, user: User | None, now_us: int) -> list[Pin]:
    """Of one user, or of all; the newest first."""
    number = user.id if user else None
    rows = await database.fetch(
        f"SELECT {_COLUMNS} FROM pins WHERE keep_until > %s AND (%s IS NULL OR user_id = %s) ORDER BY id DESC",  # noqa: S608
        (now_us, number, number),
    )
    return [_pin(row) for row in rows]


async def release(database: Database, number: int) -> bool:
    """The copies are gone; True when there were some."""
    return await database.execute("DELETE FROM pins WHERE id = %s", (number,)) == 1


def _row(pin_id: int, place: int, row: MessageRow | CallRow, body: bytes) -> tuple[object, ...]:
    message_id = row.id.encode() if isinstance(row, MessageRow) else b""
    return pin_id, place, _cut(row.callid), message_id, body


def _cut(callid: str) -> bytes:
    return octets(callid)[:_CALLID_OCTETS]


def _pin(row: Row) -> Pin:
    number, callid, *rest = row
    return Pin(number, text(callid), *rest)
