import pytest

from appliance.settings import MysqlSettings
from appliance.storage import accounts, tokens
from appliance.storage.accounts import AccountError, Role, User
from appliance.storage.connection import Database
from appliance.storage.migrate import migrate
from appliance.storage.sessions import token_hash
from appliance.storage.tokens import Grant, Scope

NOW = 1_795_435_200_000_000


@pytest.fixture
async def people(database: Database, mariadb_settings: MysqlSettings) -> Database:
    migrate(mariadb_settings)
    return database


async def user(database: Database, name: str) -> User:
    await accounts.add(database, name, Role.USER, "hash", 1)
    found = await accounts.by_name(database, name)
    assert found is not None
    return found


async def test_a_token_finds_its_user_and_is_kept_nowhere(people: Database) -> None:
    bob = await user(people, "bob")
    token = await tokens.create(people, bob, "grafana", 5)
    assert token.startswith(tokens.PREFIX) and len(token) > 40
    assert await tokens.find(people, token_hash(token), 6) == bob
    (row,) = await people.fetch("SELECT * FROM api_tokens")
    assert token not in [str(column) for column in row]


async def test_its_use_is_noted(people: Database) -> None:
    bob = await user(people, "bob")
    token = await tokens.create(people, bob, "grafana", 5)
    assert (await tokens.listed(people))[0].last_used_at is None
    await tokens.find(people, token_hash(token), 6)
    assert await tokens.listed(people, bob) == [tokens.Token(1, "bob", "grafana", 5, 6)]


async def test_one_sees_ones_own(people: Database) -> None:
    bob, eve = await user(people, "bob"), await user(people, "eve")
    await tokens.create(people, bob, "b", 5)
    await tokens.create(people, eve, "e", 5)
    assert [each.name for each in await tokens.listed(people, eve)] == ["e"]
    assert [each.name for each in await tokens.listed(people)] == ["b", "e"]
    assert not await tokens.revoke(people, eve, "b")


async def test_a_revoked_one_is_nobody(people: Database) -> None:
    bob = await user(people, "bob")
    token = await tokens.create(people, bob, "x", 5)
    assert await tokens.revoke(people, bob, "x")
    assert await tokens.find(people, token_hash(token), 6) is None
    assert not await tokens.revoke(people, bob, "x")


@pytest.mark.parametrize("name", ["", "  ", "x" * 65, "a\x00", "a\nb", "\u202e"])
async def test_a_bad_name_is_refused(people: Database, name: str) -> None:
    bob = await user(people, "bob")
    with pytest.raises(AccountError):
        await tokens.create(people, bob, name, 5)


async def test_a_name_is_given_once_to_each_user(people: Database) -> None:
    bob = await user(people, "bob")
    await tokens.create(people, bob, "x", 5)
    with pytest.raises(AccountError, match="already"):
        await tokens.create(people, bob, "x", 5)


async def test_a_token_may_be_good_for_some_days_and_for_some_deeds(people: Database) -> None:
    bob = await user(people, "bob")
    token = await tokens.create(people, bob, "push", NOW, Scope.INGEST, 2)
    expires = NOW + 2 * tokens.DAY_US
    assert await tokens.grant(people, token_hash(token), expires - 1) == Grant(bob, Scope.INGEST, expires)
    assert await tokens.grant(people, token_hash(token), expires) is None
    (listed,) = await tokens.listed(people)
    assert (listed.scope, listed.expires_at, listed.is_over(expires)) == (Scope.INGEST, expires, True)
    for days in (0, -1, tokens.MOST_DAYS + 1):
        with pytest.raises(AccountError, match="1 to 3650 days"):
            await tokens.create(people, bob, "x", NOW, days=days)


async def test_one_that_is_older_than_limits_is_good_for_all(people: Database) -> None:
    bob = await user(people, "bob")
    token = await tokens.create(people, bob, "old", NOW)
    await people.execute("DELETE FROM api_token_limits")
    assert await tokens.grant(people, token_hash(token), NOW) == Grant(bob, Scope.ALL, None)
