import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.capture.files import CaptureError, Frame, frames
from appliance.capture.tally import Tally
from tests.capture.made import block, interface, opened, packet, pcap, section

BOTH = pytest.mark.parametrize("order", ["<", ">"])


def read(data: bytes, tally: Tally | None = None) -> list[Frame]:
    return list(frames(opened(data), tally))


@BOTH
@pytest.mark.parametrize("nano", [False, True])
def test_it_reads_pcap_of_either_byte_order_and_clock(order: str, nano: bool) -> None:
    found = read(pcap(b"one", b"two", order=order, nano=nano, link_type=113))
    assert [(frame.number, frame.time_us, frame.link_type, frame.data) for frame in found] == [
        (1, 1_700_000_000_500_000, 113, b"one"),
        (2, 1_700_000_001_500_000, 113, b"two"),
    ]


@BOTH
def test_each_interface_of_a_pcapng_has_its_own_link_type_and_clock(order: str) -> None:
    data = section(order) + interface(order) + interface(order, 101, resolution=9) + interface(order, 1, 0x8A, 100)
    data += packet(b"one", 1_700_000_000_500_000, order, 0)
    data += packet(b"two", 1_700_000_000_500_000_999, order, 1)
    data += packet(b"three", 1_700_000_000 << 10 | 512, order, 2)
    found = read(data)
    assert [frame.time_us for frame in found] == [1_700_000_000_500_000, 1_700_000_000_500_000, 1_700_000_100_500_000]
    assert [frame.link_type for frame in found] == [1, 101, 1]
    assert [frame.data for frame in found] == [b"one", b"two", b"three"]


def test_a_new_section_begins_with_no_interfaces() -> None:
    data = (
        section("<")
        + interface("<")
        + packet(b"one", 1, "<")
        + section(">")
        + interface(">", 101)
        + packet(b"2", 2, ">")
    )
    assert [(frame.link_type, frame.data) for frame in read(data)] == [(1, b"one"), (101, b"2")]


def test_unknown_blocks_are_passed_over() -> None:
    data = section() + block("<", 0x0BAD, b"whatever") + interface() + block("<", 4, b"") + packet(b"one", 1)
    assert [frame.data for frame in read(data)] == [b"one"]


def test_a_simple_packet_has_no_time() -> None:
    data = section() + interface() + block("<", 3, b"\5\0\0\0frame")
    assert [(frame.time_us, frame.data) for frame in read(data)] == [(0, b"frame")]


@pytest.mark.parametrize("data", [pcap(b"one"), section() + interface() + packet(b"one", 1)])
def test_gzip_around_a_capture_is_opened(data: bytes) -> None:
    assert [frame.data for frame in read(gzip.compress(data, mtime=0))] == [b"one"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b"[build-system]", "is not a capture"),
        (b"%PDF-1.7", "25 50 44 46"),
        (b"snoop\0\0\0", "editcap"),
        (gzip.compress(b"text", mtime=0), "is not a capture"),
        (b"\x1f\x8b\x08nonsense", "gzip"),
    ],
)
def test_a_file_that_is_no_capture_is_told_in_one_sentence(data: bytes, words: str) -> None:
    with pytest.raises(CaptureError, match=words) as caught:
        read(data)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "whole", [pcap(b"one", b"two"), section() + interface() + packet(b"one", 1) + packet(b"two", 2)]
)
def test_wherever_a_file_ends_what_was_whole_is_used_and_the_end_is_told(whole: bytes) -> None:
    for end in range(4, len(whole)):
        tally = Tally()
        found = [frame.data for frame in read(whole[:end], tally)]
        assert found == [b"one", b"two"][: len(found)]
        assert tally.damage or (whole[end:].startswith(whole[end:]) and end in boundaries(whole))
        assert tally.frames == len(found)


def boundaries(whole: bytes) -> set[int]:
    """Where a file can end without anybody noticing."""
    if whole[:4] == b"\x0a\x0d\x0d\x0a":
        return {28, 28 + 24, 28 + 24 + 36}
    return {24, 24 + 16 + 3}


def test_a_compressed_file_that_ends_early_gives_what_was_whole() -> None:
    packed = gzip.compress(pcap(*([bytes(range(256))] * 500)), compresslevel=0)
    tally = Tally()
    found = read(packed[: len(packed) // 2], tally)
    assert 0 < len(found) < 500
    assert "compressed" in tally.damage


def test_an_absurd_length_ends_the_reading() -> None:
    tally = Tally()
    data = pcap(b"one") + b"\0" * 8 + b"\xff\xff\xff\x7f" * 2 + b"rest"
    assert len(read(data, tally)) == 1
    assert "octets" in tally.damage


MAGICS = [b"\xd4\xc3\xb2\xa1", b"\xa1\xb2\x3c\x4d", b"\xa1\xb2\xcd\x34", b"\x0a\x0d\x0d\x0a", b"\x1f\x8b", b""]


@given(st.sampled_from(MAGICS), st.binary(max_size=300))
def test_any_octets_are_a_capture_or_a_capture_error(magic: bytes, data: bytes) -> None:
    try:
        read(magic + data)
    except CaptureError as error:
        assert "\n" not in str(error)


@given(st.data())
def test_a_changed_octet_never_raises(data: st.DataObject) -> None:
    whole = bytearray(section() + interface("<", 1, 9) + packet(b"one", 1) + packet(b"two", 2))
    whole[data.draw(st.integers(4, len(whole) - 1))] = data.draw(st.integers(0, 255))
    read(bytes(whole))
