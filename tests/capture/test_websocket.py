import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.capture.cutter import Cutter
from appliance.capture.read import captured_from
from appliance.capture.tally import Tally
from appliance.capture.websocket import LARGEST, Messages, begins_handshake, carries_sip, frame_size, is_handshake
from tests.capture.made import BYE, INVITE, RINGING, ethernet, ipv4, opened, pcap, segments, tcp
from tests.captures import load_json

ASKED = (
    b"GET /ws HTTP/1.1\r\nHost: sip.example.com\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Protocol: sip\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n"
)
ANSWERED = b"HTTP/1.1 101 Switching Protocols\r\nupgrade: WebSocket\r\nConnection: Upgrade\r\n\r\n"


def frame(payload: bytes, first: int = 0x81, mask: bytes = b"") -> bytes:
    size, masked = len(payload), 128 if mask else 0
    short = bytes([masked | size]) if size < 126 else struct.pack(">BH", masked | 126, size)
    if mask:
        payload = bytes(octet ^ mask[at % 4] for at, octet in enumerate(payload))
    return bytes([first]) + short + mask + payload


def deflated(*messages: bytes) -> list[bytes]:
    """With the context kept from one to the next."""
    packer = zlib.compressobj(wbits=-15)
    return [(packer.compress(one) + packer.flush(zlib.Z_SYNC_FLUSH))[:-4] for one in messages]


def read(stream: bytes) -> list[bytes]:
    return [one.data for one in Cutter().feed(stream, 1, 0)]


PLAIN = frame(INVITE, mask=b"abcd") + frame(b"\r\n\r\n") + frame(b"", 0x89) + frame(RINGING, 0x82, b"\0\1\2\3")
CONTINUED = frame(INVITE[:40], 0x01) + frame(b"ping", 0x89) + frame(INVITE[40:90], 0x00) + frame(INVITE[90:], 0x80)
COMPRESSED = b"".join(frame(one, 0xC1, b"wxyz") for one in deflated(INVITE, RINGING, BYE))
STREAMS = {
    ASKED + PLAIN: [INVITE, RINGING],
    PLAIN: [INVITE, RINGING],
    ANSWERED + CONTINUED: [INVITE],
    ASKED + COMPRESSED: [INVITE, RINGING, BYE],
    COMPRESSED: [INVITE, RINGING, BYE],
    ASKED + frame(b'{"janus":"ping"}') + frame(BYE): [BYE],
}


@pytest.mark.parametrize("stream", sorted(STREAMS))
def test_messages_do_not_depend_on_how_the_stream_was_cut(stream: bytes) -> None:
    assert read(stream) == STREAMS[stream]
    cutter = Cutter()
    single = [one.data for at in range(len(stream)) for one in cutter.feed(stream[at : at + 1], at, 0)]
    assert single == STREAMS[stream]


def test_a_recorded_frame_is_read() -> None:
    recorded = next(f for f in load_json("tunnel_frames")["frames"] if f["id"] == "websocket-sip-180")
    data = bytes.fromhex(recorded["hex"])
    (payload,) = read(data)
    assert len(payload) == recorded["expected"]["payload_length"]
    assert payload.decode().startswith(recorded["expected"]["payload_starts"])


def test_a_capture_file_gives_the_messages_of_both_directions() -> None:
    found = list(captured_from(opened(segments((ASKED, 1), (PLAIN, 1 + len(ASKED))))))
    assert [(one.payload, one.frame, one.ip_protocol) for one in found] == [(INVITE, 2, 6), (RINGING, 2, 6)]


def test_behind_a_gap_reading_goes_on_with_the_next_frame() -> None:
    stream, second = ASKED + frame(INVITE, mask=b"abcd"), frame(BYE, mask=b"efgh")
    tally = Tally()
    pieces = (stream[:-30], 1), (second, 1 + len(stream)), (frame(RINGING), 1 + len(stream + second))
    assert [one.payload for one in captured_from(opened(segments(*pieces)), tally)] == [BYE, RINGING]


def test_what_is_compressed_to_a_bomb_is_not_unpacked_whole() -> None:
    (bomb,) = deflated(b"INVITE sip:a@b SIP/2.0\r\n" + bytes(50_000_000))
    opened_ = Messages().open(frame(bomb, 0xC1))
    assert opened_ is not None and len(opened_) <= LARGEST


def test_a_message_that_refers_to_what_was_not_captured_is_left_out() -> None:
    first, second = deflated(INVITE, INVITE)
    assert read(ASKED + frame(second, 0xC1)) == []
    assert read(ASKED + frame(first, 0xC1)) == [INVITE]


def test_other_http_is_no_handshake() -> None:
    assert begins_handshake(b"GET /index.html HTTP/1.1\r")
    assert not is_handshake(b"GET /index.html HTTP/1.1\r\nHost: a\r\n\r\n")
    assert not begins_handshake(b"INVITE sip:a@b SIP/2.0\r")
    assert read(b"HTTP/1.1 101 x\r\n\r\n" + BYE) == [BYE]


def test_a_frame_that_cannot_be_is_refused() -> None:
    assert frame_size(b"\x83\x00") == -1
    assert frame_size(b"\x81\xff" + b"\xff" * 12) == -1
    assert frame_size(b"\x81") == 0
    assert carries_sip(b"\x81\x7e\x01\x00hello, this is a text that is longer than forty-eight octets") is False


@given(st.binary(max_size=300), st.sampled_from([b"", ASKED, ANSWERED]), st.integers(1, 50))
def test_any_octets_are_read_or_left_out(data: bytes, before: bytes, step: int) -> None:
    cutter = Cutter()
    for at in range(0, len(before + data), step):
        cutter.feed((before + data)[at : at + step], 1, 0)
    cutter.end()


@given(st.sampled_from(sorted(STREAMS)), st.data())
def test_any_change_of_a_stream_raises_nothing(stream: bytes, data: st.DataObject) -> None:
    changed = bytearray(stream)
    for _ in range(4):
        changed[data.draw(st.integers(0, len(changed) - 1))] = data.draw(st.integers(0, 255))
    list(captured_from(opened(pcap(ethernet(ipv4(tcp(bytes(changed), 1), 6))))))
