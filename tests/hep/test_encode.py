import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.hep.decode import decode
from appliance.hep.encode import encode
from appliance.hep.errors import HepError
from appliance.model.packet import Packet
from tests.captures import load_json

UNREAD_TYPES = st.integers(0x14, 0xFFFF)
ADDRESSES = st.just("") | st.ip_addresses().map(lambda address: str(getattr(address, "ipv4_mapped", None) or address))
PACKETS = st.builds(
    Packet,
    hep_version=st.just(3),
    protocol_type=st.integers(0, 255),
    ip_protocol=st.integers(0, 255),
    source_ip=ADDRESSES,
    source_port=st.integers(0, 65535),
    destination_ip=ADDRESSES,
    destination_port=st.integers(0, 65535),
    time_us=st.none() | st.integers(1, 2**32 * 1_000_000 - 1),
    capture_id=st.none() | st.integers(0, 2**32 - 1),
    node_name=st.binary(max_size=40),
    correlation_id=st.binary(max_size=40),
    payload=st.binary(max_size=300),
    vlan=st.none() | st.integers(0, 65535),
    auth_key=st.none() | st.binary(max_size=20),
    compressed=st.booleans(),
    extra=st.lists(
        st.tuples(st.just(0), UNREAD_TYPES, st.binary(max_size=9))
        | st.tuples(st.integers(1, 65535), st.integers(0, 65535), st.binary(max_size=9)),
        max_size=3,
    ).map(tuple),
)


def packet(payload: bytes = b"", **changes: object) -> Packet:
    fields = {"time_us": None, "capture_id": None, "node_name": b"", "correlation_id": b"", **changes}
    return Packet(3, 1, 17, "10.0.0.1", 5060, "10.0.0.2", 5060, payload=payload, **fields)  # type: ignore[arg-type]


@given(PACKETS)
def test_what_is_written_is_read_again(sent: Packet) -> None:
    assert decode(encode(sent)) == sent


@pytest.mark.parametrize("fixture", [f for f in load_json("hep_fixtures") if not f["expected"].get("rejected")])
def test_a_recorded_packet_keeps_its_meaning_when_written_as_hep_3(fixture: dict) -> None:
    received = decode(bytes.fromhex(fixture["hex"]))
    again = decode(encode(received))
    received.hep_version = 3
    assert again == received


def test_the_largest_payload_fits_and_one_octet_more_does_not() -> None:
    room = 65535 - len(encode(packet()))
    assert decode(encode(packet(bytes(room)))).payload == bytes(room)
    for size in (room + 1, 65536, 1_000_000):
        with pytest.raises(HepError, match="too-large"):
            encode(packet(bytes(size)))


def test_what_hep_cannot_carry_is_refused_with_a_reason() -> None:
    for changes in ({"time_us": -1}, {"time_us": 2**32 * 1_000_000}, {"vlan": 65536}, {"capture_id": -1}):
        with pytest.raises(HepError, match="bad-value"):
            encode(packet(**changes))
    wrong = packet()
    wrong.source_ip = "nowhere"
    with pytest.raises(HepError, match="bad-address"):
        encode(wrong)
    with pytest.raises(HepError, match="too-large"):
        encode(packet(bytes(65537), compressed=True))
