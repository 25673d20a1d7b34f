import pytest

from appliance.export.scale import nice, time_ticks, written
from tests.export.reports import START_US

SPAN = (START_US, START_US + 60_000_000)


@pytest.mark.parametrize(("most", "top"), [(0, 1), (0.3, 1), (1.2, 2), (3, 5), (7, 10), (420, 500)])
def test_a_scale_ends_at_a_round_value(most: float, top: float) -> None:
    assert nice(most) == top


def test_times_are_round_and_few() -> None:
    assert time_ticks(SPAN) == [START_US + seconds * 1_000_000 for seconds in (3, 18, 33, 48)]
    assert len(time_ticks((0, 10**15))) <= 6


def test_values_are_short() -> None:
    assert [written(value) for value in (0, 0.004, 4.4, 12.34, 12.0, 345.6)] == ["0", "0", "4.4", "12.3", "12", "346"]
