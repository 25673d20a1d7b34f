import time

from hypothesis import given
from hypothesis import strategies as st

from appliance.web.shown_text import KEPT, Piece, body_parts, head_pieces, plain

SDP = b"v=0\r\nc=IN IP4 10.0.0.1\r\nm=audio 4000 RTP/AVP 8 0\r\na=sendonly\r\n"
INVITE = (
    b"INVITE sip:a SIP/2.0\r\nVia: x;branch=z9\r\nContact: <sip:a;transport=tcp>\r\n"
    b"Content-Type: application/sdp\r\n\r\n" + SDP
)


def joined(pieces: list[Piece]) -> str:
    return "".join(piece.text + piece.folded for piece in pieces)


def hints(pieces: list[Piece]) -> dict[str, str]:
    return {piece.text: piece.hint for piece in pieces if piece.hint}


def test_headers_and_parameters_are_explained() -> None:
    found = hints(head_pieces(INVITE))
    assert found.keys() == {"Via", ";branch", "Contact", ";transport", "Content-Type"}
    assert "transaction" in found[";branch"]


def test_the_text_is_all_there() -> None:
    assert joined(head_pieces(INVITE)).endswith("application/sdp\n\n")
    (part,) = body_parts(INVITE)
    assert joined(part.pieces) == SDP.decode().replace("\r\n", "\n")


def test_a_description_is_summed_up() -> None:
    (part,) = body_parts(INVITE)
    assert part.summary == "SDP · 62 B · audio PCMA PCMU 10.0.0.1:4000 sendonly"
    assert hints(part.pieces)["m="].startswith("Media")


def test_a_long_value_is_folded_and_nothing_of_it_lost() -> None:
    pieces = head_pieces(b"INVITE sip:a SIP/2.0\r\nX: " + b"y" * 60_000 + b"\r\n\r\n")
    (long,) = [piece for piece in pieces if piece.folded]
    assert len(long.text) == KEPT and len(long.text + long.folded.rstrip("\n")) == 60_000 + len(" ")


def test_base64_and_parts_are_told_apart() -> None:
    raw = (
        b"INVITE sip:a SIP/2.0\r\nContent-Type: multipart/mixed;boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: application/isup\r\nContent-Transfer-Encoding: base64\r\n\r\nAQIDBAU=\r\n"
        b"--b\r\nContent-Type: text/plain\r\n\r\nhello\r\n--b--\r\n"
    )
    isup, words = body_parts(raw)
    assert isup.summary == "application/isup · 8 B · base64, decoded" and isup.hex.startswith("0000  01 02 03")
    assert joined(words.pieces) == "Content-Type: text/plain\n\nhello"


def test_only_long_lines_of_plain_text_are_folded() -> None:
    pieces = plain(b"short\n" + b"x" * 600 + b"\nshort")
    assert [bool(piece.folded) for piece in pieces] == [False, True, False]
    assert joined(pieces) == "short\n" + "x" * 600 + "\nshort"
    assert plain(b"") == []


@given(st.binary(max_size=300))
def test_any_octets_can_be_shown(raw: bytes) -> None:
    (joined(head_pieces(raw)) + joined(plain(raw))).encode()
    for part in body_parts(b"INVITE sip:a SIP/2.0\r\n\r\n" + raw):
        (part.summary + joined(part.pieces) + part.hex).encode("utf-8", "replace")


def test_a_message_of_64_kib_is_shown_in_time() -> None:
    begun = time.process_time()
    for raw in (b"a:b\r\n" * 13_000, b";a" * 32_000, b"<" * 64_000, b"X: " + b'"' * 64_000, b"v=0\r\n" * 13_000):
        head_pieces(b"INVITE sip:a SIP/2.0\r\n" + raw + b"\r\n\r\n")
        body_parts(b"INVITE sip:a SIP/2.0\r\n\r\n" + raw)
    assert time.process_time() - begun < 3
