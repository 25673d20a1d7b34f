import pytest

from appliance.settings import MysqlSettings
from appliance.storage import throttle
from appliance.storage.connection import Database
from appliance.storage.migrate import migrate

NOW = 1_795_435_200_000_000
SECOND = 1_000_000


@pytest.fixture
async def people(database: Database, mariadb_settings: MysqlSettings) -> Database:
    migrate(mariadb_settings)
    return database


async def fail(database: Database, times: int, account: str = "bob", address: str = "192.0.2.1") -> None:
    for _ in range(times):
        await throttle.tried(database, account, address, NOW)


async def test_each_failure_doubles_the_wait_up_to_a_minute(people: Database) -> None:
    waits = []
    for n in range(12):
        await fail(people, 1, address=f"192.0.2.{n}")
        waits.append(await throttle.wait_seconds(people, "BOB", "198.51.100.1", NOW))
    assert waits == [0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60, 60]


async def test_the_wait_passes(people: Database) -> None:
    await fail(people, 5)
    assert await throttle.wait_seconds(people, "bob", "x", NOW + 3 * SECOND) == 1
    assert await throttle.wait_seconds(people, "bob", "x", NOW + 4 * SECOND) == 0


async def test_an_account_that_is_none_waits_as_well(people: Database) -> None:
    await fail(people, 4, account="nobody'; --")
    assert await throttle.wait_seconds(people, "nobody'; --", "x", NOW) == 2


async def test_an_address_that_tries_many_accounts_waits(people: Database) -> None:
    for n in range(throttle.ADDRESS_FAILURES):
        await fail(people, 1, account=f"user{n}")
    assert await throttle.wait_seconds(people, "another", "192.0.2.1", NOW) == throttle.ADDRESS_SECONDS
    later = NOW + throttle.ADDRESS_SECONDS * SECOND
    assert await throttle.wait_seconds(people, "another", "192.0.2.1", later) == 0
    assert await throttle.wait_seconds(people, "another", "192.0.2.2", NOW) == 0


async def test_success_frees_the_account_and_not_the_address(people: Database) -> None:
    await fail(people, throttle.ADDRESS_FAILURES)
    await throttle.succeeded(people, "bob", "192.0.2.9")
    assert await throttle.wait_seconds(people, "bob", "198.51.100.1", NOW) == 0
    assert await throttle.wait_seconds(people, "bob", "192.0.2.1", NOW) > 0


async def test_success_takes_back_its_own_try(people: Database) -> None:
    await fail(people, throttle.ADDRESS_FAILURES)
    await throttle.succeeded(people, "bob", "192.0.2.1")
    assert await throttle.wait_seconds(people, "eve", "192.0.2.1", NOW) == 0


async def test_a_day_without_failure_is_a_new_start(people: Database) -> None:
    await fail(people, 9)
    later = NOW + throttle.FORGET_US + 1
    assert await throttle.wait_seconds(people, "bob", "192.0.2.1", later) == 0
    await throttle.tried(people, "eve", "192.0.2.9", later)
    assert len(await people.fetch("SELECT 1 FROM sign_in_throttle")) == 2


async def test_a_clock_that_is_set_back_locks_nobody_out(people: Database) -> None:
    await fail(people, 3)
    assert await throttle.wait_seconds(people, "bob", "x", NOW - 5 * SECOND) <= 6
