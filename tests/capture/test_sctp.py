import random
import struct

from hypothesis import given
from hypothesis import strategies as st

from appliance.capture.read import Captured, captured_from
from appliance.capture.sctp import MOST_ASSOCIATIONS, MOST_PIECES
from appliance.capture.tally import Tally
from appliance.export.sctp import data_packets
from tests.capture.made import BYE, INVITE, RINGING, ethernet, ipv4, opened, pcap

HEAD = struct.pack(">HHII", 5060, 5062, 99, 0)


def data(payload: bytes, tsn: int, flags: int = 3) -> bytes:
    chunk = struct.pack(">BBHIHHI", 0, flags, 16 + len(payload), tsn & 0xFFFFFFFF, 0, 1, 0) + payload
    return chunk + b"\0" * (-len(chunk) % 4)


def i_data(payload: bytes, tsn: int, message: int, number: int, flags: int) -> bytes:
    place = 0 if flags & 2 else number
    chunk = struct.pack(">BBHIHHII", 64, flags, 20 + len(payload), tsn, 5, 0, message, place) + payload
    return chunk + b"\0" * (-len(chunk) % 4)


def read(*packets: bytes, tally: Tally | None = None) -> list[Captured]:
    return list(captured_from(opened(pcap(*(ethernet(ipv4(packet, 132)) for packet in packets))), tally))


def test_bundled_messages_are_each_given_with_their_ports() -> None:
    sack = struct.pack(">BBHIIHH", 3, 0, 16, 1, 1, 0, 0)
    found = read(HEAD + sack + data(INVITE, 1) + data(b"not SIP", 2) + data(BYE, 3))
    assert [one.payload for one in found] == [INVITE, BYE]
    assert [(one.source_port, one.destination_port, one.ip_protocol) for one in found] == [(5060, 5062, 132)] * 2


def fragments(start: int) -> list[bytes]:
    parts = [INVITE[at : at + 50] for at in range(0, len(INVITE), 50)]
    last = len(parts) - 1
    return [data(part, start + n, 2 * (n == 0) | (n == last)) for n, part in enumerate(parts)]


@given(st.randoms(use_true_random=False))
def test_fragments_in_any_order_and_twice_make_the_message(rng: random.Random) -> None:
    chunks = fragments(0xFFFFFFFE)
    chunks += rng.choices(chunks, k=2)
    rng.shuffle(chunks)
    assert [one.payload for one in read(*(HEAD + chunk for chunk in chunks))] == [INVITE]


def test_a_chunk_sent_again_is_left_out() -> None:
    assert [one.payload for one in read(HEAD + data(RINGING, 7), HEAD + data(RINGING, 7))] == [RINGING]


def test_interleaved_messages_are_joined_apart() -> None:
    half = len(INVITE) // 2
    chunks = [
        i_data(INVITE[:half], 1, 0, 0, 2),
        i_data(BYE[:20], 2, 1, 0, 2),
        i_data(INVITE[half:], 3, 0, 1, 1),
        i_data(BYE[20:], 4, 1, 1, 1),
    ]
    assert [one.payload for one in read(HEAD + b"".join(chunks))] == [INVITE, BYE]


def test_what_we_export_is_read_again() -> None:
    assert [one.payload for one in read(*data_packets(5060, 5062, INVITE, 7))] == [INVITE]


def test_a_message_that_never_becomes_whole_is_counted() -> None:
    tally = Tally()
    assert read(*(HEAD + chunk for chunk in fragments(1)[:-1]), tally=tally) == []
    assert tally.skipped == {"SCTP message with a chunk missing": 1}


def test_a_flood_of_fragments_and_associations_is_bounded() -> None:
    tally = Tally()
    pieces = [HEAD + data(b"x", 2 * n, 0) for n in range(MOST_PIECES + 9)]
    heads = [struct.pack(">HHII", 1, 2, tag, 0) + data(b"x", 1, 2) for tag in range(MOST_ASSOCIATIONS + 5)]
    assert read(*pieces, *heads, tally=tally) == []
    assert tally.skipped["SCTP message with a chunk missing"] == 9 + 1 + MOST_ASSOCIATIONS + 5


@given(st.lists(st.binary(max_size=80)), st.booleans())
def test_any_octets_are_read_or_counted(many: list[bytes], headed: bool) -> None:
    read(*(HEAD + one if headed else one for one in many))


@given(st.data())
def test_any_change_of_a_packet_is_read_or_counted(draw: st.DataObject) -> None:
    packet = bytearray(HEAD + b"".join(fragments(1)) + i_data(INVITE, 99, 1, 1, 3))
    for _ in range(4):
        packet[draw.draw(st.integers(0, len(packet) - 1))] = draw.draw(st.integers(0, 255))
    read(bytes(packet))
