import pytest

from appliance.redaction import bodies
from appliance.redaction.hiding import Hiding
from appliance.redaction.profile import Profile
from appliance.sip import sdp

SDP = (
    b"v=0\r\no=alice 4930123456 2 IN IP4 10.0.0.1\r\ns=-\r\nc=IN IP4 10.0.0.1\r\nt=0 0\r\n"
    b"m=audio 4000 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\na=crypto:1 AES inline:c2VjcmV0|2^20\r\na=sendonly\r\n"
)


def hiding(profile: Profile = Profile.NUMBERS_AND_ADDRESSES) -> Hiding:
    found = Hiding(profile, b"k" * 32)
    found.known.add_number(b"4930123456")
    bodies.session(SDP, found)
    found.learning = False
    return found


def test_a_session_description_still_describes() -> None:
    made, kind = bodies.body(SDP, b"application/sdp", b"", hiding())
    assert kind == b"application/sdp"
    (media,) = sdp.parse(made).media
    assert (media.port, media.codecs, media.direction) == (4000, ("PCMA",), "sendonly")
    assert media.address.startswith("198.1")
    for secret in (b"30123", b"10.0.0.1", b"c2VjcmV0"):
        assert secret not in made
    assert b"|2^20" in made


def test_of_several_parts_the_session_description_is_shown() -> None:
    octets = (
        b"--b1\r\nContent-Type: application/isup\r\n\r\n\x01\x10\x93\r\n"
        b"--b1\r\nContent-Type: application/sdp\r\n\r\n" + SDP + b"\r\n--b1--\r\n"
    )
    made, kind = bodies.body(octets, b'multipart/mixed;boundary="b1"', b"", hiding())
    assert kind == b"application/sdp"
    assert sdp.parse(made).media[0].port == 4000
    assert b"isup" not in made


@pytest.mark.parametrize(
    ("octets", "kind", "encoding"),
    [
        (b"call 4930123456", b"text/plain", b""),
        (b"Signal=5\r\n", b"application/dtmf-relay", b""),
        (b"\x01\x02", b"application/isup", b""),
        (b"<xml>4930123456</xml>", b"application/pidf+xml", b""),
        (b"not a description", b"application/sdp", b""),
        (SDP, b"application/sdp", b"gzip"),
        (b"--b\r\n\r\nx\r\n--b--", b"multipart/mixed;boundary=b", b""),
        (b"SIP/2.0 200 OK to 4930123456", b"message/sipfrag", b""),
        (b"x", b"\xff\xfe4930123456", b""),
    ],
)
def test_all_else_is_withheld_with_a_word(octets: bytes, kind: bytes, encoding: bytes) -> None:
    made, new_kind = bodies.body(octets, kind, encoding, hiding())
    assert made.startswith(b"[withheld: ")
    assert new_kind == b"text/plain"
    assert b"30123" not in made


def test_how_a_transfer_went_is_told() -> None:
    assert bodies.body(b"SIP/2.0 486 Busy Here\r\n", b"message/sipfrag", b"", hiding())[0].startswith(b"SIP/2.0 486")


def test_no_body_stays_none() -> None:
    assert bodies.body(b"", b"", b"", hiding()) == (b"", b"")


def test_names_and_titles_go_when_all_is_hidden() -> None:
    made = bodies.session(SDP.replace(b"s=-", b"s=Alice's phone"), hiding(Profile.ALL))
    assert b"lice" not in made
    assert b"o=- " in made


def test_lines_that_are_none_are_left_out() -> None:
    assert bodies.session(b"v=0\r\ngarbage 4930123456\r\n", hiding()) == b"v=0\r\na=withheld\r\n"
