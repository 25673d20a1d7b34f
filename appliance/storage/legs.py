"""Legs of calls as the tables hold them: values that join, edges, and records of calls by their places.

A place (start, hash of the Call-ID) says the day, the hour and the key of every row that is asked for.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from appliance.calls.joins.edge import Edge, Ground, Place
from appliance.calls.joins.keys import Key
from appliance.calls.joins.leg import Leg, read
from appliance.model.ids import HOUR_US, hour_of_day
from appliance.model.kinds import calls_table, day_of, leg_edges_table, leg_keys_table
from appliance.model.octets import text
from appliance.model.rows import CallRow
from appliance.storage.connection import Database
from appliance.storage.rows import CALL_COLUMNS, call_row

_Item = TypeVar("_Item")
AT_ONCE = 500
_EDGE_COLUMNS = "started, hash, other_started, other_hash, ground, joined, confidence, why"
MOST_OF_A_MINUTE = 20_000
"""Calls of a minute that are compared with others; more is a flood."""


@dataclass(frozen=True, slots=True)
class Keyed:
    """A call that has a key."""

    place: Place
    callid: str
    key: Key


async def keyed(database: Database, names: set[str], hashes: Mapping[int, Iterable[int]]) -> list[Keyed]:
    """Calls that began in an hour (since 1970) and have a key with one of that hour's hashes (Key.hash)."""
    found: list[Keyed] = []
    by_day: dict[date, list[int]] = defaultdict(list)
    for hour in hashes:
        by_day[day_of(hour * HOUR_US)].append(hour)
    wanted = {hour: set(some) for hour, some in hashes.items()}
    for day, hours in by_day.items():
        if leg_keys_table(day) not in names:
            continue
        for part in _parts(sorted(set().union(*(wanted[hour] for hour in hours)))):
            rows = await database.fetch(
                f"SELECT `key`, started, hash, callid, sort, value FROM `{leg_keys_table(day)}`"  # noqa: S608
                f" WHERE hour IN ({_numbers(hour % 24 for hour in hours)}) AND `key` IN ({_numbers(part)})"
            )
            found += [
                Keyed((us, hash_), text(callid), Key(text(sort), text(value)))
                for key, us, hash_, callid, sort, value in rows
                if key in wanted[us // HOUR_US]
            ]
    return found


async def edges_of(database: Database, names: set[str], places: Iterable[Place]) -> dict[Place, list[Edge]]:
    """The edges of each call, possible ones too."""
    found: dict[Place, list[Edge]] = {place: [] for place in places}
    for (day, hour), some in _by_hour(found).items():
        if leg_edges_table(day) not in names:
            continue
        for part in _parts(sorted(some)):
            hashes = [hash_ for _, hash_ in part]
            rows = await database.fetch(
                f"SELECT {_EDGE_COLUMNS} FROM `{leg_edges_table(day)}`"  # noqa: S608
                f" WHERE hour = {hour:d} AND hash IN ({_numbers(hashes)})"
            )
            for started, hash_, other_started, other_hash, ground, joined, confidence, why in rows:
                one, other = (started, hash_), (other_started, other_hash)
                if one in found:
                    sure = confidence / 100
                    found[one].append(Edge(one, other, Ground(text(ground)), bool(joined), sure, text(why)))
    return found


async def records(database: Database, names: set[str], places: Iterable[Place]) -> dict[Place, CallRow]:
    """The records of calls, those that are there."""
    found: dict[Place, CallRow] = {}
    columns = ", ".join(CALL_COLUMNS)
    for (day, hour), some in _by_hour(places).items():
        if calls_table(day) not in names:
            continue
        for part in _parts(sorted(some)):
            hashes = [hash_ for _, hash_ in part]
            rows = await database.fetch(
                f"SELECT hash, {columns} FROM `{calls_table(day)}`"  # noqa: S608
                f" WHERE hour = {hour:d} AND hash IN ({_numbers(hashes)})"
            )
            for hash_, *values in rows:
                record = call_row(values)
                if (record.started, hash_) in some:
                    found[record.started, hash_] = record
    return found


async def of_minutes(database: Database, names: set[str], minutes: Sequence[int]) -> dict[int, list[Leg]]:
    """Calls that began in these minutes since 1970, as legs of others."""
    found: dict[int, list[Leg]] = {minute: [] for minute in minutes}
    columns = ", ".join(CALL_COLUMNS)
    for minute in minutes:
        start_us = minute * 60_000_000
        table = calls_table(day_of(start_us))
        if table in names:
            rows = await database.fetch(
                f"SELECT hash, leg_facts, {columns} FROM `{table}`"  # noqa: S608
                f" WHERE started >= %s AND started < %s LIMIT {MOST_OF_A_MINUTE}",
                (start_us, start_us + 60_000_000),
            )
            legs = (read(call_row(values), text(facts), hash_) for hash_, facts, *values in rows)
            found[minute] = [leg for leg in legs if leg is not None]
    return found


def _by_hour(places: Iterable[Place]) -> dict[tuple[date, int], set[Place]]:
    found: dict[tuple[date, int], set[Place]] = defaultdict(set)
    for place in places:
        found[day_of(place[0]), hour_of_day(place[0])].add(place)
    return found


def _parts(items: Sequence[_Item]) -> list[Sequence[_Item]]:
    return [items[start : start + AT_ONCE] for start in range(0, len(items), AT_ONCE)]


def _numbers(numbers: Iterable[int]) -> str:
    return ",".join(f"{number:d}" for number in numbers)
