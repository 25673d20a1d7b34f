from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.hep.decode import decode
from appliance.hep.encode import encode
from appliance.hep.errors import HepError
from appliance.hep.key import key_of, without_key
from appliance.model.packet import Packet

PACKET = Packet(3, 1, 17, "192.0.2.1", 5060, "192.0.2.2", 5060, 1, 7, b"n", b"c", b"OPTIONS sip:a SIP/2.0")


@given(st.none() | st.binary(max_size=40), st.binary(max_size=100))
def test_the_key_is_the_one_that_decoding_finds(key: bytes | None, payload: bytes) -> None:
    frame = encode(replace(PACKET, auth_key=key, payload=payload))
    assert key_of(frame) == decode(frame).auth_key == key


@given(st.binary(max_size=40))
def test_a_frame_without_its_key_is_the_same_but_for_zeros(key: bytes) -> None:
    frame = encode(replace(PACKET, auth_key=key))
    blank = without_key(frame)
    assert len(blank) == len(frame)
    assert decode(blank) == replace(decode(frame), auth_key=bytes(len(key)))


def test_a_frame_that_has_none_is_given_back_as_it_is() -> None:
    frame = encode(PACKET)
    assert without_key(frame) is frame


@pytest.mark.parametrize("data", [b"", b"HEP3", b"\x01\x10", b"\x1f\x8b", b"HEP3\xff\xff\0\0\0\x0e\xff\xff"])
def test_what_is_no_frame_has_no_key(data: bytes) -> None:
    assert key_of(data) is None
    assert without_key(data) is data


@given(st.binary(max_size=200))
def test_whatever_follows_the_magic_it_finds_what_decoding_finds_or_less(data: bytes) -> None:
    frame = b"HEP3" + data
    key = key_of(frame)
    without_key(frame)
    try:
        assert decode(frame).auth_key == key
    except HepError:
        return
