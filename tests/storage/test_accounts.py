import pytest

from appliance.settings import MysqlSettings
from appliance.storage import accounts, sessions, tokens
from appliance.storage.accounts import AccountError, Role
from appliance.storage.connection import Database
from appliance.storage.migrate import migrate


@pytest.fixture
async def people(database: Database, mariadb_settings: MysqlSettings) -> Database:
    migrate(mariadb_settings)
    return database


async def user(database: Database, name: str, role: Role = Role.USER) -> accounts.User:
    await accounts.add(database, name, role, "hash", 1)
    found = await accounts.by_name(database, name)
    assert found is not None
    return found


async def test_names_are_found_without_case(people: Database) -> None:
    await user(people, "Alice")
    found = await accounts.by_name(people, "aLICE")
    assert found is not None and found.name == "Alice"
    assert await accounts.by_name(people, "bob") is None


@pytest.mark.parametrize("name", ["", " ", "a b", "é", "a" * 65, "-a", "a\n", "'; --", "\udcff"])
async def test_a_bad_name_is_refused_and_found_nowhere(people: Database, name: str) -> None:
    with pytest.raises(AccountError, match="cannot be a user's name"):
        await accounts.add(people, name, Role.USER, "hash", 1)
    assert await accounts.by_name(people, name) is None


async def test_a_name_is_given_once(people: Database) -> None:
    await user(people, "alice")
    with pytest.raises(AccountError, match="already"):
        await accounts.add(people, "ALICE", Role.USER, "hash", 1)


async def test_the_first_user_is_made_once(people: Database) -> None:
    assert await accounts.is_empty(people)
    assert await accounts.add_first(people, "admin", "hash", 1)
    assert not await accounts.add_first(people, "admin", "hash", 2)
    assert not await accounts.add_first(people, "other", "hash", 2)
    assert [each.name for each in await accounts.listed(people)] == ["admin"]


async def test_a_new_password_ends_sessions_and_keeps_tokens(people: Database) -> None:
    alice = await user(people, "alice")
    session = await sessions.start(people, alice, "192.0.2.1", 10)
    token = await tokens.create(people, alice, "x", 10)
    await accounts.set_password(people, alice, "other", 20, must_change=True)
    assert await sessions.find(people, sessions.token_hash(session), 21) is None
    assert await tokens.find(people, sessions.token_hash(token), 21) is not None
    found = await accounts.by_name(people, "alice")
    assert found is not None and (found.password_hash, found.must_change, found.password_changed_at) == (
        "other",
        True,
        20,
    )


async def test_the_last_administrator_stays(people: Database) -> None:
    alice = await user(people, "alice", Role.ADMIN)
    for deed in (accounts.disable, accounts.delete):
        with pytest.raises(AccountError, match="last administrator"):
            await deed(people, alice)
    bob = await user(people, "bob", Role.ADMIN)
    await accounts.disable(people, alice)
    with pytest.raises(AccountError, match="last administrator"):
        await accounts.delete(people, bob)
    await accounts.enable(people, alice)
    await accounts.delete(people, bob)


async def test_who_is_deleted_leaves_no_session_and_no_token(people: Database) -> None:
    bob = await user(people, "bob")
    session = await sessions.start(people, bob, "192.0.2.1", 10)
    token = await tokens.create(people, bob, "x", 10)
    await accounts.delete(people, bob)
    assert await sessions.find(people, sessions.token_hash(session), 11) is None
    assert await tokens.find(people, sessions.token_hash(token), 11) is None


async def test_who_is_disabled_is_nobody(people: Database) -> None:
    bob = await user(people, "bob")
    session = await sessions.start(people, bob, "192.0.2.1", 10)
    token = await tokens.create(people, bob, "x", 10)
    await accounts.disable(people, bob)
    assert await sessions.find(people, sessions.token_hash(session), 11) is None
    assert await tokens.find(people, sessions.token_hash(token), 11) is None


def test_a_user_never_shows_the_hash() -> None:
    assert "secret" not in repr(accounts.User(1, "a", Role.USER, "secret", False, False, 0, 0))


async def test_a_role_is_changed_as_long_as_an_administrator_is_left(people: Database) -> None:
    first, second = await user(people, "first", Role.ADMIN), await user(people, "second")
    with pytest.raises(AccountError, match="last administrator"):
        await accounts.set_role(people, first, Role.USER)
    await accounts.set_role(people, second, Role.ADMIN)
    await accounts.set_role(people, first, Role.USER)
    assert [(one.name, one.role) for one in await accounts.listed(people)] == [("first", "user"), ("second", "admin")]
