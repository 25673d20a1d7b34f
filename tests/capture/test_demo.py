import random
from collections import Counter
from itertools import islice, pairwise

import pytest

from appliance.capture import demo
from appliance.hep.decode import decode
from appliance.hep.encode import encode
from appliance.model.packet import Packet
from appliance.sip.parse import parse

START = 1_700_000_000_000_000


def traffic(seed: int = 1, calls_per_second: float = 10, seconds: float = 60) -> list[Packet]:
    return list(demo.traffic(random.Random(seed), START, calls_per_second, seconds))


def test_the_same_random_numbers_make_the_same_traffic() -> None:
    assert traffic(7, seconds=20) == traffic(7, seconds=20)
    assert traffic(7, seconds=20) != traffic(8, seconds=20)


def test_packets_come_in_order_of_time_and_end_shortly_after_the_span() -> None:
    found = traffic()
    times = [packet.time_us or 0 for packet in found]
    assert times == sorted(times)
    assert times[0] >= START
    assert 55_000_000 < times[-1] - START < 70_000_000


def test_it_begins_at_once_at_any_rate() -> None:
    first = list(islice(demo.traffic(random.Random(1), START, 1000, 86_400), 100))
    assert len(first) == 100


def test_every_message_is_well_formed_and_encodes() -> None:
    for packet in traffic():
        assert decode(encode(packet)) == packet
        if packet.protocol_type == 1:
            message = parse(packet.payload)
            assert message.problems == (), packet.payload
            assert message.callid == packet.correlation_id


def test_it_has_all_that_it_promises() -> None:
    found = traffic()
    sip = [parse(packet.payload) for packet in found if packet.protocol_type == 1]
    methods, statuses = Counter(m.method for m in sip), Counter(m.status for m in sip)
    assert {b"INVITE", b"ACK", b"BYE", b"CANCEL", b"REGISTER", b"OPTIONS"} <= methods.keys()
    assert {100, 180, 183, 200, 401, 407, 480, 486, 487} <= statuses.keys()
    assert {packet.protocol_type for packet in found} == {1, 5, 100}
    assert len({packet.node_name for packet in found}) >= 4
    assert any(":" in packet.source_ip for packet in found)
    callids = {m.callid for m in sip}
    legs = {(m.callid, m.callid_aleg) for m in sip if m.callid_aleg}
    assert legs and all(other in callids for _, other in legs)


def test_messages_have_realistic_sizes() -> None:
    sizes = sorted(len(packet.payload) for packet in traffic() if packet.protocol_type == 1)
    assert 400 < sizes[len(sizes) // 2] < 700
    assert sizes[-1] < 1500


@pytest.mark.parametrize("make", [make for make, _ in demo.SCENARIOS], ids=lambda make: make.__name__)
def test_each_scenario_answers_every_request(make: demo.Scenario) -> None:
    """Requests but ACK, and INVITEs that nobody answers, have a final response at last."""
    for seed in range(40):
        packets = make(random.Random(seed), 1.0)
        said = [parse(packet.payload) for packet in packets if packet.protocol_type == 1]
        asked = {(m.callid, m.cseq, m.method) for m in said if m.method and m.method != b"ACK"}
        answered = {(m.callid, m.cseq, m.cseq_method) for m in said if m.status >= 200}
        assert asked == answered
        assert all((packet.time_us or 0) >= 0 for packet in packets)


def test_a_forked_call_has_two_tags_of_which_one_is_cancelled() -> None:
    said = [parse(packet.payload) for packet in demo.forked(random.Random(2), 1.0) if packet.protocol_type == 1]
    finals = {(m.status, m.to_tag) for m in said if m.status >= 200 and m.cseq_method == b"INVITE"}
    assert Counter(status for status, _ in finals) == {200: 1, 487: 1}


def test_agents_stamps_alone_put_some_messages_in_the_wrong_order() -> None:
    """As in real traffic: the next hop's agent can tell of a message before the sender's."""
    found = traffic(3, 20, 30)
    early = 0
    for one, other in pairwise(found):
        early += one.payload == other.payload and one.node_name == b"pbx-1"
    assert early > 10
