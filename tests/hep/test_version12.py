import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.hep.decode import decode
from appliance.hep.errors import HepError

INVITE = b"INVITE sip:bob@example.com SIP/2.0\r\n"
SECONDS, MICROSECONDS = 1_763_888_000, 123_456


def header(version: int, family: int = 2, length: int | None = None) -> bytes:
    addresses = b"\x0a\0\0\x01\x0a\0\0\x02" if family == 2 else bytes(15) + b"\x01" + bytes(15) + b"\x02"
    length = 8 + len(addresses) if length is None else length
    return struct.pack("!BBBBHH", version, length, family, 17, 5060, 5062) + addresses


@pytest.mark.parametrize("family", [10, 23, 24, 28, 30])
def test_ipv6_is_told_by_the_family_of_any_system(family: int) -> None:
    packet = decode(header(1, family) + INVITE)
    assert (packet.source_ip, packet.source_port) == ("::1", 5060)
    assert (packet.destination_ip, packet.destination_port) == ("::2", 5062)
    assert (packet.hep_version, packet.protocol_type, packet.time_us, packet.capture_id) == (1, 1, None, None)
    assert packet.payload == INVITE


RECENT = st.tuples(st.integers(1_500_000_000, 2_200_000_000), st.integers(0, 999_999), st.integers(0, 65535))
PAYLOADS = st.sampled_from(
    [INVITE, b"SIP/2.0 200 OK\r\n", b"OPTIONS tel:1 SIP/2.0\r\n", b"\r\n\r\n", b"BYE sips:a SIP/2.0"]
)


@given(RECENT, PAYLOADS)
def test_the_struct_of_kamailio_is_twelve_octets_little_endian(time: tuple[int, int, int], payload: bytes) -> None:
    packet = decode(header(2) + struct.pack("<IIHxx", *time) + payload)
    assert (packet.time_us, packet.capture_id) == (time[0] * 1_000_000 + time[1], time[2])
    assert packet.payload == payload


@given(RECENT, st.sampled_from([INVITE, b"SIP/2.0 200 OK\r\n", b"OPTIONS tel:1 SIP/2.0\r\n"]))
def test_others_send_ten_octets_big_endian(time: tuple[int, int, int], payload: bytes) -> None:
    packet = decode(header(2) + struct.pack(">IIH", *time) + payload)
    assert (packet.time_us, packet.capture_id) == (time[0] * 1_000_000 + time[1], time[2])
    assert packet.payload == payload


@given(RECENT)
def test_padding_may_hold_anything(time: tuple[int, int, int]) -> None:
    packet = decode(header(2) + struct.pack("<IIH", *time) + b"\x7f\xfe" + INVITE)
    assert (packet.time_us, packet.payload) == (time[0] * 1_000_000 + time[1], INVITE)


def test_sofia_counts_the_time_in_the_length() -> None:
    packet = decode(header(2, length=28) + struct.pack("<IIHxx", SECONDS, MICROSECONDS, 9) + INVITE)
    assert (packet.time_us, packet.capture_id, packet.payload) == (SECONDS * 1_000_000 + MICROSECONDS, 9, INVITE)


def test_a_big_endian_keep_alive_is_read_too() -> None:
    packet = decode(header(2) + struct.pack(">IIH", SECONDS, MICROSECONDS, 9) + b"\r\n\r\n")
    assert (packet.time_us, packet.payload) == (SECONDS * 1_000_000 + MICROSECONDS, b"\r\n\r\n")


def test_no_time_is_none() -> None:
    assert decode(header(2) + bytes(12) + INVITE).time_us is None


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "not-hep"),
        (b"\x01", "truncated"),
        (b"\x03" + bytes(40), "not-hep"),
        (header(1)[:-1], "truncated"),
        (header(1, 10)[:-1], "truncated"),
        (header(1, length=15) + INVITE, "not-hep"),
        (header(1, 10, length=16) + INVITE, "not-hep"),
        (b"\x01\x10\x07" + header(1)[3:] + INVITE, "not-hep"),
        (header(2) + bytes(9), "truncated"),
    ],
)
def test_what_is_no_hep_1_or_2_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(HepError) as caught:
        decode(data)
    assert caught.value.reason == reason


def test_an_empty_payload_is_no_error() -> None:
    assert decode(header(1)).payload == b""
    assert decode(header(2) + struct.pack("<IIH", SECONDS, 0, 1)).payload == b""
