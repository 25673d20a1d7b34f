import itertools
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.capture.cutter import LARGEST_BODY, Cutter
from tests.capture.made import BYE, INVITE, RINGING
from tests.captures import hep_stream


def cut(stream: bytes, *places: int) -> list[bytes]:
    """The messages of a stream that came in pieces cut at these places."""
    cutter, found = Cutter(), []
    for at, (start, end) in enumerate(itertools.pairwise([0, *sorted(places), len(stream)])):
        found += cutter.feed(stream[start:end], at, at)
    return [message.data for message in found + cutter.end()]


HEP = hep_stream("default.hep")
NO_LENGTH = b"MESSAGE sip:a@b SIP/2.0\r\nContent-Type: text/plain\r\n\r\nhello\r\nworld\r\n"
JUNK = b"\x16\x03\x01 not SIP at all \0\n and\nmore\xff"
STREAMS = {
    "three messages": (INVITE + RINGING + BYE, [INVITE, RINGING, BYE]),
    "blank lines and NULs between": (b"\r\n\r\n" + INVITE + b"\r\n\0\0" + BYE, [INVITE, BYE]),
    "no length, a body": (NO_LENGTH + BYE, [NO_LENGTH, BYE]),
    "no length, no body": (
        RINGING.replace(b"Content-Length: 0\r\n", b"") * 2,
        [RINGING.replace(b"Content-Length: 0\r\n", b"")] * 2,
    ),
    "begins in the middle": (b"ody of one\r\n" + INVITE + BYE, [INVITE, BYE]),
    "junk between": (INVITE + JUNK + b"\n" + BYE, [INVITE, BYE]),
    "length too small": (
        INVITE.replace(b"Length: 10", b"Length: 3") + b"\r\n" + BYE,
        [INVITE.replace(b"Length: 10", b"Length: 3")[:-7], BYE],
    ),
    "length unreadable": (
        INVITE.replace(b"Length: 10", b"Length: x") + b"\r\n" + BYE,
        [INVITE.replace(b"Length: 10", b"Length: x") + b"\r\n", BYE],
    ),
    "only junk": (JUNK * 3, []),
    "HTTP": (b"GET /x HTTP/1.1\r\nHost: sip\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", []),
    "ends within a body": (INVITE[:-3], [INVITE[:-3]]),
    "ends within the headers": (INVITE[:80], []),
    "HEP frames": (HEP, [HEP[:779], HEP[779:]]),
    "HEP with an impossible length": (b"HEP3\0\2\n" + BYE, [BYE]),
}


@pytest.mark.parametrize("name", STREAMS)
def test_a_stream_is_cut_into_its_messages_wherever_it_was_split(name: str) -> None:
    stream, expected = STREAMS[name]
    if name == "HEP frames":
        expected = hep_frames(stream)
    assert cut(stream) == expected
    assert cut(stream, *range(1, len(stream))) == expected
    for place in range(1, min(len(stream), 900)):
        assert cut(stream, place) == expected, place


def hep_frames(stream: bytes) -> list[bytes]:
    frames = []
    while stream:
        size = int.from_bytes(stream[4:6], "big")
        frames.append(stream[:size])
        stream = stream[size:]
    return frames


def test_a_message_has_the_frame_in_which_it_became_whole() -> None:
    cutter = Cutter()
    assert cutter.feed(INVITE[:50], 1, 100) == []
    assert [(m.frame, m.time_us) for m in cutter.feed(INVITE[50:] + RINGING + BYE[:9], 4, 400)] == [(4, 400), (4, 400)]
    assert [(m.frame, m.time_us) for m in cutter.feed(BYE[9:], 5, 500)] == [(5, 500)]


def test_octets_that_came_late_count_for_the_time() -> None:
    """When a gap is filled, the segment that filled it has the higher number."""
    cutter = Cutter()
    cutter.feed(INVITE[:50], 7, 700)
    assert [(m.frame, m.time_us) for m in cutter.feed(INVITE[50:], 4, 400)] == [(7, 700)]


def test_a_body_without_end_is_given_in_bounded_pieces() -> None:
    cutter = Cutter()
    found = cutter.feed(NO_LENGTH, 0, 0)
    for at in range(2 * LARGEST_BODY // 1000):
        found += cutter.feed(b"x" * 1000, at, at)
    assert found and len(found[0].data) <= LARGEST_BODY + 2000


@given(
    st.lists(st.sampled_from([INVITE, RINGING, BYE, NO_LENGTH, JUNK, b"\r\n", b"\0", INVITE[:70], b"SIP/2.0 200"])),
    st.data(),
)
def test_cuts_anywhere_give_the_same_messages(pieces: list[bytes], data: st.DataObject) -> None:
    stream = b"".join(pieces)
    places = data.draw(st.lists(st.integers(0, len(stream)), max_size=12))
    assert cut(stream, *places) == cut(stream)


@pytest.mark.parametrize("piece", [b" ", b"\n", b"A", b"AA sip:", b"\nAA sip:x ", b"\0", b"HEP3", b"\nL:1", b"x\n"])
def test_hostile_streams_are_cut_quickly(piece: bytes) -> None:
    for front in (b"", b"INVITE sip:a SIP/2.0\r\nc: x\r\n", b"INVITE sip:a SIP/2.0\r\nc: x\r\n\r\n"):
        stream = front + (piece * 300_000)[:300_000]
        cutter, started = Cutter(), time.thread_time()
        for at in range(0, len(stream), 1400):
            cutter.feed(stream[at : at + 1400], at, at)
        cutter.end()
        assert time.thread_time() - started < 3


@given(st.lists(st.binary(max_size=40), max_size=20))
def test_any_octets_are_taken(pieces: list[bytes]) -> None:
    cutter = Cutter()
    found = [message.data for at, piece in enumerate(pieces) for message in cutter.feed(piece, at, at)]
    found += [message.data for message in cutter.end()]
    assert sum(map(len, found)) <= sum(map(len, pieces))
