from appliance.capture.packets import packets
from appliance.capture.read import Captured, captured
from appliance.capture.tally import Tally
from appliance.hep.decode import decode
from appliance.model.packet import Packet
from tests.captures import CAPTURES


def told(name: str, tally: Tally | None = None) -> list[Packet]:
    return list(packets(captured(CAPTURES / name), decode, b"here", tally))


def test_a_captured_message_is_told_as_an_agent_would() -> None:
    found = told("MichalCab-ISA/sip.pcap")
    assert len(found) == 9
    first = found[0]
    assert (first.hep_version, first.protocol_type, first.ip_protocol, first.node_name) == (3, 1, 17, b"here")
    assert (first.source_ip, first.source_port, first.destination_ip) == ("10.0.2.4", 5060, "10.0.2.15")
    assert first.time_us == 1416949761124098
    assert first.payload.startswith(b"INVITE sip:1000@10.0.2.15 SIP/2.0\r\n")


def test_a_connection_and_rtcp_are_told_by_their_numbers() -> None:
    found = told("NormB-sipnab/tests/pcap-samples/sip-over-tcp.pcap")
    assert sorted((one.ip_protocol, one.protocol_type) for one in found) == [(6, 1)] * 7 + [(17, 5)] * 2


def test_hep_is_unwrapped_and_keeps_its_own_agent_and_times() -> None:
    found = told("sipcapture-hep-wireshark/pcap/hep.pcap")
    assert len(found) == 8
    assert {one.protocol_type for one in found} == {1, 5, 100}
    assert b"here" not in {one.node_name for one in found}
    assert all(one.time_us for one in found)


def hep_captured(payload: bytes, time_us: int = 7) -> Captured:
    return Captured(1, time_us, "192.0.2.1", 9060, "192.0.2.2", 9060, 17, 0, payload)


def test_hep_without_a_time_has_that_of_its_frame() -> None:
    found = list(packets([hep_captured(b"HEP3\x00\x06")], decode, b"here"))
    assert [one.time_us for one in found] == [7]


def test_hep_that_cannot_be_decoded_is_counted() -> None:
    tally = Tally()
    assert list(packets([hep_captured(b"HEP3\xff\xff")], decode, b"here", tally)) == []
    assert tally.skipped == {"HEP that cannot be decoded": 1}


def test_a_time_that_hep_cannot_carry_is_left_out() -> None:
    sip = [Captured(1, time_us, "192.0.2.1", 1, "192.0.2.2", 2, 17, 1, b"x") for time_us in (0, -5, 1 << 63, 5)]
    assert [one.time_us for one in packets(sip, decode, b"here")] == [None, None, None, 5]
