from zoneinfo import ZoneInfo

from appliance.export.moments import shown_in
from appliance.query.times import LAST_US, time_us
from appliance.web import ranges

HOUR = 3_600_000_000
NOW = 1_795_435_200_000_000  # 2026-11-23 12:00 UTC


def days(now_us: int) -> list[int]:
    today, yesterday = ranges.presets(now_us)[-2:]
    return [time_us(text, now_us, "from") for text in (yesterday.from_, yesterday.to, today.from_)]


def test_today_and_yesterday_are_days_of_the_zone() -> None:
    assert days(NOW) == [NOW - 36 * HOUR, NOW - 12 * HOUR, NOW - 12 * HOUR]
    with shown_in(ZoneInfo("Europe/Berlin")):
        assert days(NOW) == [NOW - 37 * HOUR, NOW - 13 * HOUR, NOW - 13 * HOUR]


def test_a_day_on_which_clocks_change_has_its_own_length() -> None:
    with shown_in(ZoneInfo("Europe/Berlin")):
        start, end, _ = days(time_us("2026-10-26T12:00", 0, "from"))
        assert end - start == 25 * HOUR


def test_what_lies_beside_a_range_has_its_length() -> None:
    found = ranges.beside(NOW, NOW + HOUR)
    assert found["earlier"] == (NOW - HOUR, NOW) and found["later"] == (NOW + HOUR, NOW + 2 * HOUR)
    assert found["wider"] == (NOW - HOUR // 2, NOW + 3 * HOUR // 2)


def test_there_is_nothing_before_the_first_moment_or_after_the_last() -> None:
    assert ranges.beside(0, HOUR)["earlier"] == (0, 0)
    assert ranges.beside(LAST_US - 5, LAST_US - 1)["later"][1] < LAST_US
    assert ranges.midnight(0) == 0
    with shown_in(ZoneInfo("Pacific/Kiritimati")):
        assert ranges.midnight(5) == 0
