import time

from appliance.web.state import now_us


def test_the_clock_counts_microseconds_of_utc() -> None:
    assert abs(now_us() - time.time() * 1_000_000) < 5_000_000
