import time

from appliance.storage.search.clock import Clock


def test_it_counts_down_to_nothing_and_not_below() -> None:
    clock = Clock(0.02)
    assert 0 < clock.left <= 0.02
    time.sleep(0.03)
    assert clock.left == 0
    assert clock.used_ms >= 30
