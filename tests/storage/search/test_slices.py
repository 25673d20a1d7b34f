from itertools import pairwise

from appliance.model.ids import HOUR_US
from appliance.storage.search.slices import FIRST_US, NOTHING_SECONDS, Slices, hours_of, is_of_hours

NOON = 1_795_435_200_000_000


def test_slices_go_from_the_newest_to_the_oldest_without_a_gap() -> None:
    slices = Slices()
    parts = []
    for low, high in slices.of(NOON - 30 * HOUR_US + 7, NOON + 5):
        parts.append((low, high))
        slices.took(0.0)
    assert parts[0] == (NOON + 5 - FIRST_US, NOON + 5)
    assert parts[-1][0] == NOON - 30 * HOUR_US + 7
    assert all(newer[0] == older[1] for newer, older in pairwise(parts))
    assert len(parts) < 15


def test_of_next_to_nothing_few_slices_are_made_and_of_little_more() -> None:
    counts = []
    for seconds in (0.0, NOTHING_SECONDS):
        slices = Slices()
        parts = slices.of(NOON - HOUR_US, NOON)
        counts.append(sum(slices.took(seconds) is None for _ in parts))
    assert counts == [3, 5]


def test_long_slices_begin_with_an_hour() -> None:
    slices = Slices(HOUR_US)
    lows = [low for low, _ in slices.of(NOON - 5 * HOUR_US, NOON + 7)]
    assert all(low % HOUR_US == 0 for low in lows)
    assert lows[0] == NOON - HOUR_US


def test_slow_slices_become_shorter_but_not_shorter_than_the_first() -> None:
    slices = Slices()
    for _ in slices.of(NOON, NOON + 7 * FIRST_US):
        slices.took(NOTHING_SECONDS)
    lengths = []
    for low, high in slices.of(NOON - 30 * FIRST_US, NOON):
        lengths.append((high - low) // FIRST_US)
        slices.took(9.0)
    assert lengths[:4] == [8, 4, 2, 1]
    assert set(lengths[4:]) == {1}


def test_a_slice_that_is_too_much_at_once_comes_again_in_parts() -> None:
    slices, parts = Slices(), []
    for low, high in slices.of(NOON - FIRST_US, NOON):
        parts.append((low, high))
        if high - low > FIRST_US // 8:
            slices.shorten(high - low)
    assert parts[:2] == [(NOON - FIRST_US, NOON), (NOON - FIRST_US // 8, NOON)]
    assert len(parts) == 9 and parts[-1][0] == NOON - FIRST_US


def test_the_length_is_kept_from_one_range_to_the_next() -> None:
    slices = Slices()
    for _ in slices.of(NOON - HOUR_US, NOON):
        slices.took(0.0)
    low, high = next(slices.of(NOON - 48 * HOUR_US, NOON - 24 * HOUR_US))
    assert high - low > FIRST_US


def test_an_empty_range_has_no_slices() -> None:
    assert list(Slices().of(NOON, NOON)) == list(Slices().of(NOON, NOON - 1)) == []


def test_hours_of_a_range_are_those_that_it_touches() -> None:
    assert list(hours_of(NOON, NOON + 1)) == [12]
    assert list(hours_of(NOON - 1, NOON + HOUR_US)) == [11, 12]
    assert list(hours_of(NOON, NOON + 12 * HOUR_US)) == list(range(12, 24))
    assert list(hours_of(NOON, NOON)) == []
    assert is_of_hours(NOON, NOON + HOUR_US) and not is_of_hours(NOON, NOON + HOUR_US - 1)
