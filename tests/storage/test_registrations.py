from dataclasses import replace
from itertools import count

import pytest

from appliance.model.ids import HOUR_US
from appliance.model.kinds import day_of, registrations_table
from appliance.model.registrations import BindingHour, RegistrationState
from appliance.registrations.fold import fold
from appliance.storage import bulk, registrations
from appliance.storage.connection import Database
from appliance.storage.registrations import COLUMNS, Stored, Written, binding_hour, binding_key
from tests.daily_database import DAY
from tests.registrations.made import HOUR, START_US, seen, told

LINES = (
    "0 A>R REGISTER expires=300",
    "8 R>A 401",
    "20 A>R REGISTER cseq=2 expires=300 agent=Phone/1 instance=7 flow=1",
    "50 R>A 200 cseq=2 for=250 path=<sip:edge;lr> instance=7 flow=1",
)
UNIT = registrations.unit_of(b"r1@made", START_US)
_WRITERS = count(1)
BETWEEN = (START_US - HOUR_US, START_US + HOUR_US)


async def rows(tables: Database) -> list[BindingHour]:
    columns = ", ".join(COLUMNS)
    found = await tables.fetch(f"SELECT {columns} FROM `{registrations_table(DAY)}` ORDER BY started, binding")
    return [binding_hour(values) for values in found]


async def test_rows_come_back_as_they_were_written(tables: Database) -> None:
    (row,) = fold(seen(told(*LINES)), HOUR)
    other = replace(row, contact="sip:desk@h", instance="", state=RegistrationState.REJECTED, status=None,
                    expires_at=None, expires_seconds=None, first_ok=None, nodes=("a", "b"),
                    user_agent="tab\tline\nend\\")  # fmt: skip
    written = [(one, binding_key(one), 5) for one in (row, other)]
    await registrations.write(tables, Written({UNIT: written}, {}))
    assert sorted(await rows(tables), key=repr) == sorted([row, other], key=repr)
    assert {one.made for one in (await registrations.stored(tables, DAY, [UNIT]))[UNIT]} == {5}


async def test_a_row_takes_the_place_of_its_older_self_and_others_go(tables: Database) -> None:
    (row,) = fold(seen(told(*LINES)), HOUR)
    gone = replace(row, contact="sip:gone@h", instance="")
    both = [(row, binding_key(row), 5), (gone, binding_key(gone), 5)]
    await registrations.write(tables, Written({UNIT: both}, {}))
    newer = replace(row, refreshes=3)
    await registrations.write(tables, Written({UNIT: [(newer, binding_key(row), 5)]}, {UNIT: [binding_key(gone)]}))
    assert await rows(tables) == [newer]
    assert (await registrations.stored(tables, DAY, [UNIT]))[UNIT] == [Stored(binding_key(row), 5)]


@pytest.mark.parametrize("loads", [True, False])
async def test_units_of_which_nothing_changed_write_nothing(
    tables: Database, loads: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def can_load(cursor: object) -> bool:
        return loads

    monkeypatch.setattr(bulk, "can_load", can_load)
    (row,) = fold(seen(told(*LINES)), HOUR)
    day_before = UNIT[0] - 24, UNIT[1]
    await registrations.write(tables, Written({day_before: [], UNIT: [(row, 1, 1)]}, {}))
    assert await rows(tables) == [row]
    await registrations.write(tables, Written({UNIT: []}, {UNIT: [1]}))
    assert await rows(tables) == []


async def test_what_is_too_long_is_cut_and_nodes_stay_whole(tables: Database) -> None:
    (row,) = fold(seen(told(*LINES)), HOUR)
    long = replace(row, user_agent="x" * 999, nodes=("n" * 100, "m" * 100, "k" * 100))
    await registrations.write(tables, Written({UNIT: [(long, 1, 1)]}, {}))
    (found,) = await rows(tables)
    assert (len(found.user_agent), found.nodes) == (255, ("n" * 100, "m" * 100))


def test_domains_are_alike_in_any_case_and_users_are_not() -> None:
    key = registrations.aor_key
    assert key("Alice@Example.COM") == key("Alice@example.com") != key("alice@example.com")
    assert day_of(UNIT[0] * HOUR_US) == DAY
