import asyncio
import json
from collections.abc import Iterator

import pytest

from appliance.cli.saved import both
from appliance.query.parse import parse
from appliance.settings import MysqlSettings
from appliance.storage import accounts, saved_searches
from appliance.storage.accounts import Role
from appliance.storage.connection import Database
from appliance.storage.migrate import migrate
from appliance.storage.saved_searches import Wanted
from tests.cli.test_search import Run, running
from tests.storage.search.stored import NOON, a_call, store_calls

DAY = {"from_": "2026-11-23", "to": "2026-11-24"}


def test_a_saved_search_is_narrowed_by_what_is_typed() -> None:
    assert parse(both("a OR b", "c OR d")) == parse("(a OR b) (c OR d)")
    assert (both("a OR b", " "), both("", "c"), both("", "")) == ("a OR b", "c", "")


async def _fill(settings: MysqlSettings) -> None:
    database = await Database.open(settings)
    await store_calls(database, [a_call("one", from_user="alice"), a_call("two", started=NOON + 1, from_user="bob")])
    for name in ("bob", "carol"):
        await accounts.add(database, name, Role.USER, "hash", 1)
        user = await accounts.by_name(database, name)
        assert user is not None
        await saved_searches.add(database, user, Wanted("Twice", "from:nobody", **DAY), 1)
        await saved_searches.add(database, user, Wanted(f"Of {name}", "from:alice OR from:bob", **DAY), 1)
    await database.close()


@pytest.fixture(scope="module")
def search() -> Iterator[Run]:
    """Where bob and carol saved searches."""

    def fill(settings: MysqlSettings) -> None:
        migrate(settings)
        asyncio.run(_fill(settings))

    yield from running(fill)


def callids(search: Run, *arguments: str) -> list[str]:
    return [row["callid"] for row in json.loads(search(*arguments, "--format", "json").stdout)["rows"]]


def test_it_is_asked_by_its_name_with_its_own_times(search: Run) -> None:
    assert callids(search, "--saved", "Of bob") == ["two", "one"]
    assert callids(search, "--saved", "Of bob", "to:bob", "from:alice") == ["one"]
    assert callids(search, "--saved", "carol/Twice") == []


@pytest.mark.parametrize(("name", "words"), [("Nothing", "no saved search"), ("Twice", "bob/Twice, carol/Twice")])
def test_what_it_cannot_be_is_one_sentence(search: Run, name: str, words: str) -> None:
    done = search("--saved", name)
    assert done.returncode == 2
    assert words in done.stderr and done.stderr.count("\n") == 1
