import re
from itertools import pairwise

from appliance.buffer.history import Sample
from appliance.model.ids import HOUR_US
from appliance.web.hour import HEIGHT, WIDTH, Curve, LastHour, last_hour
from appliance.web.wording import number

NOW = 1_795_000_000_000_000
SECOND = 1_000_000


def shown(samples: list[Sample]) -> LastHour:
    found = last_hour(samples, NOW)
    assert found is not None
    return found


def curve(samples: list[Sample], name: str) -> Curve:
    found = shown(samples)
    return next(one for one in (*found.curves, *found.processes) if one.name == name)


def points(path: str) -> list[tuple[str, float, float]]:
    return [(kind, float(x), float(y)) for kind, x, y in re.findall(r"([ML])([-\d.]+) ([-\d.]+)", path)]


def hour_of(rate: int) -> list[Sample]:
    """A sample each ten seconds, as much at each."""
    return [
        Sample(NOW - HOUR_US + n * 10 * SECOND, received=n * 10 * rate, stored=n * 10 * rate, processes={"writer-0": n})
        for n in range(1, 361)
    ]


def test_a_steady_rate_is_a_flat_line_over_the_whole_hour() -> None:
    received = curve(hour_of(500), "Received")
    assert (received.now, received.most) == ("500/s", "500/s")
    drawn = points(received.path)
    assert {y for _, _, y in drawn} == {drawn[0][2]} and drawn[0][2] < HEIGHT / 4
    assert drawn[0][1] < WIDTH * 0.02 and drawn[-1][1] == WIDTH
    assert [kind for kind, _, _ in drawn] == ["M"] + ["L"] * (len(drawn) - 1)
    assert all(one[1] < other[1] for one, other in pairwise(drawn))


def test_what_waits_is_as_it_was_seen_and_its_peaks_are_kept() -> None:
    samples = [Sample(NOW - n * 10 * SECOND, entries=900 if n == 100 else 2, oldest_us=3 * SECOND) for n in range(200)]
    waiting = curve(samples[::-1], "Waiting batches")
    assert (waiting.now, waiting.most) == ("2", "900")
    assert curve(samples[::-1], "Oldest waits").now == "3.00 s"


def test_drops_are_told_by_reason_and_stand_out() -> None:
    drops = [{"kernel": 70}, {"kernel": 75, "hep-not-hep": 1295}]
    samples = [Sample(NOW - (10 - 10 * n) * SECOND, drops=told) for n, told in enumerate(drops)]
    dropped = curve(samples, "Dropped")
    assert (dropped.bad, dropped.now) == (True, "130/s")
    assert dropped.more == f"{number(1295)} hep-not-hep, 5 kernel"


def test_where_nothing_was_dropped_it_says_so() -> None:
    dropped = curve(hour_of(5), "Dropped")
    assert (dropped.bad, dropped.more, dropped.now) == (False, "none in this hour", "0/s")


def test_a_process_that_began_anew_counts_from_nothing() -> None:
    counted = [1000, 1100, 50]
    samples = [Sample(NOW - (20 - 10 * n) * SECOND, processes={"writer-0": count}) for n, count in enumerate(counted)]
    assert (curve(samples, "writer-0").now, curve(samples, "writer-0").most) == ("5.0/s", "10/s")


def test_where_nothing_is_known_no_line_is_drawn() -> None:
    away = [sample for sample in hour_of(10) if not NOW - HOUR_US // 2 < sample.at_us < NOW - HOUR_US // 4]
    assert [kind for kind, _, _ in points(curve(away, "Stored").path)].count("M") == 2


def test_samples_of_before_the_hour_do_not_count_and_one_is_not_enough() -> None:
    assert last_hour([], NOW) is None
    assert last_hour([Sample(NOW - 2 * HOUR_US), Sample(NOW)], NOW) is None
