import gzip
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.hep.chunks import GENERIC_CHUNKS, Form
from appliance.hep.compression import MAX_PAYLOAD
from appliance.hep.decode import decode
from appliance.hep.errors import REASONS, HepError
from appliance.hep.stream import FrameCutter
from tests.captures import CAPTURES, hep_stream, load_json

FIXTURES = load_json("hep_fixtures")
GOOD = [fixture for fixture in FIXTURES if not fixture["expected"].get("rejected")]
REJECTED = [fixture for fixture in FIXTURES if fixture["expected"].get("rejected")]


def chunk(type_: int, value: bytes, vendor: int = 0) -> bytes:
    return struct.pack("!HHH", vendor, type_, 6 + len(value)) + value


def frame(*parts: bytes) -> bytes:
    body = b"".join(parts)
    return b"HEP3" + struct.pack("!H", 6 + len(body)) + body


def reason_of(data: bytes) -> str:
    with pytest.raises(HepError) as caught:
        decode(data)
    assert caught.value.reason in REASONS
    assert 0 <= caught.value.offset <= max(len(data), MAX_PAYLOAD)
    return caught.value.reason


@pytest.mark.parametrize("fixture", GOOD, ids=[fixture["id"] for fixture in GOOD])
def test_it_reads_what_the_recorded_datagrams_hold(fixture: dict) -> None:
    packet = decode(bytes.fromhex(fixture["hex"]))
    stated = fixture["collector_decode"] | fixture["expected"]
    assert packet.hep_version == stated.get("hep_version", 3)
    assert packet.protocol_type == stated.get("proto_type", 1)
    assert packet.ip_protocol == stated["ip_proto"]
    assert (packet.source_ip, packet.source_port) == (stated["src_ip"], stated["src_port"])
    assert (packet.destination_ip, packet.destination_port) == (stated["dst_ip"], stated["dst_port"])
    seconds = stated.get("ts_sec", stated.get("ts_sec_le"))
    microseconds = stated.get("ts_usec", stated.get("ts_usec_le"))
    assert packet.time_us == (None if seconds is None else seconds * 1_000_000 + microseconds)
    assert packet.capture_id == stated.get("capture_id", stated.get("capture_id_le"))
    assert packet.correlation_id == stated.get("correlation_id", "").encode()
    assert (packet.auth_key or b"") == stated.get("auth_key", "").encode()
    assert packet.node_name == stated.get("node_name", "").encode()
    if "payload" in stated:
        assert packet.payload == stated["payload"].encode()
    if "payload_first_line" in stated:
        assert packet.payload.startswith(stated["payload_first_line"].split("\n")[0].encode())
    if "payload_len" in stated:
        assert len(packet.payload) == stated["payload_len"]


@pytest.mark.parametrize("fixture", GOOD, ids=[fixture["id"] for fixture in GOOD])
def test_a_recorded_frame_reads_the_same_out_of_a_stream(fixture: dict) -> None:
    data = bytes.fromhex(fixture["hex"])
    if data.startswith(b"HEP3"):
        cutter = FrameCutter()
        frames = [whole for octet in data for whole in cutter.feed(bytes([octet]))]
        assert [decode(whole) for whole in frames] == [decode(data)]
    else:
        with pytest.raises(HepError):
            FrameCutter().feed(data)


@pytest.mark.parametrize("fixture", REJECTED, ids=[fixture["id"] for fixture in REJECTED])
def test_it_rejects_the_recorded_negatives(fixture: dict) -> None:
    reason_of(bytes.fromhex(fixture["hex"]))


def test_every_packet_of_every_recorded_stream_has_its_type_and_correlation_id() -> None:
    for stated in load_json("hep_streams/index")["files"]:
        packets = [decode(whole) for whole in FrameCutter().feed(hep_stream(stated["file"]))]
        assert len(packets) == stated["datagrams"]
        types = {
            str(type_): sum(p.protocol_type == type_ for p in packets) for type_ in {p.protocol_type for p in packets}
        }
        assert types == stated["by_proto_type"]
        assert sorted({p.correlation_id.decode() for p in packets} - {""}) == sorted(stated["correlation_ids"])
        assert min(p.time_us or 0 for p in packets) == round(stated["first_ts"] * 1e6)
        assert max(p.time_us or 0 for p in packets) == round(stated["last_ts"] * 1e6)


ADDRESSES = (chunk(3, b"\x0a\0\0\x01"), chunk(4, b"\x0a\0\0\x02"))
NUMBERS = (
    chunk(7, b"\x13\xc4"),
    chunk(8, b"\x13\xc5"),
    chunk(9, struct.pack("!I", 1_700_000_000)),
    chunk(10, struct.pack("!I", 7)),
    chunk(11, b"\x01"),
    chunk(12, struct.pack("!I", 2001)),
)
WHOLE = (chunk(1, b"\2"), chunk(2, b"\x11"), *ADDRESSES, *NUMBERS, chunk(0x11, b"c"), chunk(0x0F, b"SIP"))


@given(st.permutations(WHOLE))
def test_chunks_may_come_in_any_order(parts: list[bytes]) -> None:
    assert decode(frame(*parts)) == decode(frame(*WHOLE))


def test_kamailio_puts_the_addresses_after_the_numbers() -> None:
    assert decode(frame(*WHOLE[:2], *NUMBERS, *ADDRESSES, *WHOLE[-2:])) == decode(frame(*WHOLE))


def test_a_packet_with_nothing_in_it_is_blank() -> None:
    packet = decode(b"HEP3\0\6")
    assert (packet.source_ip, packet.source_port, packet.time_us, packet.capture_id) == ("", 0, None, None)
    assert packet.payload == b""


def test_a_zero_time_is_no_time_and_any_other_stands_as_claimed() -> None:
    assert decode(frame(chunk(9, bytes(4)), chunk(10, bytes(4)))).time_us is None
    ntp = frame(chunk(9, struct.pack("!I", 3_994_745_626)), chunk(10, struct.pack("!I", 4_000_000_000)))
    assert decode(ntp).time_us == 3_994_745_626 * 1_000_000 + 4_000_000_000


def test_a_zero_length_chunk_is_there_but_empty() -> None:
    packet = decode(frame(chunk(0x0E, b""), chunk(0x11, b""), chunk(0x0F, b"")))
    assert (packet.auth_key, packet.correlation_id, packet.payload) == (b"", b"", b"")


def test_a_vendors_own_chunk_does_not_pass_for_a_generic_one() -> None:
    packet = decode(frame(chunk(0x0F, b"payload"), chunk(0x0F, b"other", vendor=2), chunk(0x65, b"{}")))
    assert packet.payload == b"payload"
    assert packet.extra == ((2, 0x0F, b"other"), (0, 0x65, b"{}"))


def test_a_chunk_of_an_odd_size_does_not_lose_the_rest() -> None:
    packet = decode(frame(chunk(7, b"\x01"), chunk(3, b"abc"), chunk(0x0F, b"payload")))
    assert (packet.source_port, packet.source_ip, packet.payload) == (0, "", b"payload")
    assert packet.extra == ((0, 7, b"\x01"), (0, 3, b"abc"))


def test_octets_after_the_frame_are_no_error_but_missing_ones_are() -> None:
    assert decode(frame(chunk(0x0F, b"payload")) + b"junk").payload == b"payload"
    assert reason_of(frame(chunk(0x0F, b"payload"))[:-1]) == "truncated"
    for size in range(6):
        assert reason_of(b"HEP3\0\6"[:size]) in ("truncated", "not-hep")


@pytest.mark.parametrize("length", [0, 1, 5])
def test_a_chunk_or_frame_shorter_than_its_header_is_an_error(length: int) -> None:
    assert reason_of(frame(b"\0\0\0\x0f" + struct.pack("!H", length))) == "bad-chunk"
    assert reason_of(b"HEP3" + struct.pack("!H", length) + bytes(20)) == "bad-length"


def test_a_chunk_beyond_the_frame_is_an_error() -> None:
    assert reason_of(frame(b"\0\0\0\x0f\0\x09ab")) == "bad-chunk"
    assert reason_of(frame(b"\0\0\0\x0f\0")) == "bad-chunk"


def test_an_ipv4_mapped_address_is_the_ipv4_address() -> None:
    mapped = bytes(10) + b"\xff\xff\x0a\0\0\x01"
    packet = decode(frame(chunk(5, mapped), chunk(6, b"\x20\x01\x0d\xb8" + bytes(11) + b"\x01")))
    assert (packet.source_ip, packet.destination_ip) == ("10.0.0.1", "2001:db8::1")


def raw_deflate(payload: bytes) -> bytes:
    deflate = zlib.compressobj(wbits=-15)
    return deflate.compress(payload) + deflate.flush()


@pytest.mark.parametrize("pack", [zlib.compress, gzip.compress, raw_deflate])
def test_a_compressed_payload_is_unpacked(pack) -> None:
    packet = decode(frame(chunk(0x10, pack(b"INVITE sip:a SIP/2.0\r\n" * 50))))
    assert packet.payload == b"INVITE sip:a SIP/2.0\r\n" * 50
    assert packet.compressed


@pytest.mark.parametrize("pack", [zlib.compress, gzip.compress, raw_deflate])
def test_a_bomb_is_refused_at_64_kib(pack) -> None:
    assert decode(frame(chunk(0x10, pack(bytes(MAX_PAYLOAD))))).payload == bytes(MAX_PAYLOAD)
    assert reason_of(frame(chunk(0x10, pack(bytes(MAX_PAYLOAD + 1))))) == "payload-too-large"
    assert reason_of(frame(chunk(0x10, pack(bytes(20_000_000))))) == "payload-too-large"


def test_a_compressed_payload_that_is_none_is_refused() -> None:
    for value in (b"", b"INVITE", zlib.compress(b"payload" * 9)[:-6]):
        assert reason_of(frame(chunk(0x10, value))) == "bad-compression"


def test_a_whole_frame_in_gzip_is_read() -> None:
    assert decode(gzip.compress(frame(chunk(0x0F, b"payload")))).payload == b"payload"
    assert reason_of(gzip.compress(b"INVITE sip:a SIP/2.0")) == "not-hep"


@given(st.binary(max_size=200))
def test_no_octets_raise_anything_but_a_hep_error(data: bytes) -> None:
    for octets in (data, b"HEP3" + data, frame(data), b"\1\x10\2\x11" + data, b"\2\x28\x0a\6" + data):
        try:
            decode(octets)
        except HepError as error:
            assert error.reason in REASONS


def test_the_capture_file_of_hep_datagrams_is_read() -> None:
    data = (CAPTURES / "sipcapture-hep-wireshark/pcap/hep.pcap").read_bytes()
    starts = [at for at in range(len(data)) if data.startswith(b"HEP3", at)]
    assert [decode(data[at:]).protocol_type for at in starts] == [1, 1, 1, 1, 100, 1, 1, 5]


CONSUMED = frozenset(range(0x01, 0x0D)) | {0x0E, 0x0F, 0x10, 0x11, 0x12, 0x13}
"""Generic chunks that have a field of their own in Packet; the family is told by the addresses."""


@pytest.mark.parametrize("type_", sorted(GENERIC_CHUNKS))
def test_every_chunk_of_revision_37_is_read_or_kept_and_one_of_odd_size_is_kept(type_: int) -> None:
    sizes = {Form.UINT8: 1, Form.UINT16: 2, Form.UINT32: 4, Form.UINT64: 8, Form.IPV4: 4, Form.IPV6: 16, Form.OCTETS: 9}
    form = GENERIC_CHUNKS[type_].form
    value = zlib.compress(b"x") if type_ == 0x10 else bytes(range(1, sizes[form] + 1))
    sip = chunk(0x0B, b"\x01")
    kept = () if type_ in CONSUMED else ((0, type_, value),)
    assert decode(frame(sip, chunk(type_, value))).extra == kept
    if form is not Form.OCTETS:
        assert decode(frame(sip, chunk(type_, value + b"\0"))).extra == ((0, type_, value + b"\0"),)
        assert decode(frame(sip, chunk(type_, b""))).extra == ((0, type_, b""),)
    assert decode(frame(sip, chunk(type_, value, vendor=8))).extra == ((8, type_, value),)
