from zoneinfo import ZoneInfo

from appliance.export.moments import clock, day, moment, shown_in, span, stamp, zone_name
from tests.calls.made import START_US


def test_a_time_is_read_in_utc_with_all_its_microseconds() -> None:
    assert (day(START_US), clock(START_US + 123)) == ("2026-11-23", "10:11:12.000123")
    assert stamp(START_US) == "2026-11-23 10:11:12.000000 UTC"


def test_a_page_in_another_zone_has_its_clocks_and_what_is_beside_has_none_of_it() -> None:
    with shown_in(ZoneInfo("Asia/Kathmandu")):
        assert stamp(START_US) == "2026-11-23 15:56:12.000000 +0545"
        assert f"{moment(START_US):%H:%M}" == "10:11"
        assert stamp(10**20).startswith("9999-12-31")
    assert zone_name(START_US) == "UTC" and clock(START_US).startswith("10:11")


def test_times_that_no_calendar_has_are_the_nearest() -> None:
    assert stamp(-5).startswith("1970-01-01 00:00:00")
    assert stamp(10**20).startswith("9999-12-31")


def test_a_span_is_said_in_its_own_unit() -> None:
    spans = [0, 999, 1_000, 21_440, 999_949, 999_950, 1_234_567, 59_999_499, 59_999_500, 125_000_000, 11_220_000_000]
    assert [span(us) for us in spans] == [
        "+0 µs", "+999 µs", "+1.0 ms", "+21.4 ms", "+999.9 ms", "+1.000 s", "+1.235 s", "+59.999 s", "+1 min 00 s",
        "+2 min 05 s", "+3 h 07 min",
    ]  # fmt: skip


def test_a_stamp_that_runs_backwards_is_told() -> None:
    assert span(-400) == "−400 µs"
