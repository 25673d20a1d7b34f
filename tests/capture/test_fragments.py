import random

from hypothesis import given
from hypothesis import strategies as st

from appliance.capture.fragments import MOST_WAITING, PATIENCE_US, Fragments
from appliance.capture.tally import Tally

KEY = (b"\1\1\1\1", b"\2\2\2\2", 17, 7)
WHOLE = bytes(range(200))


def pieces(size: int) -> list[tuple[int, bool, bytes]]:
    return [(at, at + size < len(WHOLE), WHOLE[at : at + size]) for at in range(0, len(WHOLE), size)]


@given(st.sampled_from([8, 16, 40, 72]), st.randoms(use_true_random=False))
def test_fragments_in_any_order_and_twice_make_the_datagram(size: int, rng: random.Random) -> None:
    fragments = Fragments(Tally())
    order = pieces(size)
    rng.shuffle(order)
    order = [*order[:-1], rng.choice(order[:-1]), order[-1]] if len(order) > 1 else order
    found = [fragments.add(KEY, *piece, 0) for piece in order]
    assert found[-1] == WHOLE
    assert not any(found[:-1])


def test_overlapping_fragments_are_joined() -> None:
    fragments = Fragments(Tally())
    assert fragments.add(KEY, 96, False, WHOLE[96:], 0) is None
    assert fragments.add(KEY, 0, True, WHOLE[:104], 0) == WHOLE


def test_fragments_of_two_datagrams_are_kept_apart() -> None:
    fragments = Fragments(Tally())
    other = (*KEY[:3], 8)
    assert fragments.add(KEY, 0, True, b"a" * 8, 0) is None
    assert fragments.add(other, 8, False, b"b" * 8, 0) is None
    assert fragments.add(KEY, 8, False, b"A", 0) == b"a" * 8 + b"A"


def test_what_waits_too_long_or_is_too_much_is_given_up_and_counted() -> None:
    tally = Tally()
    fragments = Fragments(tally)
    fragments.add(KEY, 0, True, WHOLE[:8], 0)
    assert fragments.add(KEY, 8, False, WHOLE[8:], PATIENCE_US) is None
    for number in range(100, 100 + MOST_WAITING + 10):
        fragments.add((*KEY[:3], number), 0, True, b"x" * 8, PATIENCE_US)
    fragments.end()
    assert tally.skipped["datagram with a fragment missing"] == 1 + 1 + MOST_WAITING + 10


def test_a_fragment_beyond_the_largest_datagram_is_refused() -> None:
    fragments = Fragments(Tally())
    fragments.add(KEY, 0, True, b"x" * 8, 0)
    assert fragments.add(KEY, 65_528, False, b"x" * 100, 0) is None


@given(st.lists(st.tuples(st.integers(0, 200), st.booleans(), st.binary(max_size=50), st.integers(0, 1 << 40))))
def test_any_fragments_are_taken(many: list[tuple[int, bool, bytes, int]]) -> None:
    fragments = Fragments(Tally())
    for offset, more, piece, time_us in many:
        found = fragments.add(KEY, offset * 8, more, piece, time_us)
        assert found is None or len(found) <= 65_535
