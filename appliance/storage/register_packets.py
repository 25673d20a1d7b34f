"""REGISTER messages read for the fold of registrations: their columns, and what their octets say of bindings."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date

from appliance.model.ids import HOUR_US, hour_key
from appliance.model.kinds import DailyTable, Kind, day_of
from appliance.model.octets import text
from appliance.registrations.exchanges import TOGETHER_US, Seen
from appliance.registrations.said import Said, said
from appliance.storage import raw
from appliance.storage.connection import Database, Row
from appliance.storage.registrations import Unit

KEYS_AT_ONCE = 500
MOST_PACKETS = 2_000
"""Of one Call-ID and hour; more is a flood, of which the first are folded."""
MOST_AT_ONCE = 20_000
_SEPARATOR = "\x1f\x1d\x1e"
"""Between columns that are asked for as one: the driver takes its time for each, and there is one row a packet. Who
sends these octets in a header is not understood, and that is all."""
_JOINED = (
    "method, reply_reason, COALESCE(cseq, 0), from_tag, to_user, to_domain, callid, source_ip, source_port,"
    " destination_ip, destination_port, proto, user_agent, node"
)
_PACKET = f"callid_key, id, micro_ts, CONCAT_WS(0x{_SEPARATOR.encode().hex()}, {_JOINED})"
_PARTS = 14
_NOTHING = Said()


async def packets_of(
    database: Database, day: date, keys: Sequence[int], between: tuple[int, int]
) -> list[tuple[int, Seen]]:
    """(callid_key, packet) of REGISTER messages within these microseconds, both included; the table must be there."""
    table = DailyTable(day, Kind.REGISTRATION)
    found: list[tuple[int, Seen]] = []
    for start in range(0, len(keys), KEYS_AT_ONCE):
        rows = await _packets(database, table, keys[start : start + KEYS_AT_ONCE], between)
        texts = await raw.once(database, table, [row[1] for row in rows if _tells(row[3])])
        for key, id_, ts, joined in rows:
            parts = text(joined).split(_SEPARATOR)
            if len(parts) == _PARTS:
                found.append((key, seen(id_, ts, parts, texts.get(id_))))
    return found


async def _packets(
    database: Database, table: DailyTable, keys: Sequence[int], between: tuple[int, int]
) -> Sequence[Row]:
    """Rows of these keys; of one with very many the first."""
    most = MOST_PACKETS if len(keys) == 1 else MOST_AT_ONCE
    marks = ",".join(["%s"] * len(keys))
    rows = await database.fetch(
        f"SELECT {_PACKET} FROM `{table.name}` WHERE callid_key IN ({marks}) AND micro_ts BETWEEN %s AND %s"  # noqa: S608
        f" ORDER BY micro_ts, id LIMIT {most:d}",
        (*keys, *between),
    )
    if len(rows) < most or len(keys) == 1:
        return rows
    half = len(keys) // 2
    return [row for part in (keys[:half], keys[half:]) for row in await _packets(database, table, part, between)]


async def packets_around(database: Database, names: Collection[str], unit: Unit) -> list[Seen]:
    """All packets that an hour of a Call-ID is folded from."""
    first, last = window(unit[0])
    units = [(hour, unit[1]) for hour in range(first // HOUR_US, last // HOUR_US + 1)]
    found: list[Seen] = []
    for day, keys in keys_of(units).items():
        if DailyTable(day, Kind.REGISTRATION).name in names:
            found += [packet for _, packet in await packets_of(database, day, keys, (first, last))]
    return found


def window(hour: int) -> tuple[int, int]:
    """First and last microsecond of what an hour is folded from."""
    return hour * HOUR_US - TOGETHER_US, (hour + 1) * HOUR_US + TOGETHER_US - 1


def _tells(method: bytes) -> bool:
    """Requests and 2xx say something of bindings, other responses nothing."""
    return method[:1] == b"2" or not method[:1].isdigit()


def seen(id_: int, ts: int, parts: Sequence[str], payload: bytes | None) -> Seen:
    """A packet from the columns of `_JOINED` and its octets."""
    (method, reason, cseq, from_tag, to_user, to_domain, callid, source_ip, source_port, destination_ip,
     destination_port, proto, agent, node) = parts  # fmt: skip
    aor = f"{to_user}@{to_domain.lower()}" if to_user else to_domain.lower()
    return Seen(
        id_, ts, int(method) if method.isdecimal() else 0, reason, int(cseq), from_tag, aor[:255], callid,
        (source_ip, int(source_port)), (destination_ip, int(destination_port)), proto, agent, node,
        said(payload) if payload else _NOTHING,
    )  # fmt: skip


def keys_of(units: Iterable[Unit]) -> dict[date, list[int]]:
    """`callid_key`s by UTC day, sorted."""
    keys: dict[date, set[int]] = defaultdict(set)
    for hour, hash_ in units:
        keys[day_of(hour * HOUR_US)].add(hour_key(hour % 24, hash_))
    return {day: sorted(found) for day, found in sorted(keys.items())}
