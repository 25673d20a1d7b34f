from dataclasses import replace

import pytest

from appliance.model.dialogs import DialogRow
from appliance.storage.search.dialog_walk import Walk

PING = DialogRow("p", "OPTIONS", "", 5, 6, 200, "OK", 1, "a", "b", "10.0.0.1", "10.0.0.2", 2)
MESSAGE = replace(PING, callid="m", method="MESSAGE")


def walked(most: int, *rows: DialogRow, apart: bool = False) -> Walk:
    walk = Walk(most, apart, 1000)
    for number, row in enumerate(rows):
        if walk.take((100 - number, 0), row):
            break
    return walk


def test_options_of_the_same_two_ends_become_one_row() -> None:
    other = replace(PING, source_ip="10.0.0.9", failed=1)
    walk = walked(9, PING, MESSAGE, PING, other, PING)
    assert [(row.callid, row.dialogs, row.failed) for _, row in walk.rows] == [("p", 3, 0), ("m", 1, 0), ("p", 1, 1)]
    assert [found.key[0] for found in walk.found({})] == [100, 99, 97]


def test_a_page_ends_before_the_row_that_it_has_no_room_for() -> None:
    walk = walked(3, PING, MESSAGE, PING, MESSAGE, PING)
    found = walk.found({})
    assert (len(found), walk.is_full) == (3, True)
    assert found[1].last_key[0] == 98, "the second OPTIONS is in the first row"
    assert [each.after for each in (found[0], found[2])] == [None, None]


def test_a_day_that_ends_is_looked_through() -> None:
    walk = walked(9, MESSAGE, PING, PING)
    assert [each.last_key[0] for each in walk.found({})] == [100, 98]
    walk.passed((50, 7))
    assert walk.found({})[-1].last_key == (50, 7, "rest")


@pytest.mark.parametrize("apart", [True, False])
def test_each_is_a_row_when_wanted_apart(apart: bool) -> None:
    assert len(walked(9, PING, PING, MESSAGE, apart=apart).rows) == (3 if apart else 2)


def test_events_are_put_where_they_belong() -> None:
    walk = walked(9, MESSAGE, replace(MESSAGE, method="SUBSCRIBE"))
    assert [found.row.event for found in walk.found({1: "presence"}) if isinstance(found.row, DialogRow)] == [
        "",
        "presence",
    ]
