import pytest

from appliance.cli.people import carry_out, named, now_us
from appliance.storage import accounts
from appliance.storage.accounts import User
from appliance.storage.connection import Database
from tests.cli.people import People


def test_the_first_user_is_there_before_any_work(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in people.environment.items():
        monkeypatch.setenv(name, value)

    async def work(database: Database) -> User:
        return await named(database, "ADMIN")

    assert carry_out(None, None, work).name == "admin"
    assert [user.name for user in carry_out(None, None, accounts.listed)] == ["admin"]


def test_the_clock_counts_microseconds() -> None:
    assert now_us() > 1_700_000_000_000_000
