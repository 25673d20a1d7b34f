from appliance.web.call_hops import Crossed, crossed
from tests.calls.made import flow, seen_by

ROWS = flow("0 A>P INVITE", "1 P>B INVITE", "9 B>P 486 INVITE", "10 P>A 486 INVITE")


def test_a_call_crossed_its_hops() -> None:
    found = crossed(ROWS)
    assert [(hop.source_ip, hop.status) for hop in found.hops] == [("10.0.0.1", 486), ("10.0.0.16", 486)]
    assert (found.legs, found.clocks, found.far) == (1, (), None)
    assert crossed([]) == Crossed()


def test_a_clock_that_is_far_off_is_said_at_once() -> None:
    near, far = (crossed([*ROWS, *seen_by(ROWS, "z", off_us)]) for off_us in (99_000, -1_200_000))
    assert near.far is None
    assert far.far is not None
    assert (far.far.node, far.far.offset_us) == ("z", -1_200_000)
