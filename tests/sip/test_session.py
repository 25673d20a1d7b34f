import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.sip.session import WIDTH, Session, SessionMedia, read, summary

OFFER = b"v=0\r\no=- 37249 2 IN IP4 192.0.2.40\r\ns=-\r\nc=IN IP4 192.0.2.40\r\nt=0 0\r\n"
AUDIO = b"m=audio 29510 RTP/AVP 8 0 101\r\na=rtpmap:101 telephone-event/8000\r\n"


def test_a_session_is_told_in_one_line() -> None:
    assert summary(OFFER + AUDIO) == b"37249 2 192.0.2.40;audio 192.0.2.40:29510 PCMA/PCMU/telephone-event"


def test_a_direction_is_told_unless_media_goes_both_ways() -> None:
    assert summary(OFFER + AUDIO + b"a=sendonly\r\n").endswith(b"/telephone-event sendonly")
    assert summary(OFFER + AUDIO + b"a=sendrecv\r\n").endswith(b"/telephone-event")


def test_a_line_is_read_again() -> None:
    video = b"m=video 4002 RTP/AVP 96\r\nc=IN IP6 2001:db8::1\r\na=rtpmap:96 VP8/90000\r\na=recvonly\r\n"
    assert read(summary(OFFER + AUDIO + video).decode()) == Session(
        "37249",
        "2",
        "192.0.2.40",
        (
            SessionMedia("audio", "192.0.2.40", 29510, ("PCMA", "PCMU", "telephone-event")),
            SessionMedia("video", "2001:db8::1", 4002, ("VP8",), "recvonly"),
        ),
    )


def test_fax_is_a_medium() -> None:
    assert read(summary(OFFER + b"m=image 4004 udptl t38\r\n").decode()).media == (
        SessionMedia("image", "192.0.2.40", 4004, ("t38",)),
    )


@pytest.mark.parametrize("body", [b"", b"hello", b"v=1\r\n", b"v=0\r\n", b"<xml/>"])
def test_what_describes_no_session_gives_none(body: bytes) -> None:
    assert summary(body) == b""
    assert read("") == Session()


def test_a_part_of_a_multipart_is_found() -> None:
    body = b"--x\r\nContent-Type: application/sdp\r\n\r\n" + OFFER + AUDIO + b"--x\r\nContent-Type: a/b\r\n\r\n\1--x--"
    assert b"audio 192.0.2.40:29510" in summary(body)


def test_media_that_do_not_fit_are_left_out_whole() -> None:
    line = summary(OFFER + AUDIO * 20)
    assert len(line) <= WIDTH
    assert set(line.split(b";")[1:]) == {b"audio 192.0.2.40:29510 PCMA/PCMU/telephone-event"}


@given(st.binary(max_size=300), st.binary(max_size=60))
def test_whatever_is_sent_a_line_has_only_harmless_octets(junk: bytes, name: bytes) -> None:
    line = summary(b"v=0\r\no=- " + junk + b"\r\nm=audio 1 RTP/AVP 96\r\na=rtpmap:96 " + name + b"/8000\r\n" + junk)
    assert len(line) <= WIDTH
    assert line.isascii() and b"\t" not in line and b"\n" not in line and b"\\" not in line
    assert isinstance(read(line.decode()), Session)
