from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from appliance.calls.fold import fold
from appliance.model.kinds import DAY_US
from appliance.settings import MysqlSettings
from appliance.storage import accounts, pins, retention, shares
from appliance.storage.accounts import Role, User
from appliance.storage.connection import Database
from appliance.storage.messages import FoundCall
from appliance.storage.migrate import migrate
from appliance.storage.pins import PinError
from appliance.storage.shares import Wanted
from tests.calls.made import START_US, flow

ROWS = tuple(flow("0 A>B INVITE", "90 B>A 200 INVITE", "95 A>B ACK", "5000 A>B BYE", "5001 B>A 200 BYE"))
CALL = fold(ROWS, START_US)[0]
FOUND = FoundCall("c1@made", CALL, ROWS, ())
NOW = START_US + 3_600_000_000
UNTIL = NOW + 30 * DAY_US


@pytest.fixture
async def people(database: Database, mariadb_settings: MysqlSettings) -> AsyncIterator[Database]:
    migrate(mariadb_settings)
    await accounts.add(database, "bob", Role.USER, "hash", 1)
    yield database


async def bob(database: Database) -> User:
    found = await accounts.by_name(database, "bob")
    assert found is not None
    return found


async def call(database: Database, at: int | None = None, stored: FoundCall | None = None) -> FoundCall | None:
    return await pins.call(database, b"c1@made", at, stored, NOW)


async def test_what_is_stored_no_more_is_found_as_it_was(people: Database) -> None:
    number = await pins.add(people, await bob(people), [FOUND], UNTIL, NOW)
    assert await call(people) == FOUND
    assert await call(people, START_US + 1) == FOUND
    assert await pins.message(people, ROWS[2].id, NOW) == ROWS[2]
    (pin,) = await pins.of_callid(people, "c1@made", NOW)
    assert (pin.id, pin.call_at, pin.messages, pin.user_name) == (number, CALL.started, 5, "bob")
    assert pin.bytes > 0


async def test_without_a_pin_all_is_as_it_is_stored(people: Database) -> None:
    assert await call(people) is None
    assert await call(people, stored=FOUND) is FOUND
    assert await pins.message(people, ROWS[0].id, NOW) is None


async def test_what_is_stored_wins_over_its_copy(people: Database) -> None:
    await pins.add(people, await bob(people), [FOUND], UNTIL, NOW)
    stored = FoundCall("c1@made", replace(CALL, messages=99), (replace(ROWS[0], node="new"), *ROWS[1:3]), ())
    found = await call(people, stored=stored)
    assert found is not None
    assert found.call is not None
    assert found.call.messages == 99
    assert [row.node for row in found.messages] == ["new", "tap", "tap", "tap", "tap"]


async def test_a_dropped_record_is_that_of_the_copy(people: Database) -> None:
    await pins.add(people, await bob(people), [FOUND], UNTIL, NOW)
    found = await call(people, stored=FoundCall("c1@made", None, ROWS[:2], ()))
    assert found == FOUND


async def test_calls_of_one_call_id_are_told_apart(people: Database) -> None:
    later = tuple(replace(row, id=row.id + "b", ts=row.ts + DAY_US, filed_ts=row.filed_ts + DAY_US) for row in ROWS)
    second = replace(CALL, started=CALL.started + DAY_US, ended=CALL.ended + DAY_US)
    await pins.add(people, await bob(people), [FOUND], UNTIL, NOW)
    stored = FoundCall("c1@made", second, later, ())
    assert await call(people, stored=stored) == replace(stored, others=(CALL.started,))
    first = await call(people, CALL.started + 5, stored)
    assert first == replace(FOUND, others=(second.started,))


async def test_messages_that_make_no_call_are_kept_as_well(people: Database) -> None:
    await pins.add(people, await bob(people), [FoundCall("c1@made", None, ROWS[:1], ())], UNTIL, NOW)
    found = await call(people)
    assert found is not None
    assert (found.call, found.messages) == (None, ROWS[:1])


async def test_other_legs_are_found_by_their_own_call_id(people: Database) -> None:
    leg = tuple(flow("1 B>C INVITE id=other", callid="leg@made"))
    await pins.add(people, await bob(people), [FOUND, FoundCall("leg@made", None, leg, ())], UNTIL, NOW)
    found = await pins.call(people, b"leg@made", None, None, NOW)
    assert found is not None
    assert found.callid == "leg@made"
    assert set(found.messages) == {*ROWS, *leg}
    stored = FoundCall("leg@made", None, leg, ())
    assert await pins.call(people, b"leg@made", None, stored, NOW) == stored
    assert len(await pins.of_callid(people, "leg@made", NOW)) == 1


async def test_it_ends_with_its_time_and_is_then_removed(people: Database) -> None:
    await pins.add(people, await bob(people), [FOUND], UNTIL, NOW)
    assert await pins.call(people, b"c1@made", None, None, UNTIL) is None
    assert await pins.message(people, ROWS[0].id, UNTIL) is None
    assert await retention.prune(people, "pins", UNTIL) == 0
    assert await retention.prune(people, "pins", UNTIL + 1) == 1
    assert await people.fetch("SELECT * FROM pinned_messages") == []


async def test_it_is_let_go_and_with_it_the_copies(people: Database) -> None:
    number = await pins.add(people, await bob(people), [FOUND], UNTIL, NOW)
    assert [pin.id for pin in await pins.listed(people, await bob(people), NOW)] == [number]
    assert await pins.release(people, number)
    assert not await pins.release(people, number)
    assert await call(people) is None


async def test_a_link_that_is_revoked_lets_go_of_its_call(people: Database) -> None:
    user = await bob(people)
    share, _ = await shares.make(people, user, Wanted("c1@made", None, None, "all", NOW + DAY_US), NOW)
    await pins.add(people, user, [FOUND], NOW + DAY_US, NOW, share)
    await shares.revoke(people, share, NOW)
    assert await call(people) is None


async def test_room_is_limited(people: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    user = await bob(people)
    for until in (NOW, NOW + 400 * DAY_US):
        with pytest.raises(PinError, match="366 days"):
            await pins.add(people, user, [FOUND], until, NOW)
    monkeypatch.setattr(pins, "MOST_PINS", 1)
    await pins.add(people, user, [FOUND], UNTIL, NOW)
    with pytest.raises(PinError, match="let go"):
        await pins.add(people, user, [FOUND], UNTIL, NOW)
    monkeypatch.setattr(pins, "MOST_BYTES_OF_A_PIN", 10)
    with pytest.raises(PinError, match="export it"):
        await pins.add(people, user, [FOUND], UNTIL, NOW)
