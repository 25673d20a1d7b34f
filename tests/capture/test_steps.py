import random
from ipaddress import ip_address, ip_network

from appliance.capture import steps
from appliance.sip.parse import parse

DOCUMENTATION = [ip_network(n) for n in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")]


def test_all_hosts_have_addresses_of_nobody() -> None:
    rng = random.Random(1)
    hosts = [steps.phone(rng) for _ in range(200)] + [steps.EDGE, steps.CORE, steps.PBX, steps.GATEWAY, steps.MEDIA]
    for host in hosts:
        assert any(ip_address(host.ip) in network for network in DOCUMENTATION), host.ip


def test_all_numbers_are_those_of_films() -> None:
    rng = random.Random(1)
    for _ in range(200):
        assert steps.inside(rng).user.startswith("+493023125")
        number = steps.outside(rng).user
        assert (number[:2], number[5:10], len(number)) == ("+1", "55501", 12)


def test_a_call_that_is_taken_is_acknowledged_with_the_number_of_its_invite() -> None:
    leg = steps.new_leg(random.Random(3))
    invite, at_us = steps.rung(leg, 0, 1.0)
    steps.bye(leg, steps.talk(leg, steps.taken(leg, invite, at_us), 1.0))
    said = [parse(p.payload) for p in leg.packets if p.protocol_type == 1]
    acks = [m.cseq for m in said if m.method == b"ACK"]
    byes = [m.cseq for m in said if m.method == b"BYE"]
    assert acks == [invite.cseq] * 2
    assert byes == [invite.cseq + 1] * 2
    assert [p for p in leg.packets if p.protocol_type == 5] or at_us
