from appliance.calls.clock import times
from appliance.calls.copies import grouped
from appliance.calls.spans import LONGEST_MS, Spans
from appliance.model.rows import MessageRow
from tests.calls.made import flow, seen_by


def spans(rows: list[MessageRow]) -> Spans:
    return Spans(grouped(rows), times(rows))


def test_the_time_is_that_of_an_agent_that_saw_both() -> None:
    start, end = flow("0 A>P INVITE", "90 P>A 180 INVITE")
    other = seen_by([start, end], "early", -40_000)
    assert spans([start, end, *other]).ms(other[0], other[1]) == 90
    assert spans([start, *other]).ms(other[0], other[1]) == 90


def test_two_agents_are_compared_only_when_none_saw_both() -> None:
    start, end = flow("0 A>P INVITE", "90 P>A 180 INVITE")
    (late,) = seen_by([end], "late", 10_000)
    (early,) = seen_by([end], "early", -200_000)
    assert spans([start, late]).ms(start, late) == 100
    assert spans([start, early]).ms(start, early) is None
    assert not spans([start, late]).share_agent(start, late)


def test_a_clock_that_runs_backwards_gives_no_negative_time() -> None:
    start, end = flow("5 A>P INVITE", "0 P>A 180 INVITE")
    assert spans([start, end]).ms(start, end) == 0


def test_milliseconds_are_rounded_and_bounded() -> None:
    start, end = flow("0 A>P INVITE", "1.6 P>A 180 INVITE")
    assert spans([start, end]).ms(start, end) == 2
    start, end = flow("0 A>P INVITE", f"{10**12} P>A 180 INVITE")
    assert spans([start, end]).ms(start, end) == LONGEST_MS
