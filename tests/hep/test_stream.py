import contextlib
import gzip

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from appliance.hep.errors import HepError
from appliance.hep.stream import FrameCutter
from tests.captures import hep_stream, load_json

STREAMS = [stated["file"] for stated in load_json("hep_streams/index")["files"]]
SMALL = [name for name in STREAMS if len(hep_stream(name)) < 10_000]


def frames_of(stream: bytes) -> list[bytes]:
    """An independent cut: by the length field alone."""
    frames = []
    while stream:
        length = int.from_bytes(stream[4:6], "big")
        frames.append(stream[:length])
        stream = stream[length:]
    return frames


def fed(pieces: list[bytes]) -> list[bytes]:
    cutter = FrameCutter()
    frames = [frame for piece in pieces for frame in cutter.feed(piece)]
    assert cutter.pending == 0
    return frames


@pytest.mark.parametrize("name", STREAMS)
def test_a_stream_cut_in_two_anywhere_gives_the_same_frames(name: str) -> None:
    stream = hep_stream(name)
    expected = frames_of(stream)
    for cut in range(0, len(stream), 1 if name in SMALL else len(stream) // 1500):
        assert fed([stream[:cut], stream[cut:]]) == expected


@pytest.mark.parametrize("name", STREAMS)
def test_a_stream_octet_by_octet_gives_the_same_frames(name: str) -> None:
    stream = hep_stream(name)
    assert fed([stream[at : at + 1] for at in range(len(stream))]) == frames_of(stream)


@given(st.data(), st.sampled_from(SMALL))
def test_any_cuts_give_the_same_frames(data: st.DataObject, name: str) -> None:
    stream = hep_stream(name)
    cuts = sorted(data.draw(st.sets(st.integers(0, len(stream)), max_size=20)))
    assert fed([stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True)]) == frames_of(stream)


@given(st.lists(st.binary(max_size=30)))
@example([b"\x1f\x8b", b"\0\0"])
@example([b"HEP3\0\6" + gzip.compress(b"HEP3\0\6")[:9], gzip.compress(b"HEP3\0\6")[9:] + b"GET"])
def test_any_octets_give_frames_or_a_hep_error_and_the_error_stays(pieces: list[bytes]) -> None:
    whole, cutter = FrameCutter(), FrameCutter()
    try:
        expected = whole.feed(b"".join(pieces))
    except HepError:
        expected = []
    frames = []
    for piece in pieces:
        try:
            frames += cutter.feed(piece)
        except HepError:
            with pytest.raises(HepError):
                cutter.feed(b"HEP3\0\6")
    assert frames == expected
    assert str(cutter.error) == str(whole.error)


def frame(body: bytes) -> bytes:
    return b"HEP3" + (6 + len(body)).to_bytes(2, "big") + body


def spoilt(octets: bytes, place: int) -> bytes:
    return octets[: place % len(octets)] + bytes([octets[place % len(octets)] ^ 1]) + octets[place % len(octets) + 1 :]


FRAMES = st.binary(max_size=30).map(frame)
PACKED = FRAMES.map(gzip.compress)
MEMBERS = st.one_of(FRAMES, PACKED, st.builds(spoilt, PACKED, st.integers(0)), st.binary(max_size=3))


@given(st.lists(MEMBERS, max_size=6).map(b"".join), st.data())
def test_packed_whole_and_broken_frames_are_the_same_however_they_are_cut(stream: bytes, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(0, len(stream)), max_size=5)))
    told = []
    for pieces in ([stream], [stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True)]):
        cutter, frames = FrameCutter(), list[bytes]()
        with contextlib.suppress(HepError):
            for piece in pieces:
                frames += cutter.feed(piece)
        told.append((frames, str(cutter.error)))
    assert told[0] == told[1]


def test_frames_before_the_place_where_the_stream_breaks_are_given() -> None:
    cutter = FrameCutter()
    assert cutter.feed(b"HEP3\0\6" * 3 + b"GET / HTTP/1.1") == [b"HEP3\0\6"] * 3
    assert (cutter.error and cutter.error.reason, cutter.error and cutter.error.offset) == ("not-hep", 18)
    with pytest.raises(HepError):
        cutter.feed(b"HEP3\0\6")


@pytest.mark.parametrize("data", [b"G", b"HEP2", b"HEQ", b"\x16\x03\x01", b"HEP3\0\5", b"\r\n"])
def test_a_stream_that_is_no_hep_3_is_refused_at_its_first_octets(data: bytes) -> None:
    with pytest.raises(HepError):
        FrameCutter().feed(data)


def test_it_holds_less_than_one_frame() -> None:
    cutter = FrameCutter()
    start = b"HEP3\xff\xff"
    cutter.feed(start + bytes(60_000))
    assert cutter.pending == 60_006
    assert [len(frame) for frame in cutter.feed(bytes(5529) + start + b"x")] == [65535]
    assert cutter.pending == 7


def packed_stream() -> tuple[bytes, list[bytes]]:
    frames = [frame_of(b"x" * size) for size in (0, 10, 3000, 60_000)]
    return b"".join(
        frame if number % 2 else gzip.compress(frame) for number, frame in enumerate(frames * 2)
    ), frames * 2


def frame_of(payload: bytes) -> bytes:
    size = 12 + len(payload)
    return b"HEP3" + size.to_bytes(2, "big") + b"\0\0\0\x0f" + (6 + len(payload)).to_bytes(2, "big") + payload


@pytest.mark.parametrize("step", [1, 2, 7, 1000, 10**6])
def test_packed_frames_are_given_unpacked_wherever_they_are_cut(step: int) -> None:
    stream, frames = packed_stream()
    cutter = FrameCutter()
    found = [frame for at in range(0, len(stream), step) for frame in cutter.feed(stream[at : at + step])]
    assert found == frames
    assert cutter.pending == 0


def test_a_packed_frame_that_is_cut_short_is_seen() -> None:
    cutter = FrameCutter()
    assert cutter.feed(gzip.compress(frame_of(b"x" * 1000))[:-3]) == []
    assert cutter.pending > 0


@pytest.mark.parametrize(
    ("member", "reason"),
    [
        (gzip.compress(bytes(50_000_000)), "payload-too-large"),
        (gzip.compress(b"GET / HTTP/1.1"), "not-hep"),
        (b"\x1f\x8bnonsense here", "bad-compression"),
        (b"\x1f\x8b\x08\x08" + bytes(6) + b"n" * 200_000, "payload-too-large"),
        (b"\x1f\x8b\x08" + bytes(7) + b"\0\0\0\xff\xff" * 40_000, "payload-too-large"),
    ],
    ids=["bomb", "other", "broken", "endless name", "endless empty blocks"],
)
@pytest.mark.parametrize("step", [1400, 10**9])
def test_a_packed_frame_without_end_is_bounded(member: bytes, reason: str, step: int) -> None:
    cutter = FrameCutter()
    first = frame_of(b"first")
    found = cutter.feed(first)
    with pytest.raises(HepError) as caught:
        for at in range(0, len(member), step):
            found += cutter.feed(member[at : at + step])
    assert found == [first]
    assert caught.value.reason == reason
    assert cutter.pending == 0
