from dataclasses import replace

import pytest

from appliance.calls.joins.leg import Leg, Moments
from appliance.calls.joins.window import COMMON, MINUTE_US, MOST_NEAR, Window

START = 1_795_428_660_000_000
assert START % MINUTE_US == 0


def leg(number: int, at_us: int = 0, caller: str = "4930111", **more: object) -> Leg:
    at = START + at_us
    made = Leg((at, number), f"{number}@made", at, caller, ("4930222",), ("a", 1), ("b", 2), Moments(at, at))
    return replace(made, **more)  # type: ignore[arg-type]


def held(*legs: Leg) -> Window:
    window = Window()
    for each in legs:
        window.put(each)
    return window


def near(window: Window, of: Leg) -> set[int]:
    return {each.place[1] for each in window.near(of)}


def test_near_is_what_began_about_then_and_has_something_in_common() -> None:
    one = leg(1)
    window = held(
        one,
        leg(2, 900_000),
        leg(3, 2_000_000),
        leg(4, 0, "someone", callees=("else",)),
        leg(5, 0, "someone", callees=("else",), sessions=("930483254/1",)),
        leg(6, -900_000),
    )
    assert near(window, one) == {2, 6}
    assert near(window, replace(one, sessions=("930483254/1",))) == {2, 5, 6}


def test_after_a_challenge_the_second_invitation_counts_too() -> None:
    one = leg(1, 0, moments=Moments(START, START + 20_000_000))
    assert near(held(one, leg(2, 20_500_000)), one) == {2}


def test_a_call_is_held_once_whatever_changes_and_can_be_let_go() -> None:
    window = held(leg(1), leg(2), leg(2, caller="4940999"))
    assert near(window, leg(1)) == {2}
    found = window.get((START, 2))
    assert found is not None and found.caller == "4940999"
    window.remove((START, 2))
    window.remove((START, 2))
    assert near(window, leg(1)) == set()


def test_of_very_many_the_nearest_are_compared() -> None:
    window = held(*(leg(number, number * 5_000) for number in range(200)))
    assert near(window, leg(0)) == set(range(1, MOST_NEAR + 1))


@pytest.mark.parametrize(("calls", "common"), [(COMMON, False), (COMMON + 1, True)])
def test_a_session_that_many_calls_have_tells_nothing(calls: int, common: bool) -> None:
    window = held(*(leg(number, sessions=("53655765/2353687637",)) for number in range(calls)))
    assert window.is_common("53655765/2353687637", START) is common
    assert not window.is_common("53655765/2353687637", START + MINUTE_US)


def test_what_very_many_calls_have_makes_none_near_and_those_that_had_it_before_are_told_of() -> None:
    alone = [leg(number, number, f"{number}", callees=(), media=("192.0.2.40:8000",)) for number in range(COMMON + 3)]
    window = held(*alone[:COMMON])
    assert near(window, alone[0]) == {1, 2}
    assert window.turned() == set()
    for each in alone[COMMON:]:
        window.put(each)
    assert near(window, alone[0]) == set()
    assert window.turned() == {each.place for each in alone[: COMMON + 1]}
    assert window.turned() == set()


def test_minutes_that_are_not_held_are_named_and_begun() -> None:
    window = Window()
    minute = START // MINUTE_US
    assert window.missing([START + 30_000_000, START + 100]) == [minute - 1, minute]
    window.begin(minute, [leg(1)])
    window.begin(minute, [leg(1, caller="late")])
    assert window.missing([START + 30_000_000]) == []
    found = window.get((START, 1))
    assert found is not None and found.caller == "4930111"


def test_it_is_bounded() -> None:
    window = Window(most_legs=10)
    for number in range(60):
        window.put(leg(number, number * MINUTE_US))
        window.shrink()
    assert window.get((START, 0)) is None
    assert window.get((START + 59 * MINUTE_US, 59)) is not None
    window.clear()
    assert window.get((START + 59 * MINUTE_US, 59)) is None
