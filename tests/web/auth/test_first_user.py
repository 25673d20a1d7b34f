from dataclasses import replace

from appliance.settings import Settings
from appliance.storage import accounts
from appliance.storage.accounts import Role, User
from appliance.storage.connection import Database
from appliance.web.auth import first_user, passwords
from tests.web.conftest import HASH, in_database


def test_it_is_made_once_when_there_is_nobody(settings: Settings) -> None:
    async def run(database: Database) -> None:
        assert await first_user.ensure(database, 5)
        assert not await first_user.ensure(database, 6)
        (user,) = await accounts.listed(database)
        assert (user.name, user.role, user.must_change, user.made_at) == ("admin", Role.ADMIN, True, 5)
        assert await passwords.matches(user.password_hash, "test123")

    in_database(settings.mysql, run)


def test_it_is_not_made_beside_others(settings: Settings) -> None:
    async def run(database: Database) -> None:
        await accounts.add(database, "bob", Role.USER, HASH, 1)
        assert not await first_user.ensure(database, 6)

    in_database(settings.mysql, run)


def test_it_is_over_after_72_hours_unless_changed() -> None:
    user = User(1, "admin", Role.ADMIN, "", True, False, 0, 10)
    assert not first_user.is_over(user, 10 + first_user.LASTS_US - 1)
    assert first_user.is_over(user, 10 + first_user.LASTS_US)
    assert not first_user.is_over(replace(user, must_change=False), 10 + first_user.LASTS_US)
