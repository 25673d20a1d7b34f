import random

from hypothesis import given
from hypothesis import strategies as st

from appliance.registrations import hour as growing
from appliance.registrations.fold import fold
from appliance.registrations.hour import Hour
from tests.registrations.made import HOUR, seen, told

SECOND = 1000


def lines() -> list[str]:
    """A device that refreshes now and then, with challenges, a refusal, a silence and an end."""
    found, ms = [], 0
    for number, pause in enumerate((20, 30, 39, 41, 60, 90, 5, 200, 60, 33, 45, 60)):
        cseq = 2 * number + 1
        found += [f"{ms} A>R REGISTER cseq={cseq}", f"{ms + 8} R>A 401 cseq={cseq}"]
        code = "403" if number == 5 else "200"
        end = "contact=* expires=0" if number == 8 else ""
        found += [f"{ms + 20} A>R REGISTER cseq={cseq + 1} {end}", f"{ms + 50} R>A {code} cseq={cseq + 1} for=70"]
        ms += pause * SECOND
    return found


@given(seed=st.integers(0, 1 << 30), at_once=st.integers(1, 20))
def test_it_says_what_the_fold_of_all_says_whatever_came_when(seed: int, at_once: int) -> None:
    packets = seen(told(*lines()))
    shuffled = packets[:]
    random.Random(seed).shuffle(shuffled)
    growing_hour, came = Hour(HOUR), []
    for start in range(0, len(shuffled), at_once):
        some = shuffled[start : start + at_once]
        came += some
        assert growing_hour.add([*some, *some]) == len(some)
        assert growing_hour.rows() == fold(came, HOUR)
    assert len(growing_hour) == len(packets)


def test_what_is_far_from_new_packets_is_not_folded_again(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    folded: list[int] = []
    original = growing.told
    monkeypatch.setattr(growing, "told", lambda packets, hour: folded.append(len(packets)) or original(packets, hour))
    found = Hour(HOUR)
    for number in range(20):
        ms = number * 60 * SECOND
        found.add(seen(told(f"{ms} A>R REGISTER cseq={number}", f"{ms + 9} R>A 200 cseq={number} for=90")))
        (row,) = found.rows()
    assert folded == [2] * 20
    assert (row.refreshes, row.attempts) == (19, 20)
