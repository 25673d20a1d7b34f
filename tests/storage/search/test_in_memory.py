"""Random queries over random rows: a search of the tables and the filter in memory give the same rows."""

import random
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from appliance.matching import fields
from appliance.matching.filter import Call, Leg, Packet, of_calls, of_messages, of_reports
from appliance.model.kinds import Kind, calls_table, day_of
from appliance.model.octets import octets
from appliance.model.quality import QualityRow
from appliance.model.rows import CallRow, MessageRow
from appliance.query.fields import FIELDS
from appliance.query.parse import parse
from appliance.query.printed import printed
from appliance.query.tree import Node, Query
from appliance.storage import closed_days, daily_tables, messages
from appliance.storage.connection import Database
from appliance.storage.search import Question, search
from tests.matching.random_queries import trees
from tests.matching.random_rows import CALLIDS, LONG, call, packet, report
from tests.storage import measured
from tests.storage.search.stored import HOUR, NOON, SECOND, store, store_calls

NOT_YET = frozenset({"group", "attest", "aor", "expires", "custom1", "custom2", "custom3"})
DAY = day_of(NOON)
CLOSED = 4
"""With this seed the day is over and its keys are made anew."""
PACKETS, CALLS, REPORTS = 120, 24, 16
EVERY_KIND = " OR ".join(f"kind:{kind}" for kind in Kind)


@dataclass
class Population:
    """The rows, as searches without a condition find them."""

    database: Database
    packets: list[Packet]
    calls: list[Call]
    reports: list[QualityRow]

    async def ids(self, line: str) -> set[str]:
        return {row.id for row in await _rows(self.database, line, "messages")}

    async def keys(self, line: str) -> set[tuple[str, int]]:
        return {(row.callid, row.started) for row in await _rows(self.database, line, "calls")}


@pytest.fixture(params=[1, 2, 3, CLOSED])
async def population(request: pytest.FixtureRequest, tables: Database) -> AsyncIterator[Population]:
    chance = random.Random(request.param)
    await store(tables, [packet(chance) for _ in range(PACKETS)])
    await store_calls(tables, _records(chance))
    for number in range(REPORTS):
        callid = octets(chance.choice([callid for callid in CALLIDS if callid != LONG]))
        await measured.report(tables, [report(chance)], callid, NOON + number * SECOND, (number + 1) << 16)
    if request.param == CLOSED:
        assert await closed_days.close(tables, DAY)
    yield await _read(tables)
    if request.param == CLOSED:
        await daily_tables.drop(tables, calls_table(DAY))
        await daily_tables.ensure_day(tables, DAY)


def _records(chance: random.Random) -> list[CallRow]:
    """Some are joined, two or three to a call, the earliest first."""
    callids = [callid for callid in CALLIDS if callid not in ("", LONG)]
    records = [call(chance, chance.choice(callids)) for _ in range(CALLS)]
    told, left = [], sorted(records, key=lambda record: record.started)
    while left:
        legs = [left.pop(0)]
        for _ in range(chance.choice((0, 0, 1, 2))):
            if left:
                legs.append(left.pop(chance.randrange(len(left))))
        legs.sort(key=lambda record: record.started)
        joined = 1000 + len(told) if len(legs) > 1 else 0
        told += [replace(one, legs=len(legs), leg=place, joined=joined) for place, one in enumerate(legs)]
    return told


async def _read(database: Database) -> Population:
    rows = await messages.with_texts(database, await _rows(database, EVERY_KIND, "messages"))
    calls = await _rows(database, "", "calls", legs="apart")
    reports = await _rows(database, "", "quality")
    assert (len(rows), len(reports)) == (PACKETS, REPORTS)
    of: dict[str, tuple[list[MessageRow], list[CallRow], list[QualityRow]]] = defaultdict(lambda: ([], [], []))
    for place, found in enumerate((rows, calls, reports)):
        for row in found:
            of[row.callid][place].append(row)
    packets = [Packet(row, *of[row.callid][1:]) for row in rows]
    legs = [Leg(row, of[row.callid][0], of[row.callid][2]) for row in calls]
    groups: dict[object, list[Leg]] = defaultdict(list)
    for leg in legs:
        groups[leg.row.joined or (leg.row.callid, leg.row.started)].append(leg)
    return Population(database, packets, [Call(_in_order(group)) for group in groups.values()], reports)


def _in_order(legs: Sequence[Leg]) -> tuple[Leg, ...]:
    return tuple(sorted(legs, key=lambda leg: leg.row.leg))


async def _rows(database: Database, line: str, view: str, legs: str = "joined") -> Any:
    question = Question(line, NOON - 48 * HOUR, NOON + 48 * HOUR, view, 1000, legs=legs)
    return (await search(database, "hep1", question)).rows


many = settings(
    max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@many
@given(root=trees(NOT_YET))
async def test_messages_are_the_same(population: Population, root: Node) -> None:
    line = printed(Query(root))
    fulfils = of_messages(parse(line).root)
    assert await population.ids(line) == {each.row.id for each in population.packets if fulfils(each)}, line


@many
@given(root=trees(NOT_YET))
async def test_calls_are_the_same(population: Population, root: Node) -> None:
    line = printed(Query(root))
    fulfils = of_calls(parse(line).root)
    expected = {(each.legs[0].row.callid, each.legs[0].row.started) for each in population.calls if fulfils(each)}
    assert await population.keys(line) == expected, line


@many
@given(root=trees(frozenset(FIELDS) - frozenset(fields.QUALITY)))
async def test_reports_are_the_same(population: Population, root: Node) -> None:
    line = printed(Query(root))
    fulfils = of_reports(parse(line).root)
    found = await _rows(population.database, line, "quality")
    assert sorted(map(str, found)) == sorted(str(row) for row in population.reports if fulfils(row)), line
