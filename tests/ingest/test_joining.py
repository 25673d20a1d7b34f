"""Legs through the settler, on real tables: whichever settles later, over midnight, after restarts, cut and made."""

import random
import secrets
from collections.abc import Sequence
from dataclasses import replace

import pytest

from appliance.calls.joins.keys import MOST_CALLS
from appliance.ingest.gathered import Gathered
from appliance.ingest.settler import QUIET_US, Settler
from appliance.ingest.understand import Understanding
from appliance.metrics import Counts
from appliance.model.ids import callid_hash
from appliance.model.kinds import day_start_us
from appliance.model.octets import octets
from appliance.model.rows import CallRow, MessageRow
from appliance.settings import MysqlSettings
from appliance.storage import calls, daily_tables, leg_decisions, legs
from appliance.storage.bundle import CallChange
from appliance.storage.connection import Database
from appliance.storage.store import Store
from tests.calls.joins.traffic import BEGUN_US, Habits, pairs_of
from tests.daily_database import NEXT_DAY
from tests.sip_packets import KEPT_DAYS, batch

SECOND = 1_000_000
HOUR = 3600 * SECOND
HEADER, BARE = Habits(calls=1, header=True), Habits(calls=1)
Pair = tuple[list[MessageRow], list[MessageRow]]


class Scene:
    """A settler at work, by a clock of the test's own."""

    def __init__(self, database: Database, mysql: MysqlSettings) -> None:
        self.database = database
        self._mysql = mysql
        self.now_us = BEGUN_US
        self.restart()

    def restart(self) -> None:
        self.settler = Settler(self.database, Counts())

    async def store(self, *some: Sequence[MessageRow]) -> None:
        """Store messages, and settle what they changed."""
        rows = [row for part in some for row in part]
        self.now_us = max(self.now_us + SECOND, *(row.ts for row in rows))
        gathered = Gathered(Understanding(("X-CID",), KEPT_DAYS))
        gathered.add(batch(secrets.token_hex(6), rows))
        store = Store(self._mysql, 1, lambda: self.now_us / 1_000_000)
        await store.store(gathered.bundle)
        await store.close()
        await self.settle()

    async def settle(self) -> None:
        self.now_us += QUIET_US
        while await self.settler.turn(self.now_us):
            pass

    async def record(self, callid: str) -> CallRow:
        names = await daily_tables.all_names(self.database)
        (found,) = await calls.of_callid(self.database, names, octets(callid))
        return found

    async def groups(self, *callids: str) -> list[tuple[int, int]]:
        """(legs, place among them) of each; those that are joined say the same number."""
        found = [await self.record(callid) for callid in callids]
        numbers = {record.joined for record in found if record.legs > 1}
        assert len(numbers) <= 1 and 0 not in numbers
        return [(record.legs, record.leg) for record in found]

    async def whys(self, callid: str) -> dict[str, str]:
        """Reasons by the Call-ID at the other end, joined ones only."""
        record = await self.record(callid)
        names = await daily_tables.all_names(self.database)
        place = record.started, callid_hash(octets(callid))
        edges = (await legs.edges_of(self.database, names, [place]))[place]
        others = await legs.records(self.database, names, [edge.seen_from(place) for edge in edges])
        return {others[edge.seen_from(place)].callid: edge.why for edge in edges if edge.joined}

    async def decide(self, one: str, other: str, joined: bool) -> None:
        records = [await self.record(callid) for callid in (one, other)]
        changes = [CallChange(octets(row.callid), row.started, row.ended) for row in records]
        await leg_decisions.decide(self.database, [(changes[0], changes[1])], joined, "alice", self.now_us)
        await self.settle()


@pytest.fixture
def scene(database: Database, mysql: MysqlSettings) -> Scene:
    return Scene(database, mysql)


def moved(pair: Pair, by_us: int) -> Pair:
    def later(rows: list[MessageRow]) -> list[MessageRow]:
        return [replace(row, ts=row.ts + by_us, filed_ts=row.ts + by_us, arrival_ts=row.ts + by_us) for row in rows]

    return later(pair[0]), later(pair[1])


A, B = "0-a@192.0.2.10", "0-b@192.0.2.20"


@pytest.mark.parametrize("habits", [HEADER, BARE], ids=["by a header", "by score"])
@pytest.mark.parametrize("how", ["together", "a first", "b first"])
@pytest.mark.parametrize("restarted", [False, True])
async def test_two_legs_are_joined_whichever_settles_later(
    scene: Scene, habits: Habits, how: str, restarted: bool
) -> None:
    ((one, other),) = pairs_of(habits)
    parts = {"together": [one + other], "a first": [one, other], "b first": [other, one]}[how]
    for part in parts:
        await scene.store(part)
        if restarted:
            scene.restart()
    assert await scene.groups(A, B) == [(2, 0), (2, 1)]
    why = "a correlation header names the other leg" if habits.header else "same numbers, through 192.0.2.20"
    assert (await scene.whys(A))[B].startswith(why)
    assert await scene.whys(A) == {B: (await scene.whys(B))[A]}


@pytest.mark.parametrize("habits", [HEADER, BARE], ids=["by a header", "by score"])
async def test_legs_on_both_sides_of_midnight_are_one_call(scene: Scene, habits: Habits) -> None:
    ((one, other),) = pairs_of(habits)
    border_us = day_start_us(NEXT_DAY) - other[0].ts + 500
    one, other = moved((one, other), border_us)
    assert one[0].ts < day_start_us(NEXT_DAY) < other[0].ts
    await scene.store(other)
    scene.restart()
    await scene.store(one)
    assert await scene.groups(A, B) == [(2, 0), (2, 1)]


async def test_a_third_leg_joins_two_groups_into_one(scene: Scene) -> None:
    pairs = pairs_of(Habits(calls=2, header=True, numbers=1))
    await scene.store(*(rows for pair in pairs for rows in pair))
    assert [await scene.groups(f"{n}-a@192.0.2.10", f"{n}-b@192.0.2.20") for n in (0, 1)] == [[(2, 0), (2, 1)]] * 2
    named = A, "1-a@192.0.2.10"
    transfer = [replace(row, callid="transfer@made", leg_keys="") for row in pairs[1][1]]
    transfer[:2] = [replace(row, leg_keys=f"x:{callid}") for row, callid in zip(transfer[:2], named, strict=True)]
    await scene.store(moved((transfer, []), 5 * SECOND)[0])
    everyone = (A, B, "1-a@192.0.2.10", "1-b@192.0.2.20", "transfer@made")
    assert {legs for legs, _ in await scene.groups(*everyone)} == {5}


async def test_a_call_whose_beginning_comes_late_is_a_leg_once(scene: Scene) -> None:
    ((one, other),) = pairs_of(HEADER)
    named = [replace(row, leg_keys=f"x:{A}") for row in other]
    await scene.store(named[1:])
    await scene.store(one)
    assert await scene.groups(A, B) == [(2, 0), (2, 1)]
    await scene.store(named[:1])
    assert (await scene.record(B)).started == named[0].ts
    assert await scene.groups(A, B) == [(2, 0), (2, 1)]
    third = [replace(row, callid="third@made", source_ip="192.0.2.77") for row in moved((named, []), SECOND)[0]]
    await scene.store(third)
    assert {legs for legs, _ in await scene.groups(A, B, "third@made")} == {3}


async def test_what_was_cut_stays_cut_and_what_was_made_stays(scene: Scene) -> None:
    ((one, other),) = pairs_of(HEADER)
    await scene.store(one[:-1], other[:-1])
    await scene.decide(A, B, joined=False)
    assert await scene.groups(A, B) == [(1, 0), (1, 0)]
    await scene.store(one[-1:], other[-1:])
    scene.restart()
    again = [replace(one[-1], ts=one[-1].ts + SECOND, filed_ts=one[-1].ts + SECOND, arrival_ts=one[-1].ts + SECOND)]
    await scene.store(again)
    assert await scene.groups(A, B) == [(1, 0), (1, 0)]
    assert await scene.whys(A) == {}
    await scene.decide(A, B, joined=True)
    assert await scene.groups(A, B) == [(2, 0), (2, 1)]
    assert await scene.whys(B) == {A: "joined by alice"}


async def test_two_calls_that_nothing_joins_are_joined_by_hand(scene: Scene) -> None:
    one, other = pairs_of(Habits(calls=2, numbers=1))
    await scene.store(one[0], moved((other[0], []), HOUR)[0])
    callids = (A, "1-a@192.0.2.10")
    assert await scene.groups(*callids) == [(1, 0), (1, 0)]
    await scene.decide(*callids, joined=True)
    assert await scene.groups(*callids) == [(2, 0), (2, 1)]
    scene.restart()
    await scene.store([replace(one[0][-1], ts=one[0][-1].ts + 1, filed_ts=one[0][-1].ts + 1)])
    assert await scene.groups(*callids) == [(2, 0), (2, 1)]


async def test_a_value_in_more_calls_than_one_call_has_legs_joins_none(scene: Scene) -> None:
    made = [
        [replace(row, leg_keys="x:trunk-default", callid=f"{number}@made") for row in pair[0]]
        for number, pair in enumerate(pairs_of(Habits(calls=MOST_CALLS + 4, numbers=50, at_once=1)))
    ]
    for rows in made[:3]:
        await scene.store(rows)
    assert {legs for legs, _ in await scene.groups("0@made", "1@made", "2@made")} == {3}
    await scene.store(*made[3:])
    for number in range(len(made)):
        assert await scene.groups(f"{number}@made") == [(1, 0)], number


@pytest.mark.parametrize("seed", range(4))
async def test_fifty_calls_at_once_in_any_order_and_pieces_and_settlers_that_die(scene: Scene, seed: int) -> None:
    """What is joined at the end does not depend on how the messages came."""
    habits = Habits(calls=40 if seed else 1000, numbers=1, seconds=20, header=seed == 0)
    pairs = pairs_of(habits, seed)
    chance = random.Random(seed)
    pending = [row for pair in pairs for rows in pair for row in rows]
    chance.shuffle(pending)
    while pending:
        size = chance.randint(20, 120) if seed else 2500
        part, pending = pending[:size], pending[size:]
        await scene.store(part)
        if chance.random() < 0.3:
            scene.restart()
    found = 0
    for number in range(habits.calls):
        one, other = f"{number}-a@192.0.2.10", f"{number}-b@192.0.2.20"
        assert set(await scene.whys(one)) <= {other}
        found += await scene.groups(one, other) == [(2, 0), (2, 1)]
    assert found >= (1000 if habits.header else 36)
