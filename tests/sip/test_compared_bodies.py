from appliance.sip.compared_bodies import compared_bodies
from appliance.sip.pairs import Status
from appliance.sip.parts import Part

OFFER = """v=0
o=alice 1 1 IN IP4 10.0.0.1
c=IN IP4 10.0.0.1
t=0 0
m=audio 4000 RTP/AVP 8 0
a=rtpmap:8 PCMA/8000
a=rtpmap:0 PCMU/8000
a=sendrecv
m=video 5000 RTP/AVP 96
a=rtpmap:96 H264/90000
"""


def part(text: str, kind: str = "application/sdp") -> Part:
    return Part(kind, b"", text.encode(), None)


def brief(one: str, other: str) -> list[tuple[str, str, str | None, str | None, bool]]:
    return [
        (section.title, pair.name, pair.left, pair.right, pair.noise)
        for section in compared_bodies([part(one)], [part(other)])
        for pair in section.pairs
        if pair.status is not Status.SAME
    ]


def test_attributes_count_in_any_order() -> None:
    moved = OFFER.replace("a=rtpmap:8 PCMA/8000\n", "").replace("a=sendrecv\n", "a=sendrecv\na=rtpmap:8 PCMA/8000\n")
    assert brief(OFFER, moved) == []


def test_a_media_line_is_paired_with_that_of_its_type() -> None:
    audio, video = OFFER.split("m=video")
    head, lines = audio.split("m=audio")
    turned = f"{head}m=video{video}m=audio{lines}"
    assert brief(OFFER, turned) == []
    assert brief(OFFER, OFFER.replace("4000", "7000")) == [
        ("SDP audio", "m=", "audio 4000 RTP/AVP 8 0", "audio 7000 RTP/AVP 8 0", False)
    ]


def test_a_codec_is_paired_with_that_of_its_format() -> None:
    changed = OFFER.replace("rtpmap:0 PCMU/8000", "rtpmap:0 PCMU/16000")
    assert brief(OFFER, changed) == [("SDP audio", "a=", "rtpmap:0 PCMU/8000", "rtpmap:0 PCMU/16000", False)]


def test_the_number_of_a_description_is_noise_and_its_address_is_not() -> None:
    assert brief(OFFER, OFFER.replace("alice 1 1", "alice 9 7"))[0][4]
    assert not brief(OFFER, OFFER.replace("alice 1 1 IN IP4 10.0.0.1", "alice 9 7 IN IP4 10.0.0.2"))[0][4]


def test_a_media_line_of_one_side_stands_alone() -> None:
    found = brief(OFFER.split("m=video")[0], OFFER)
    assert {(title, left) for title, _, left, _, _ in found} == {("SDP video", None)}


def test_other_text_is_compared_by_line_and_a_body_of_one_side_is_told() -> None:
    one, other = (part(text, "application/xml") for text in ("<a>\n<b/>\n</a>", "<a>\n<c/>\n</a>"))
    (section,) = compared_bodies([one], [other])
    assert section.title == "Body application/xml" and section.differences == 1
    (section,) = compared_bodies([one], [])
    assert {pair.status for pair in section.pairs} == {Status.LEFT}


def test_a_description_without_its_type_is_known_by_its_first_line() -> None:
    assert compared_bodies([part(OFFER, "")], [part(OFFER, "")])[0].title == "SDP session"


def test_very_many_lines_are_one() -> None:
    (section,) = compared_bodies([part("a\n" * 5000, "x/y")], [part("b\n" * 5000, "x/y")])
    assert len(section.pairs) == 1
