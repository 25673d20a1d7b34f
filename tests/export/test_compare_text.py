from dataclasses import replace

from appliance.export.compare_text import text
from appliance.sip.compare import compare
from tests.calls.made import flow

ONE, OTHER = flow("0 A>P INVITE", "1 P>B INVITE")
LEFT = b"INVITE sip:a SIP/2.0\r\nVia: SIP/2.0/UDP a;branch=1\r\nTo: <sip:a>\r\nX-A: 1\r\n\r\n"
RIGHT = b"INVITE sip:a SIP/2.0\r\nVia: SIP/2.0/UDP p;branch=2\r\nTo: <sip:b>\r\nX-B: \x1b[31m\r\n\r\n"


def made(noise: bool = False, same: bool = False, right: bytes = RIGHT) -> list[str]:
    return text(ONE, OTHER, compare(LEFT, right), noise, same).splitlines()


def test_the_differences_stand_with_their_signs_under_both_envelopes() -> None:
    lines = made()
    assert lines[0].startswith("< U 2026-11-23 10:11:12.000000 UTC 10.0.0.1:5060 -> 10.0.0.16:5060")
    assert lines[1].startswith("> U")
    assert lines[2:8] == ["", "Headers:", "< To: <sip:a>", "> To: <sip:b>", "< X-A: 1", "> X-B: \ufffd[31m"]
    assert lines[-1].startswith("2 left out")


def test_noise_and_what_is_the_same_come_when_asked_for() -> None:
    lines = made(noise=True, same=True)
    assert "< Via: SIP/2.0/UDP a;branch=1" in lines and "= INVITE sip:a SIP/2.0" in lines
    assert not lines[-1].startswith("0 left out")


def test_no_difference_is_said() -> None:
    assert "no difference" in made(right=LEFT)
    assert "no difference but in what every hop changes" in made(right=LEFT.replace(b"branch=1", b"branch=7"))


def test_lines_of_a_description_have_their_letters() -> None:
    body = b"\r\nContent-Type: application/sdp\r\n\r\nv=0\r\nm=audio 1 RTP/AVP 8\r\n"
    left, right = LEFT[:-4] + body, LEFT[:-4] + body.replace(b"audio 1", b"audio 2")
    assert "< m=audio 1 RTP/AVP 8" in text(replace(ONE), OTHER, compare(left, right)).splitlines()
