"""Kamailio between two SIPp ends: what its siptrace module sends decodes to exactly what the ends wrote down."""

from collections import Counter
from pathlib import Path

import pytest

from appliance.model.packet import Packet
from appliance.sip.parse import parse
from tests.agents.hep_socket import HepSocket, hep_socket
from tests.agents.kamailio import ADDRESS, CAPTURE_ID, kamailio
from tests.agents.sipp import CALLED, CALLER, Calls, Logged, make_calls
from tests.appliance import eventually, free_port

pytestmark = pytest.mark.agents

COUNT = 8
MOST_APART_US = 500_000


def traced(directory: Path, hep_version: int, scenario: str) -> tuple[HepSocket, Calls, tuple[int, int, int]]:
    proxy, called, caller = free_port(), free_port(), free_port()
    with hep_socket() as found, kamailio(directory, proxy, found.port, f"sip:{CALLED}:{called}", hep_version):
        calls = make_calls(directory / scenario, scenario, f"{ADDRESS}:{proxy}", called, caller, COUNT)
        expected = len(calls.caller) + len(calls.called)
        eventually(lambda: len(found.datagrams) >= expected)
    return found, calls, (proxy, called, caller)


@pytest.mark.parametrize("scenario", ["answered", "busy"])
@pytest.mark.parametrize("hep_version", [3, 2, 1])
def test_every_message_of_the_calls_is_told(tmp_path: Path, hep_version: int, scenario: str) -> None:
    found, calls, (proxy, called, caller) = traced(tmp_path, hep_version, scenario)
    packets = found.packets()
    assert len({parse(one.payload).callid for one in calls.caller}) == COUNT
    assert Counter(p.payload for p in packets) == Counter(one.payload for one in calls.caller + calls.called)
    assert {(p.hep_version, p.protocol_type, p.ip_protocol) for p in packets} == {(hep_version, 1, 17)}

    relay, near, far = (ADDRESS, proxy), (CALLER, caller), (CALLED, called)
    for end, log in ((near, calls.caller), (far, calls.called)):
        told = [p for p in packets if end in ((p.source_ip, p.source_port), (p.destination_ip, p.destination_port))]
        assert Counter(p.payload for p in told) == Counter(one.payload for one in log)
        for packet in told:
            both = (packet.source_ip, packet.source_port), (packet.destination_ip, packet.destination_port)
            assert both in ((end, relay), (relay, end))
            assert both == ((end, relay) if was_sent(packet, log) else (relay, end))
    assert_times(packets, calls, hep_version)
    if hep_version > 1:
        assert {p.capture_id for p in packets} == {CAPTURE_ID}


def was_sent(packet: Packet, log: list[Logged]) -> bool:
    return next(one.sent for one in log if one.payload == packet.payload)


def assert_times(packets: list[Packet], calls: Calls, hep_version: int) -> None:
    if hep_version == 1:
        assert {p.time_us for p in packets} == {None}, "HEP 1 has no time"
        return
    for packet in packets:
        near = [one.at_us for one in calls.caller + calls.called if one.payload == packet.payload]
        assert packet.time_us is not None
        assert min(abs(packet.time_us - at_us) for at_us in near) < MOST_APART_US
