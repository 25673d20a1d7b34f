import pytest

from appliance.ingest.filing import Filed
from appliance.ingest.tails import node_of, transport, with_clock
from tests.calls.made import flow
from tests.sip_packets import packet

(INVITE,) = flow("0 A>B INVITE")


def test_an_agent_is_named_by_its_name_else_its_number_else_its_address() -> None:
    found = packet(INVITE)
    assert node_of(found, "192.0.2.9") == found.node_name
    found.node_name = b""
    assert node_of(found, "192.0.2.9") == b"7"
    found.capture_id = None
    assert node_of(found, "192.0.2.9") == b"192.0.2.9"


@pytest.mark.parametrize(("problems", "told"), [(b"", b"clock"), (b"bad-via", b"bad-via,clock")])
def test_a_suspect_clock_is_a_problem_among_others(problems: bytes, told: bytes) -> None:
    assert with_clock(problems, Filed(1, 2, True)) == told
    assert with_clock(problems, Filed(1, None, False)) == problems


def test_the_transport_is_the_agents_word_before_the_vias() -> None:
    found = packet(INVITE)
    found.ip_protocol = 6
    assert (transport(found, b"udp"), transport(found, b"ws")) == (b"tcp", b"ws")
