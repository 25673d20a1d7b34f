"""Writing what joins calls, in the transaction of the settler's records."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

import aiomysql

from appliance.calls.joins.edge import Edge, Place
from appliance.calls.joins.keys import Key
from appliance.model.ids import hour_of_day
from appliance.model.kinds import calls_table, day_of, leg_edges_table, leg_keys_table
from appliance.model.octets import octets
from appliance.storage import bulk
from appliance.storage.bundle import tail_of

_Keyed = tuple[tuple[int, ...], bytes]
"""The numbers of a row, its key first, and its texts as `tail_of` has them."""


@dataclass(frozen=True, slots=True)
class Group:
    """What a call's record says of the joined call that it belongs to."""

    legs: int = 1
    leg: int = 0
    joined: int = 0


@dataclass(slots=True)
class LegWrites:
    """What one turn changes of legs."""

    keys: list[tuple[Place, str, Key]] = field(default_factory=list)
    """Keys of calls: place, Call-ID, key."""
    edges: dict[Place, Sequence[Edge]] = field(default_factory=dict)
    """All edges that these calls have from now on; those at their other ends are among them too."""
    groups: dict[Place, Group] = field(default_factory=dict)
    """Records of other calls whose group changed."""
    keys_gone: list[tuple[Place, Key]] = field(default_factory=list)
    """Keys of calls that are not there any more: their record lies elsewhere now."""
    had_edges: frozenset[Place] | None = None
    """Those of the calls in `edges` that may have stored ones now; None: each may."""
    facts: dict[Place, bytes] = field(default_factory=dict)
    """What later calls are compared with (calls.joins.leg), for each record that is written."""


async def write(cursor: aiomysql.Cursor, names: set[str], writes: LegWrites) -> None:
    """Rows out, rows in; tables that are not there are passed over."""
    await _remove_keys(cursor, names, writes.keys_gone)
    await _write_keys(cursor, names, writes.keys)
    await _write_edges(cursor, names, writes)
    by_day: dict[date, list[tuple[int, ...]]] = defaultdict(list)
    for place, group in writes.groups.items():
        key = hour_of_day(place[0]), place[1], place[0]
        by_day[day_of(place[0])].append((group.legs, group.leg, group.joined, *key))
    for day, rows in sorted(by_day.items()):
        if calls_table(day) in names:
            await cursor.executemany(
                f"UPDATE `{calls_table(day)}` SET legs = %s, leg = %s, joined = %s"  # noqa: S608
                " WHERE hour = %s AND hash = %s AND started = %s",
                sorted(rows, key=lambda row: row[3:]),
            )


async def _remove_keys(cursor: aiomysql.Cursor, names: set[str], keys: Iterable[tuple[Place, Key]]) -> None:
    by_table: dict[str, list[tuple[int, int, int, int]]] = defaultdict(list)
    for (started, hash_), key in keys:
        by_table[leg_keys_table(day_of(started))].append((hour_of_day(started), key.hash, hash_, started))
    for table, rows in sorted(by_table.items()):
        if table in names:
            await cursor.executemany(
                f"DELETE FROM `{table}` WHERE hour = %s AND `key` = %s AND hash = %s AND started = %s",  # noqa: S608
                sorted(rows),
            )


async def _write_keys(cursor: aiomysql.Cursor, names: set[str], keys: Iterable[tuple[Place, str, Key]]) -> None:
    by_table: dict[str, list[_Keyed]] = defaultdict(list)
    for (started, hash_), callid, key in keys:
        texts = octets(key.sort), octets(key.value)[:255], octets(callid)[:255]
        row = (hour_of_day(started), key.hash, hash_, started), tail_of(texts)
        by_table[leg_keys_table(day_of(started))].append(row)
    for table, rows in sorted(by_table.items()):
        if table in names:
            await _replace(cursor, table, "(hour, `key`, hash, started, sort, value, callid)", rows)


async def _write_edges(cursor: aiomysql.Cursor, names: set[str], writes: LegWrites) -> None:
    gone: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    new: dict[str, list[_Keyed]] = defaultdict(list)
    for place, own in writes.edges.items():
        (started, hash_), hour = place, hour_of_day(place[0])
        table = leg_edges_table(day_of(started))
        if writes.had_edges is None or place in writes.had_edges:
            gone[table].append((hour, hash_, started))
        for edge in own:
            other = edge.seen_from(place)
            numbers = hour, hash_, started, other[1], other[0], int(edge.joined), round(edge.confidence * 100)
            new[table].append((numbers, tail_of((octets(edge.ground), octets(edge.why)[:255]))))
    columns = "(hour, hash, started, other_hash, other_started, joined, confidence, ground, why)"
    for table in sorted((gone.keys() | new.keys()) & names):
        if gone[table]:
            await cursor.executemany(
                f"DELETE FROM `{table}` WHERE hour = %s AND hash = %s AND started = %s",  # noqa: S608
                sorted(gone[table]),
            )
        await _replace(cursor, table, columns, new[table])


async def _replace(cursor: aiomysql.Cursor, table: str, columns: str, rows: Sequence[_Keyed]) -> None:
    """Rows in the order of the primary key."""
    if rows:
        lines = [b"%b\t%b\n" % ("\t".join(map(str, numbers)).encode(), tail) for numbers, tail in sorted(rows)]
        put = bulk.load if await bulk.can_load(cursor) else bulk.insert
        await put(cursor, table, lines, columns, True)
