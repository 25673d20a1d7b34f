import pytest

from appliance.settings import MysqlSettings
from appliance.storage import accounts, sessions
from appliance.storage.accounts import Role, User
from appliance.storage.connection import Database
from appliance.storage.migrate import migrate
from appliance.storage.sessions import ABSOLUTE_US, IDLE_US, SEEN_EVERY_US, token_hash

NOW = 1_795_435_200_000_000


@pytest.fixture
async def people(database: Database, mariadb_settings: MysqlSettings) -> Database:
    migrate(mariadb_settings)
    return database


@pytest.fixture
async def bob(people: Database) -> User:
    await accounts.add(people, "bob", Role.USER, "hash", 1)
    found = await accounts.by_name(people, "bob")
    assert found is not None
    return found


async def test_the_token_is_kept_nowhere(people: Database, bob: User) -> None:
    token = await sessions.start(people, bob, "192.0.2.1", NOW)
    assert len(token) >= 43
    (row,) = await people.fetch("SELECT * FROM sessions")
    assert token.encode() not in row and token not in row
    found = await sessions.find(people, token_hash(token), NOW)
    assert found is not None and found.user == bob


async def test_it_ends_when_it_is_not_used(people: Database, bob: User) -> None:
    token = await sessions.start(people, bob, "192.0.2.1", NOW)
    assert await sessions.find(people, token_hash(token), NOW + IDLE_US - 1) is not None
    token = await sessions.start(people, bob, "192.0.2.1", NOW)
    assert await sessions.find(people, token_hash(token), NOW + IDLE_US) is None


async def test_it_ends_after_twelve_hours_however_it_is_used(people: Database, bob: User) -> None:
    token = await sessions.start(people, bob, "192.0.2.1", NOW)
    moment = NOW
    while moment < NOW + ABSOLUTE_US:
        assert await sessions.find(people, token_hash(token), moment) is not None
        moment += IDLE_US - 1
    assert await sessions.find(people, token_hash(token), NOW + ABSOLUTE_US) is None


async def test_its_use_is_noted_once_a_minute(people: Database, bob: User) -> None:
    token = await sessions.start(people, bob, "192.0.2.1", NOW)
    await sessions.find(people, token_hash(token), NOW + SEEN_EVERY_US - 1)
    assert await people.fetch("SELECT last_seen_at FROM sessions") == [(NOW,)]
    found = await sessions.find(people, token_hash(token), NOW + SEEN_EVERY_US)
    assert found is not None and found.last_seen_at == NOW + SEEN_EVERY_US


async def test_old_ones_are_forgotten_when_somebody_signs_in(people: Database, bob: User) -> None:
    await sessions.start(people, bob, "192.0.2.1", NOW)
    await sessions.start(people, bob, "192.0.2.1", NOW + IDLE_US + 1)
    assert len(await people.fetch("SELECT 1 FROM sessions")) == 1


async def test_it_ends_at_once(people: Database, bob: User) -> None:
    token = await sessions.start(people, bob, "192.0.2.1", NOW)
    await sessions.end(people, token_hash(token))
    assert await sessions.find(people, token_hash(token), NOW) is None


@pytest.mark.parametrize("token", ["", "x", "\udcff", "'; --", "a" * 10_000])
async def test_a_made_up_token_is_nobody(people: Database, bob: User, token: str) -> None:
    assert await sessions.find(people, token_hash(token), NOW) is None


async def test_open_ones_are_listed_and_ended_by_a_key_that_opens_nothing(people: Database, bob: User) -> None:
    old = await sessions.start(people, bob, "192.0.2.1", NOW)
    token = await sessions.start(people, bob, "192.0.2.2", NOW + 1)
    await sessions.start(people, bob, "192.0.2.3", NOW + 2)
    listed = await sessions.listed(people, NOW + 3, bob)
    assert [one.address for one in listed] == ["192.0.2.3", "192.0.2.2", "192.0.2.1"]
    assert listed == await sessions.listed(people, NOW + 3)
    key = sessions.key_of(token_hash(token))
    assert await sessions.find(people, token_hash(key), NOW + 3) is None
    assert await sessions.end_one(people, bob, key)
    assert not await sessions.end_one(people, bob, key)
    assert await sessions.find(people, token_hash(token), NOW + 3) is None
    assert await sessions.end_others(people, bob, token_hash(old)) == 1
    assert [one.address for one in await sessions.listed(people, NOW + 3, bob)] == ["192.0.2.1"]
    assert await sessions.listed(people, NOW + IDLE_US, bob) == []


async def test_nobody_ends_the_session_of_another(people: Database, bob: User) -> None:
    await accounts.add(people, "eve", Role.USER, "hash", 1)
    eve = await accounts.by_name(people, "eve")
    assert eve is not None
    token = await sessions.start(people, bob, "192.0.2.1", NOW)
    assert not await sessions.end_one(people, eve, sessions.key_of(token_hash(token)))
    assert await sessions.end_others(people, eve) == 0
    assert await sessions.find(people, token_hash(token), NOW) is not None
