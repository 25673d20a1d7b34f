from collections.abc import Sequence
from dataclasses import replace

import pytest

from appliance.model.ids import callid_hash
from appliance.model.kinds import day_of
from appliance.query.parse import parse
from appliance.storage import daily_tables
from appliance.storage.connection import Database
from appliance.storage.search import keys, plan
from appliance.storage.search.clock import Clock
from appliance.storage.search.keys import Key, Keys, among
from appliance.storage.search.lookups import driver
from tests.storage.search.stored import HOUR, NOON, SECOND, a_call, store_calls

DAY = day_of(NOON)
LATE = NOON + 12 * HOUR - SECOND


async def keys_of(database: Database, line: str, apart: bool = False, first_hour: int = 0) -> Sequence[Key] | None:
    found = driver(parse(line).root)
    assert found is not None
    tables = plan.Tables(frozenset(await daily_tables.all_names(database)), 0)
    return await Keys(database, tables, found, apart).of_day(DAY, first_hour, Clock(20))


async def callids(database: Database, line: str, apart: bool = False, first_hour: int = 0) -> list[str]:
    names = {callid_hash(name.encode()): name for name in ("in", "out", "night", "alone", "early")}
    return [names[key.hash] for key in await keys_of(database, line, apart, first_hour) or ()]


@pytest.fixture(autouse=True)
async def stored(database: Database) -> None:
    first = a_call("in", to_user="100", source_ip="10.0.0.7", legs=3, leg=0, joined=5)
    await store_calls(
        database,
        [
            first,
            replace(first, callid="out", started=NOON + SECOND, to_user="200", leg=1, status=503),
            replace(first, callid="night", started=LATE + 2 * SECOND, to_user="300", leg=2),
            a_call("alone", started=NOON + 2 * SECOND, to_user="200", source_ip="10.0.0.8"),
            a_call("early", started=NOON - 5 * HOUR, to_user="900", source_ip="10.0.0.8"),
        ],
    )


async def test_rows_that_stand_for_calls_are_found_newest_first_by_any_leg(database: Database) -> None:
    assert await callids(database, "to:200") == ["alone", "in"]
    assert await callids(database, "to:*00") == ["alone", "in", "early"]
    assert await callids(database, "to:300") == ["in"]
    assert await callids(database, "to:4") == []


async def test_apart_each_leg_stands_for_itself(database: Database) -> None:
    assert await callids(database, "to:200", apart=True) == ["alone", "out"]
    assert await callids(database, "status:503", apart=True) == ["out"]


async def test_what_became_of_a_call_is_asked_of_its_first_leg(database: Database) -> None:
    assert await callids(database, "status:503") == []
    assert await callids(database, "status:200") == ["alone", "in", "early"]


async def test_hours_before_the_range_are_not_read(database: Database) -> None:
    assert await callids(database, "src:10.0.0.8", first_hour=12) == ["alone"]
    assert await callids(database, "src:10.0.0.8", first_hour=7) == ["alone", "early"]


async def test_many_are_none(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "MOST_KEYS", 1)
    assert await keys_of(database, "src:10.0.0.8") is None
    assert await callids(database, "to:900") == ["early"]


def test_keys_are_asked_hour_by_hour() -> None:
    assert (
        among([Key(9, 7, 3, 0), Key(8, 5, 3, 0), Key(1, 6, 4, 0)]).sql
        == "((hour = 3 AND hash IN (5,7)) OR (hour = 4 AND hash IN (6)))"
    )
    assert among([]).sql == "1=0"
