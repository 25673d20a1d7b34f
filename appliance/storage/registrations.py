"""What the hours of REGISTERs say of bindings: rows of the daily tables, written by the settler, and their keys."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import xxhash

from appliance.model.ids import HASH_MASK, HOUR_US, callid_hash
from appliance.model.kinds import day_of, registrations_table
from appliance.model.octets import octets, text, whole_words
from appliance.model.registrations import BindingHour, RegistrationRow, RegistrationState
from appliance.registrations.fold import EVERYTHING
from appliance.registrations.said import Contact
from appliance.storage import bulk
from appliance.storage.bundle import tail_of
from appliance.storage.connection import Database

KEYS_AT_ONCE = 500
_WIDTHS = {
    "state": 12,
    "callid": 255,
    "aor": 255,
    "contact": 255,
    "instance": 128,
    "path": 255,
    "source_ip": 45,
    "proto": 4,
    "user_agent": 255,
    "first_ip": 45,
    "nodes": 255,
}
_NUMBERS = (
    "started",
    "ended",
    "status",
    "rrd_ms",
    "reg_id",
    "expires_seconds",
    "expires_at",
    "refreshes",
    "flaps",
    "attempts",
    "first_ok",
    "source_port",
    "first_port",
)
COLUMNS = (*_NUMBERS, *_WIDTHS)
"""Of a table of registrations, in the order that `binding_hour` expects."""
_LINE_COLUMNS = ("hour", "hash", "binding", "aor_key", "made", *COLUMNS)

Unit = tuple[int, int]
"""(hour since 1970, hash of the Call-ID): what is folded together."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A row that lies in a table already: when it was made first."""

    binding: int
    made: int


def aor_key(aor: str) -> int:
    """56 bits that stand for an address of record; domains are alike in any case, users are not."""
    user, at, domain = aor.rpartition("@")
    return _hash(f"{user}{at}{domain.lower()}")


def contact_of(row: BindingHour | RegistrationRow) -> Contact:
    """The contact that a binding is of."""
    return Contact(row.contact, row.instance, row.reg_id, None)


def binding_key(row: BindingHour | RegistrationRow) -> int:
    """56 bits that stand for a binding: an address of record and what tells its contacts apart."""
    return _hash(f"{aor_key(row.aor):x}\0{contact_of(row).key}")


def star_key(aor_key_: int) -> int:
    """The same for what `Contact: *` takes away: all of an address of record."""
    return _hash(f"{aor_key_:x}\0{EVERYTHING}")


def _hash(words: str) -> int:
    return xxhash.xxh3_64_intdigest(octets(words)) >> 8


async def stored(database: Database, day: date, units: Sequence[Unit]) -> dict[Unit, list[Stored]]:
    """The rows that these units of a day have; the table must be there."""
    found: dict[Unit, list[Stored]] = defaultdict(list)
    by_hour: dict[int, list[int]] = defaultdict(list)
    for hour, hash_ in units:
        by_hour[hour].append(hash_)
    for hour, hashes in sorted(by_hour.items()):
        for start in range(0, len(hashes), KEYS_AT_ONCE):
            part = sorted(hashes[start : start + KEYS_AT_ONCE])
            marks = ",".join(["%s"] * len(part))
            rows = await database.fetch(
                f"SELECT hash, binding, made FROM `{registrations_table(day)}` WHERE hour = %s AND hash IN ({marks})",  # noqa: S608
                (hour % 24, *part),
            )
            for hash_, binding, made in rows:
                found[hour, hash_].append(Stored(binding, made))
    return found


@dataclass(frozen=True, slots=True)
class Written:
    """What units have now: their rows with the time of the first making, and bindings that are no longer theirs."""

    rows: Mapping[Unit, Sequence[tuple[BindingHour, int, int]]]
    """(row, binding, made)."""
    gone: Mapping[Unit, Sequence[int]]


async def write(database: Database, written: Written) -> None:
    """One transaction; the tables must be there."""
    lines: dict[date, list[tuple[Unit, bytes]]] = defaultdict(list)
    for unit, rows in written.rows.items():
        if rows:
            lines[day_of(unit[0] * HOUR_US)] += [((unit[0] % 24, unit[1]), _line(unit, *row)) for row in rows]
    async with database.transaction() as cursor:
        for (hour, hash_), bindings in written.gone.items():
            table = registrations_table(day_of(hour * HOUR_US))
            sql = f"DELETE FROM `{table}` WHERE hour = %s AND hash = %s AND binding = %s"  # noqa: S608
            await cursor.executemany(sql, [(hour % 24, hash_, binding) for binding in bindings])
        put = bulk.load if await bulk.can_load(cursor) else bulk.insert
        for day, keyed in sorted(lines.items()):
            columns = "(" + ", ".join(_LINE_COLUMNS) + ")"
            await put(cursor, registrations_table(day), [line for _, line in sorted(keyed)], columns, True)


def _line(unit: Unit, row: BindingHour, binding: int, made: int) -> bytes:
    numbers: list[Any] = [unit[0] % 24, unit[1], binding, aor_key(row.aor), made]
    numbers += [getattr(row, name) for name in _NUMBERS]
    ours = "\t".join(["\\N" if value is None else str(value) for value in numbers])
    texts = [_octets(getattr(row, name), width) for name, width in _WIDTHS.items()]
    return b"%b\t%b\n" % (ours.encode(), tail_of(texts))


def _octets(value: str | tuple[str, ...], width: int) -> bytes:
    return octets(value)[:width] if isinstance(value, str) else whole_words(value, width)


def binding_hour(values: Sequence[Any]) -> BindingHour:
    """A row from the values of COLUMNS."""
    named: dict[str, Any] = {name: text(value) if isinstance(value, bytes) else value
             for name, value in zip(COLUMNS, values, strict=True)}  # fmt: skip
    named["state"] = RegistrationState(named["state"])
    named["nodes"] = tuple(named["nodes"].split(",")) if named["nodes"] else ()
    return BindingHour(**named)


def unit_of(callid: bytes, time_us: int) -> Unit:
    """What a message of this Call-ID and time is folded with."""
    return time_us // HOUR_US, callid_hash(callid)


def hash_of(key: int) -> int:
    """The Call-ID's hash of a `callid_key`."""
    return key & HASH_MASK
