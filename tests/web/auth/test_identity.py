"""Known for a minute; with the database away known as long as the session would have lasted."""

import pytest

from appliance.settings import MysqlSettings, Settings
from appliance.storage import accounts, sessions, tokens
from appliance.storage.accounts import Role, User
from appliance.storage.connection import Database, DatabaseError
from appliance.web.auth.identity import REMEMBER_US, Identities
from tests.web.conftest import HASH, in_database

NOW = 1_795_435_200_000_000


async def user(database: Database) -> User:
    await accounts.add(database, "bob", Role.USER, HASH, 1)
    found = await accounts.by_name(database, "bob")
    assert found is not None
    return found


def test_a_session_is_asked_for_once_a_minute(settings: Settings) -> None:
    async def run(database: Database) -> None:
        identities = Identities(database)
        token = await sessions.start(database, await user(database), "192.0.2.1", NOW)
        assert (await identities.by_session(token, NOW)) is not None
        await sessions.end(database, sessions.token_hash(token))
        assert (await identities.by_session(token, NOW + REMEMBER_US - 1)) is not None
        assert (await identities.by_session(token, NOW + REMEMBER_US)) is None

    in_database(settings.mysql, run)


def test_what_is_forgotten_is_asked_for_at_once(settings: Settings) -> None:
    async def run(database: Database) -> None:
        identities = Identities(database)
        bob = await user(database)
        token = await sessions.start(database, bob, "192.0.2.1", NOW)
        await identities.by_session(token, NOW)
        await sessions.end(database, sessions.token_hash(token))
        identities.forget_user(bob)
        assert (await identities.by_session(token, NOW + 1)) is None

    in_database(settings.mysql, run)


def test_a_session_is_no_token_and_a_token_no_session(settings: Settings) -> None:
    async def run(database: Database) -> None:
        identities = Identities(database)
        bob = await user(database)
        session = await sessions.start(database, bob, "192.0.2.1", NOW)
        token = await tokens.create(database, bob, "x", NOW)
        assert await identities.by_session(session, NOW) and await identities.by_token(token, NOW)
        assert await identities.by_token(session, NOW) is None
        assert await identities.by_session(token, NOW) is None

    in_database(settings.mysql, run)


def test_with_the_database_away_a_known_session_lasts_until_it_would_end(settings: Settings) -> None:
    async def run(database: Database) -> None:
        identities = Identities(database)
        token = await sessions.start(database, await user(database), "192.0.2.1", NOW)
        await identities.by_session(token, NOW)
        identities._database = await Database.open(MysqlSettings(host="127.0.0.1", port=1))
        assert await identities.by_session(token, NOW + 10 * REMEMBER_US) is not None
        for unknown in (identities.by_session("x", NOW), identities.by_session(token, NOW + sessions.IDLE_US)):
            with pytest.raises((DatabaseError, OSError)):
                await unknown

    in_database(settings.mysql, run)
