import random

from appliance.capture.leg import Host, Leg, Party
from appliance.sip.headers import headers
from appliance.sip.parse import parse

PHONE, PROXY, BOB = Host("198.51.100.1"), Host("192.0.2.10", "edge", 7), Host("198.51.100.2", port=5062)


def leg(*route: Host) -> Leg:
    people = Party("alice", "Alice", "example.com"), Party("bob", "Bob", "example.com")
    return Leg(random.Random(1), [], route or (PHONE, PROXY, BOB), *people)


def vias(payload: bytes) -> list[bytes]:
    return [header.value for header in headers(payload) if header.canonical == b"via"]


def test_a_request_passes_each_hop_with_one_via_more() -> None:
    one = leg()
    sent = one.request(0, "INVITE", body="v=0\r\n", tagged=False)
    assert [(p.source_ip, p.destination_ip) for p in one.packets] == [
        ("198.51.100.1", "192.0.2.10"),
        ("192.0.2.10", "198.51.100.2"),
    ]
    assert [len(vias(p.payload)) for p in one.packets] == [1, 2]
    assert vias(one.packets[1].payload)[1] == vias(one.packets[0].payload)[0]
    assert all((p.node_name, p.capture_id, p.correlation_id) == (b"edge", 7, one.callid.encode()) for p in one.packets)
    assert sent.arrived_us > max(p.time_us or 0 for p in one.packets)


def test_a_response_goes_back_the_same_way_and_has_a_tag() -> None:
    one = leg()
    invite = one.request(0, "INVITE", tagged=False)
    one.respond(invite, invite.arrived_us, "180 Ringing")
    request, response = parse(one.packets[0].payload), parse(one.packets[-1].payload)
    assert (one.packets[-1].source_ip, one.packets[-1].destination_ip) == ("192.0.2.10", "198.51.100.1")
    assert (response.status, response.via_branch, response.from_tag) == (180, request.via_branch, request.from_tag)
    assert not request.to_tag
    assert response.to_tag == one.to_tag.encode()


def test_a_refusal_is_acknowledged_on_each_hop_with_the_branch_of_the_request() -> None:
    one = leg()
    invite = one.request(0, "INVITE", tagged=False)
    one.refuse(invite, invite.arrived_us, "486 Busy Here")
    acks = [p for p in one.packets if p.payload.startswith(b"ACK ")]
    assert [p.destination_ip for p in acks] == ["198.51.100.2", "192.0.2.10"]
    assert [vias(p.payload) for p in acks] == [
        vias(one.packets[1].payload)[:1],
        vias(one.packets[0].payload)[:1],
    ]


def test_a_hop_between_two_agents_is_told_by_both() -> None:
    one = leg(PHONE, PROXY, Host("192.0.2.30", "pbx", 8, clock_us=-10_000))
    one.request(20_000, "OPTIONS", tagged=False)
    last = one.packets[-2:]
    assert last[0].payload == last[1].payload
    assert [p.node_name for p in last] == [b"edge", b"pbx"]
    assert (last[1].time_us or 0) < (last[0].time_us or 0), "the clock of the second is behind"
