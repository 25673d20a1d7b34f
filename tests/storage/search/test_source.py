from datetime import date

from appliance.model.kinds import DAY_US, day_start_us
from appliance.storage.search.condition import Condition
from appliance.storage.search.source import Span, counting

DAY = date(2026, 11, 23)
START = day_start_us(DAY)


def test_a_day_is_asked_only_within_the_span() -> None:
    assert Span(START - 5, START + 2 * DAY_US, None).of_day(DAY) == (START, START + DAY_US)
    assert Span(START + 5, START + 9, None).of_day(DAY) == (START + 5, START + 9)


def test_a_page_begins_at_its_key() -> None:
    assert Span(START, START + DAY_US, (START + 7, 1, "call")).of_day(DAY) == (START, START + 8)


def test_counting_goes_to_a_bound() -> None:
    counted = counting("calls_20261123", Condition("started > %s", (1,)), 11)
    assert counted.sql.endswith("WHERE started > %s LIMIT 11) AS counted")
    assert counted.arguments == (1,)
