import contextlib

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from appliance.storage import texts
from appliance.storage.texts import DamagedBlock, pack, place, row_id, unpack


@given(st.lists(st.binary(max_size=200), max_size=20))
def test_payloads_come_back_octet_for_octet_and_in_order(payloads: list[bytes]) -> None:
    assert unpack(pack(payloads)) == payloads


def test_the_fullest_block_comes_back() -> None:
    payloads = [b"%d" % index for index in range(texts.MOST_IN_BLOCK)]
    assert unpack(pack(payloads)) == payloads


def test_messages_that_are_alike_take_little_room() -> None:
    payloads = [b"REGISTER sip:example.com SIP/2.0\r\nCSeq: %d REGISTER\r\n\r\n" % n for n in range(1000)]
    assert len(pack(payloads)) < sum(map(len, payloads)) / 8


@given(st.binary(max_size=200))
def test_any_other_octets_are_a_damaged_block_and_nothing_else(body: bytes) -> None:
    with contextlib.suppress(DamagedBlock):
        unpack(body)


@pytest.mark.parametrize("plain", [b"", b"\x01", b"\xff\xff\xff\xff", b"\x02\0\0\0\x01\0\0\0"])
def test_a_block_that_says_more_than_it_holds_is_damaged(plain: bytes) -> None:
    with pytest.raises(DamagedBlock):
        unpack(zstandard.ZstdCompressor().compress(plain))


def test_a_block_whose_octets_are_cut_short_is_damaged() -> None:
    whole = zstandard.ZstdDecompressor().decompress(pack([b"INVITE", b"BYE"]))
    with pytest.raises(DamagedBlock):
        unpack(zstandard.ZstdCompressor().compress(whole[:-1]))


@given(st.integers(0, 2**48 - 1), st.integers(0, texts.MOST_IN_BLOCK))
def test_a_row_id_names_its_place(block: int, index: int) -> None:
    assert place(row_id(block, index)) == (block, index)
    assert row_id(block, index) < 2**64


def test_a_block_without_what_is_looked_for_is_not_cut_up() -> None:
    body = texts.pack([b"INVITE One", b"two"])
    assert texts.unpack(body, [b"one", b"two"]) == [b"INVITE One", b"two"]
    assert texts.unpack(body, [b"one", b"three"]) == []
    with pytest.raises(texts.DamagedBlock):
        texts.unpack(b"x", [b"one"])
