from appliance.buffer.history import Sample
from appliance.ingest.watching import Told, Watch

SECOND = 1_000_000


def sample(second: int, oldest_seconds: float = 0, **drops: int) -> Sample:
    return Sample(1_795_000_000 * SECOND + second * SECOND, drops=drops, oldest_us=int(oldest_seconds * SECOND))


def test_where_all_is_well_nothing_is_said() -> None:
    watch = Watch()
    assert [watch.look(sample(second, 0.3), 0.5) for second in range(0, 100, 10)] == [[]] * 10


def test_drops_are_told_at_once_by_reason_and_then_once_a_minute() -> None:
    watch = Watch()
    assert watch.look(sample(0, kernel=5_000), 0.1) == [], "those of before it began are no news"
    first = watch.look(sample(10, kernel=5_007, truncated=30), 0.1)
    assert first == [
        Told("packets_dropped", {"reason": "truncated", "packets": 30}),
        Told("packets_dropped", {"reason": "kernel", "packets": 7}),
    ]
    later = [watch.look(sample(10 + n * 10, kernel=5_007 + n, truncated=30), 0.1) for n in range(1, 8)]
    assert later == [[], [], [], [], [], [Told("packets_dropped", {"reason": "kernel", "packets": 6})], []]


def test_counters_that_begin_anew_are_no_drops() -> None:
    watch = Watch()
    watch.look(sample(0, kernel=900), 0.1)
    assert watch.look(sample(10), 0.1) == []
    assert watch.look(sample(20, kernel=0), 0.1) == []


def test_a_lag_is_told_when_it_begins_and_when_it_is_over() -> None:
    watch = Watch()
    waits = (1, 29, 31, 50, 31, 29, 6, 5, 1)
    told = [watch.look(sample(number * 10, seconds), 0.1) for number, seconds in enumerate(waits)]
    assert [(number, one.event, one.is_bad) for number, some in enumerate(told) for one in some] == [
        (2, "storing_lags", True),
        (7, "storing_caught_up", False),
    ]
    assert told[2][0].fields == {"oldest_waits_seconds": 31, "batches": 0}


def test_a_disk_is_told_when_it_fills_and_when_it_has_room() -> None:
    watch = Watch()
    shares = (0.5, 0.895, 0.93, 0.99, None, 0.89, 0.5, 0.91)
    told = [watch.look(sample(number * 10), share) for number, share in enumerate(shares)]
    assert [(number, one.event, one.fields["used_percent"]) for number, some in enumerate(told) for one in some] == [
        (2, "disk_nearly_full", 93),
        (6, "disk_has_room", 50),
        (7, "disk_nearly_full", 91),
    ]
