import pytest

from appliance.settings import Settings
from appliance.storage import accounts, sessions, throttle
from appliance.storage.accounts import Role
from appliance.storage.connection import Database
from appliance.web.auth import sign_in
from appliance.web.auth.sign_in import Refused
from tests.web.conftest import HASH, PASSWORD, in_database

NOW = 1_795_435_200_000_000
ADDRESS = "192.0.2.1"


def test_a_right_password_ends_the_wait_of_the_account(settings: Settings) -> None:
    async def run(database: Database) -> None:
        await accounts.add(database, "bob", Role.USER, HASH, 1)
        for _ in range(2):
            with pytest.raises(Refused):
                await sign_in.sign_in(database, "bob", "wrong", ADDRESS, None, NOW)
        await sign_in.sign_in(database, " BOB ", PASSWORD, ADDRESS, None, NOW)
        for _ in range(2):
            with pytest.raises(Refused) as refused:
                await sign_in.sign_in(database, "bob", "wrong", ADDRESS, None, NOW)
            assert refused.value.wait_seconds == 0

    in_database(settings.mysql, run)


def test_a_wait_is_refused_without_looking_at_the_password(settings: Settings) -> None:
    async def run(database: Database) -> None:
        await accounts.add(database, "bob", Role.USER, HASH, 1)
        for _ in range(4):
            await throttle.tried(database, "bob", ADDRESS, NOW)
        with pytest.raises(Refused) as refused:
            await sign_in.sign_in(database, "bob", PASSWORD, ADDRESS, None, NOW)
        assert refused.value.wait_seconds == 2
        await sign_in.sign_in(database, "bob", PASSWORD, ADDRESS, None, NOW + 2_000_000)

    in_database(settings.mysql, run)


def test_a_change_of_password_guesses_no_faster(settings: Settings) -> None:
    async def run(database: Database) -> None:
        await accounts.add(database, "bob", Role.USER, HASH, 1)
        bob = await accounts.by_name(database, "bob")
        assert bob is not None
        for _ in range(3):
            with pytest.raises(Refused):
                await sign_in.change_password(database, bob, "wrong", "a heron", "a heron", ADDRESS, NOW)
        with pytest.raises(Refused) as refused:
            await sign_in.change_password(database, bob, PASSWORD, "a heron", "a heron", ADDRESS, NOW)
        assert refused.value.wait_seconds == 1

    in_database(settings.mysql, run)


def test_a_changed_password_leaves_one_session(settings: Settings) -> None:
    async def run(database: Database) -> None:
        await accounts.add(database, "bob", Role.USER, HASH, 1)
        bob, before = await sign_in.sign_in(database, "bob", PASSWORD, ADDRESS, None, NOW)
        new = "a heron on the pier"
        after = await sign_in.change_password(database, bob, PASSWORD, new, new, ADDRESS, NOW)
        assert await sessions.find(database, sessions.token_hash(before), NOW) is None
        assert await sessions.find(database, sessions.token_hash(after), NOW) is not None

    in_database(settings.mysql, run)
