from dataclasses import replace

import pytest

from appliance.calls.joins import weights
from appliance.calls.joins.leg import Leg, Moments
from appliance.calls.joins.score import Score, score

START = 1_795_428_672_000_000
FIRST = Leg(
    (START, 1), "7f3a91c2d4@10.0.0.1", START + 9_000_000, "4930111222", ("4940333444",), ("10.0.0.1", 5060),
    ("10.0.0.7", 5060), Moments(START, START, START + 500_000, START + 2_000_000, START + 9_000_000),
)  # fmt: skip
THEN = replace(
    FIRST, place=(START + 12_000, 2), callid="ee10@10.0.0.9", source=("10.0.0.7", 5060), destination=("10.0.0.9", 5060),
    moments=Moments(START + 12_000, START + 12_000, START + 498_000, START + 1_996_000, START + 9_003_000),
)  # fmt: skip


def scored(one: Leg = FIRST, other: Leg = THEN, together: bool = False, common: bool = False) -> Score:
    found = score(one, other, lambda *_: together, lambda *_: common)
    assert found is not None
    return found


def test_same_numbers_through_one_host_at_the_same_moments_is_one_call_and_says_so() -> None:
    found = scored()
    assert found.points > weights.JOIN
    assert (found.first, found.then) == (FIRST, THEN)
    assert found.why == "same numbers, through 10.0.0.7, rang, answered, ended together, 12 ms apart (score 1.00)"
    assert scored(THEN, FIRST).points == found.points


def test_what_began_too_far_apart_is_not_asked() -> None:
    late = replace(THEN, moments=replace(THEN.moments, invited=START + weights.APART_US + 1))
    assert score(FIRST, late, lambda *_: False, lambda *_: False) is None


@pytest.mark.parametrize(
    ("change", "less"),
    [
        ({"caller": "4989000000"}, 7.0),
        ({"callees": ("4989000000",)}, 4.0),
        ({"source": ("10.0.0.8", 5060)}, 2.5),
        ({"destination": ("10.0.0.7", 5060), "source": ("10.0.0.8", 5060)}, 20.0),
        ({"moments": replace(THEN.moments, answered=START + 5_000_000)}, 9.0),
        ({"moments": replace(THEN.moments, over=START + 3_000_000)}, 9.0),
        ({"moments": replace(THEN.moments, answered=None)}, 7.0),
    ],
)
def test_what_differs_speaks_against_it(change: dict[str, object], less: float) -> None:
    assert scored().points - scored(other=replace(THEN, **change)).points >= less  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "other", "words"),
    [
        ({"sessions": ("3724953954/1",)}, {"sessions": ("3724953954/1",)}, "same SDP session 3724953954"),
        ({"media": ("10.1.1.1:4000",)}, {"media": ("10.1.1.1:4000",)}, "same media address 10.1.1.1:4000"),
        ({"tags": ("00e9d478",)}, {"tags": ("SD4909701-00e9d478",)}, "one tag is in the other"),
        ({}, {"callid": "b2b-7f3a91c2d4-1@10.0.0.9"}, "one Call-ID is in the other"),
    ],
)
def test_what_only_one_call_can_have_speaks_for_it(
    one: dict[str, object], other: dict[str, object], words: str
) -> None:
    found = scored(replace(FIRST, **one), replace(THEN, **other))  # type: ignore[arg-type]
    assert found.points >= scored().points + 4
    assert words in found.why


def test_what_many_calls_have_says_nothing() -> None:
    sessions = {"sessions": ("53655765/2353687637",), "media": ("10.0.0.1:6000",)}
    common = scored(replace(FIRST, **sessions), replace(THEN, **sessions), common=True)  # type: ignore[arg-type]
    assert common.points == scored().points


def test_two_addresses_known_as_one_host_count_nearly_as_one() -> None:
    apart = replace(THEN, source=("172.16.0.7", 5060))
    assert scored(other=apart, together=True).points == scored().points - 0.5
    assert "through 10.0.0.7 and 172.16.0.7" in scored(other=apart, together=True).why


def test_where_one_machine_is_everybody_sockets_tell_the_hops_apart() -> None:
    one = replace(FIRST, source=("127.0.0.1", 5070), destination=("127.0.0.1", 5060))
    onward = replace(THEN, source=("127.0.0.1", 5060), destination=("127.0.0.1", 5080))
    assert scored(one, onward).points > weights.JOIN
    assert scored(one, replace(onward, source=("127.0.0.1", 5070))).points < weights.CONTRADICTION


def test_a_call_that_began_after_the_answer_is_no_leg_of_it() -> None:
    late = replace(THEN, moments=replace(THEN.moments, invited=START + 900_000, invited_last=START + 900_000))
    quick = replace(FIRST, moments=replace(FIRST.moments, answered=START + 100_000))
    assert scored(quick, late).points < weights.POSSIBLE


def test_after_a_challenge_the_second_invitation_is_the_one_that_is_followed() -> None:
    challenged = replace(FIRST, moments=replace(FIRST.moments, invited=START - 1_000_000, invited_last=START))
    assert "12 ms apart" in scored(challenged).why
