import itertools
import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.capture.frames import Segment, Skipped
from appliance.capture.read import captured_from
from appliance.capture.tally import Tally
from appliance.capture.tcp import MOST_DIRECTIONS, MOST_IN_ALL, Connections
from tests.capture.made import BYE, INVITE, RINGING, opened, segments, tcp, tcp_back

STREAM = INVITE + RINGING + BYE
START = 4_294_967_200
"""The sequence numbers wrap within the stream."""


def messages(*pieces: tuple[bytes, int], tally: Tally | None = None) -> list[bytes]:
    return [one.payload for one in captured_from(opened(segments(*pieces)), tally)]


def cut(*places: int) -> list[tuple[bytes, int]]:
    return [(STREAM[a:b], START + a) for a, b in itertools.pairwise([0, *sorted(places), len(STREAM)])]


def segment(data: bytes, frame: int = 1, time_us: int = 0) -> Segment:
    return Segment(frame, time_us, "192.0.2.1", "192.0.2.2", 6, data)


def back(data: bytes, frame: int = 1, time_us: int = 0) -> Segment:
    return Segment(frame, time_us, "192.0.2.2", "192.0.2.1", 6, data)


@given(st.lists(st.integers(1, len(STREAM) - 1), max_size=8), st.randoms(use_true_random=False))
def test_segments_late_twice_and_overlapping_give_the_same_messages(places: list[int], rng: random.Random) -> None:
    pieces = cut(*places)
    first, rest = pieces[0], pieces[1:]
    rest += [(data, at) for data, at in rest if rng.random() < 0.3]
    rest += [(STREAM[a - 5 : a + 9], START + a - 5) for a in places if a > 5]
    rng.shuffle(rest)
    assert messages(first, *rest) == [INVITE, RINGING, BYE]


def test_a_segment_sent_again_with_more_in_it_is_joined() -> None:
    assert messages((STREAM[:50], START), (STREAM[:90], START), (STREAM[40:], START + 40)) == [INVITE, RINGING, BYE]


def test_a_probe_that_keeps_a_connection_alive_changes_nothing() -> None:
    assert messages((INVITE, 100), (b"\0", 99 + len(INVITE)), (BYE, 100 + len(INVITE))) == [INVITE, BYE]


def test_after_a_gap_reading_goes_on_at_the_next_message() -> None:
    tally = Tally()
    lost = (STREAM[:60], START), (STREAM[100:], START + 100)
    assert messages(*lost, tally=tally) == [RINGING, BYE]
    assert tally.skipped["gap in a TCP connection"] == 1
    assert tally.skipped["beginning of a SIP message over TCP"] == 1


def test_a_message_of_which_only_the_body_has_a_gap_is_given_as_far_as_it_came() -> None:
    at = len(INVITE) - 4
    assert messages((STREAM[:at], START), (STREAM[at + 2 :], START + at + 2)) == [INVITE[:-4], RINGING, BYE]


def test_a_gap_is_given_up_at_once_when_the_other_end_has_what_we_lack() -> None:
    connections = Connections(Tally())
    assert connections.feed(segment(tcp(b"", 999, flags=2))) == []
    assert connections.feed(segment(tcp(BYE, 1100), 2, 1_000)) == []
    assert connections.feed(back(tcp_back(b"", 5, 1100 + len(BYE)), 3, 50_000)) == [], "it may still come, out of order"
    found = connections.feed(back(tcp_back(b"", 5, 1100 + len(BYE)), 4, 150_000))
    assert [(source, destination, message.data) for source, destination, message in found] == [
        (("192.0.2.1", 40000), ("192.0.2.2", 5060), BYE)
    ]
    assert found[0][2].time_us == 1_000, "it was whole when it was captured"


def test_a_gap_is_given_up_after_a_while_and_beyond_a_size() -> None:
    connections = Connections(Tally())
    connections.feed(segment(tcp(b"", 999, flags=2)))
    connections.feed(segment(tcp(BYE, 1100), 2, 1_000))
    assert connections.feed(segment(tcp(BYE, 1100 + len(BYE)), 3, 2_000_000)) == []
    assert len(connections.feed(segment(tcp(BYE, 1100 + 2 * len(BYE)), 4, 4_000_000))) == 3

    connections = Connections(Tally())
    connections.feed(segment(tcp(b"", 999, flags=2)))
    fed = [connections.feed(segment(tcp(b"x" * 1400, 2000 + at * 1400))) for at in range(300)]
    assert fed == [[]] * 300
    assert len(connections.end()) == 0


def test_many_small_segments_beyond_a_gap_are_given_up_soon() -> None:
    connections, started = Connections(Tally()), time.thread_time()
    connections.feed(segment(tcp(b"", 999, flags=2)))
    for at in range(30_000):
        connections.feed(segment(tcp(b"x", 2000 + 2 * at)))
    assert time.thread_time() - started < 3
    assert len(next(iter(connections._directions.values())).held) < 2000


def test_the_end_of_a_connection_ends_its_last_message() -> None:
    connections = Connections(Tally())
    body = b"MESSAGE sip:a@b SIP/2.0\r\nContent-Type: text/plain\r\n\r\nhello"
    assert connections.feed(segment(tcp(body[:40], 1))) == []
    assert connections.feed(segment(tcp(b"", 1 + len(body), flags=0x11))) == [], "the end came before the rest"
    assert [found[2].data for found in connections.feed(segment(tcp(body[40:], 41)))] == [body]


def test_a_new_connection_on_the_same_ports_begins_anew() -> None:
    connections = Connections(Tally())
    connections.feed(segment(tcp(INVITE[:40], 1)))
    assert connections.feed(segment(tcp(b"", 500_000, flags=2))) == []
    assert [found[2].data for found in connections.feed(segment(tcp(BYE, 500_001)))] == [BYE]


def test_a_reset_ends_a_connection() -> None:
    connections = Connections(Tally())
    connections.feed(segment(tcp(INVITE[:-3], 1)))
    assert [found[2].data for found in connections.feed(segment(tcp(b"", 900, flags=4)))] == [INVITE[:-3]]


def test_there_is_a_bound_on_connections() -> None:
    connections = Connections(Tally())
    for port in range(MOST_DIRECTIONS + 50):
        connections.feed(segment(tcp(INVITE[:50], 1, source=port + 1)))
    assert len(connections._directions) == MOST_DIRECTIONS


@pytest.mark.parametrize("data", [b"\0" * 19, b"\0" * 12 + b"\x40" + b"\0" * 7])
def test_a_header_that_cannot_be_is_skipped(data: bytes) -> None:
    with pytest.raises(Skipped):
        Connections(Tally()).feed(segment(data))


@given(st.lists(st.tuples(st.integers(0, (1 << 32) - 1), st.integers(0, 63), st.sampled_from([b"", INVITE, b"x"]))))
def test_any_segments_are_taken(many: list[tuple[int, int, bytes]]) -> None:
    connections = Connections(Tally())
    for at, (sequence, flags, data) in enumerate(many):
        connections.feed(segment(tcp(data, sequence, flags, acknowledged=sequence), at, at * 500_000))
    connections.end()
    assert not connections._directions


def test_what_all_connections_hold_together_is_bounded() -> None:
    connections, size = Connections(Tally()), 1000
    for port in range(MOST_DIRECTIONS - 1):
        for step in range(25):
            connections.feed(segment(tcp(INVITE[:40] if step == 0 else bytes(size), 1 + step * 2 * size, source=port)))
    held = sum(direction.held_size + direction.cutter.size for direction in connections._directions.values())
    assert held == connections._held <= MOST_IN_ALL
    connections.end()
    assert connections._held == 0
