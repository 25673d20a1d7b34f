"""What joins calls, written and read again."""

from datetime import timedelta

from appliance.calls.joins.edge import Edge, Ground, Place
from appliance.calls.joins.keys import Key
from appliance.calls.joins.leg import Leg
from appliance.model.ids import HOUR_US
from appliance.model.kinds import day_start_us
from appliance.model.rows import CallRow, MessageRow
from appliance.storage import calls, daily_tables, leg_writes, legs
from appliance.storage.calls import Settled
from appliance.storage.connection import Database
from appliance.storage.leg_writes import Group, LegWrites
from tests.calls.joins.traffic import Habits, legs_of, pairs_of
from tests.daily_database import DAY, NEXT_DAY
from tests.storage.search.stored import a_call

EVENING = day_start_us(NEXT_DAY) - 5
A: Place = (EVENING, 11)
B: Place = (EVENING + 10, 22)
C: Place = (EVENING + 2 * HOUR_US, 33)
JOINED = Edge(A, B, Ground.KEY, True, 1.0, "same icid-value x")
POSSIBLE = Edge(C, A, Ground.SCORE, False, 0.61, "same caller, 3 ms apart (score 0.61)")


async def write(database: Database, writes: LegWrites) -> set[str]:
    names = await daily_tables.all_names(database)
    async with database.transaction() as cursor:
        await leg_writes.write(cursor, names, writes)
    return names


async def test_edges_are_found_from_both_ends_over_midnight(tables: Database) -> None:
    names = await write(tables, LegWrites(edges={A: [JOINED, POSSIBLE], B: [JOINED], C: [POSSIBLE]}))
    found = await legs.edges_of(tables, names, [A, B, C, (EVENING, 44)])
    ends = {place: {edge.seen_from(place): edge for edge in edges} for place, edges in found.items()}
    assert {place: set(others) for place, others in ends.items()} == {A: {B, C}, B: {A}, C: {A}, (EVENING, 44): set()}
    again = ends[C][A]
    assert (again.ground, again.joined, again.confidence, again.why) == (Ground.SCORE, False, 0.61, POSSIBLE.why)


async def test_edges_take_the_place_of_what_a_call_had(tables: Database) -> None:
    await write(tables, LegWrites(edges={A: [JOINED, POSSIBLE], C: [POSSIBLE]}))
    names = await write(tables, LegWrites(edges={A: [JOINED], C: []}))
    found = await legs.edges_of(tables, names, [A, C])
    assert [edge.why for edge in found[A]] == [JOINED.why]
    assert found[C] == []


async def test_calls_are_found_by_the_hour_and_hash_of_their_keys(tables: Database) -> None:
    icid, naming = Key("i", "ic-1"), Key("x", "other@call")
    names = await write(tables, LegWrites(keys=[(A, "a@made", icid), (B, "b@made", icid), (A, "a@made", naming)]))
    hour = EVENING // HOUR_US
    found = await legs.keyed(tables, names, {hour: [icid.hash, naming.hash], hour + 1: [icid.hash]})
    assert {(one.place, one.callid, one.key) for one in found} == {
        (A, "a@made", icid), (B, "b@made", icid), (A, "a@made", naming)
    }  # fmt: skip
    assert await legs.keyed(tables, names, {hour - 1: [icid.hash]}) == []
    await write(tables, LegWrites(keys_gone=[(A, icid)]))
    assert [one.place for one in await legs.keyed(tables, names, {hour: [icid.hash], hour + 1: [icid.hash]})] == [B]


def recorded(leg: Leg, invite: MessageRow) -> CallRow:
    return a_call(
        leg.callid,
        started=leg.place[0],
        ended=leg.ended,
        from_user=invite.from_user,
        to_user=invite.to_user,
        ruri_user=invite.ruri_user,
        source_ip=invite.source_ip,
        destination_ip=invite.destination_ip,
    )


async def test_records_say_their_group_and_come_back_as_legs(tables: Database) -> None:
    ((one, other),) = pairs_of(Habits(calls=1))
    found = [legs_of(rows)[0] for rows in (one, other)]
    facts = {leg.place: leg.line for leg in found}
    records = [recorded(leg, rows[0]) for leg, rows in zip(found, (one, other), strict=True)]
    await calls.write(tables, Settled([(record, None) for record in records], [], [], legs=LegWrites(facts=facts)))
    place = found[1].place
    names = await write(tables, LegWrites(groups={place: Group(2, 1, 77)}))
    (stored,) = (await legs.records(tables, names, [place, (place[0], 5)])).values()
    assert (stored.legs, stored.leg, stored.joined) == (2, 1, 77)
    minute = found[0].place[0] // 60_000_000
    read = await legs.of_minutes(tables, names, [minute, minute + 1000])
    assert sorted(read[minute], key=lambda leg: leg.place) == sorted(found, key=lambda leg: leg.place)


async def test_days_without_tables_have_nothing_and_take_nothing(tables: Database) -> None:
    old: Place = (day_start_us(DAY - timedelta(days=400)), 1)
    edge = Edge(old, A, Ground.KEY, True, 1.0, "x")
    key = Key("i", "ic-1")
    names = await write(tables, LegWrites([(old, "o", key)], {old: [edge]}, {old: Group(2, 1, 7)}, [(old, key)]))
    assert await legs.edges_of(tables, names, [old]) == {old: []}
    assert await legs.records(tables, names, [old]) == {}
    assert await legs.keyed(tables, names, {old[0] // HOUR_US: [key.hash]}) == []
    assert await legs.of_minutes(tables, names, [old[0] // 60_000_000]) == {old[0] // 60_000_000: []}
