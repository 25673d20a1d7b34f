from hypothesis import given
from hypothesis import strategies as st

from appliance.sip.sdp import Media, Sdp, parse

OFFER = (
    b"v=0\r\no=alice 2890844526 2890844527 IN IP4 host.example.com\r\ns=A call\r\nc=IN IP4 192.0.2.1/127\r\nt=0 0\r\n"
    b"a=sendonly\r\nm=audio 49170 RTP/AVP 0 97 101\r\na=rtpmap:97 opus/48000/2\r\na=rtpmap:101 telephone-event/8000\r\n"
    b"a=rtcp:53020\r\nm=video 51372/2 RTP/SAVPF 31 99\r\nc=IN IP6 2001:db8::1\r\na=Inactive\r\nm=image 0 udptl t38\r\n"
)


def test_it_reads_where_media_goes_and_how() -> None:
    described = parse(OFFER)
    assert (described.address, described.session_name) == ("192.0.2.1", "A call")
    assert (described.origin_session, described.origin_version) == ("2890844526", "2890844527")
    assert described.origin_address == "host.example.com"
    assert described.media == (
        Media(
            "audio",
            49170,
            "RTP/AVP",
            ("0", "97", "101"),
            ("PCMU", "opus", "telephone-event"),
            "192.0.2.1",
            "sendonly",
            53020,
        ),
        Media("video", 51372, "RTP/SAVPF", ("31", "99"), ("H261", "99"), "2001:db8::1", "inactive"),
        Media("image", 0, "udptl", ("t38",), ("t38",), "192.0.2.1", "sendonly"),
    )


def test_it_is_found_inside_a_multipart_body_and_ends_with_its_part() -> None:
    multipart = (
        b"--x\r\nContent-Type: application/sdp\r\n\r\n"
        + OFFER
        + b"--x\r\nContent-Type: y\r\n\r\nm=audio 1 RTP 1\r\n--x--"
    )
    assert parse(multipart) == parse(OFFER)


def test_bare_line_feeds_and_broken_lines_lose_nothing_else() -> None:
    assert parse(OFFER.replace(b"\r\n", b"\n")) == parse(OFFER)
    broken = OFFER.replace(b"t=0 0", b"nonsense\r\n=\r\nc=IN\r\na=\xff").replace(b"m=image 0 udptl t38", b"m=image x")
    assert parse(broken).media == parse(OFFER).media[:2]


def test_what_is_no_description_is_blank() -> None:
    assert parse(b"") == parse(b"text v=0\r\n") == parse(b'{"v": 0}') == Sdp()


@given(st.lists(st.sampled_from([*OFFER.split(b"\r\n"), b"\xff", b"m=", b"a=rtpmap:", b"=", "m=a ٣ b".encode()])))
def test_nothing_makes_it_raise(lines: list[bytes]) -> None:
    for media in parse(b"v=0\r\n" + b"\r\n".join(lines)).media:
        assert len(media.codecs) == len(media.formats)
