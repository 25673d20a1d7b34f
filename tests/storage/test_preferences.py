import pytest

from appliance.settings import MysqlSettings
from appliance.storage import accounts, preferences
from appliance.storage.accounts import Role, User
from appliance.storage.connection import Database
from appliance.storage.migrate import migrate


@pytest.fixture
async def people(database: Database, mariadb_settings: MysqlSettings) -> Database:
    migrate(mariadb_settings)
    return database


async def user(database: Database, name: str) -> User:
    await accounts.add(database, name, Role.USER, "hash", 1)
    found = await accounts.by_name(database, name)
    assert found is not None
    return found


async def test_each_person_has_a_choice_of_their_own(people: Database) -> None:
    alice, bob = await user(people, "alice"), await user(people, "bob")
    await preferences.keep(people, alice, preferences.columns("calls"), "started,state:120")
    await preferences.keep(people, alice, preferences.columns("calls"), "state")
    assert await preferences.kept(people, alice, "columns.calls") == "state"
    assert await preferences.kept(people, bob, "columns.calls") == ""
    assert await preferences.kept(people, alice, "columns.messages") == ""


async def test_an_empty_choice_is_the_default_again(people: Database) -> None:
    alice = await user(people, "alice")
    await preferences.keep(people, alice, preferences.ZONE, "Europe/Berlin")
    await preferences.keep(people, alice, preferences.ZONE, "")
    assert await people.fetch("SELECT * FROM preferences") == []


async def test_a_choice_goes_with_its_account(people: Database) -> None:
    alice = await user(people, "alice")
    await preferences.keep(people, alice, preferences.ZONE, "UTC")
    await people.execute("DELETE FROM users WHERE id = %s", (alice.id,))
    assert await preferences.kept(people, alice, preferences.ZONE) == ""
