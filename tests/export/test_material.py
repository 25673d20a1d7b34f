from tests.calls.made import START_US, at, flow
from tests.export.material import material

LEGS = [
    *flow("0 A>P INVITE", "9 P>A 486 INVITE"),
    *flow("2 P>B INVITE id=x", "8 B>P 486 INVITE id=y", callid="c2@made"),
]


def test_the_legs_are_those_of_its_messages_its_own_first() -> None:
    assert material(LEGS).callids == ("c1@made", "c2@made")
    assert material(LEGS, callid="c2@made").callids == ("c2@made", "c1@made")


def test_times_and_parties_are_those_of_the_record_else_of_the_messages() -> None:
    call = material(LEGS)
    assert (call.started, call.ended, call.parties) == (START_US, at(9), ("100", "200"))
    bare = material(LEGS, call=None)
    assert (bare.started, bare.ended, bare.parties) == (START_US, at(9), ("100", "200"))
    nothing = material([], call=None)
    assert (nothing.started, nothing.ended, nothing.parties) == (None, None, ("", ""))
