import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.sip.compare import Comparison, compare
from appliance.sip.pairs import Pair, Status
from tests.captures import CAPTURES, load_json

SDP = (
    "v=0\r\no=- 1 1 IN IP4 10.0.0.1\r\ns=-\r\nc=IN IP4 10.0.0.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8 0\r\na=sendrecv\r\n"
)


def message(*headers: str, first: str = "INVITE sip:bob@example.com SIP/2.0", body: str = "") -> bytes:
    lines = [first, *headers, *(["Content-Type: application/sdp"] if body else [])]
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode("utf-8", "surrogateescape")


def pairs(one: bytes, other: bytes) -> list[Pair]:
    return [pair for section in compare(one, other).sections for pair in section.pairs]


def brief(one: bytes, other: bytes) -> list[tuple[str, str, bool]]:
    return [(pair.name, pair.status.value, pair.noise) for pair in pairs(one, other) if pair.status is not Status.SAME]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("f: <sip:a@b>;tag=1", "From: <sip:a@b>;tag=1"),
        ("From:   <sip:a@b> ;tag=1", "FROM: <sip:a@b>;tag=1"),
        (
            "Contact: <sip:a@b;transport=tcp;ob>;q=0.5;expires=60",
            "Contact: <sip:a@b;ob;transport=tcp>;expires=60;q=0.5",
        ),
        ('To: "Bob" <sip:b@c>', "To: Bob <sip:b@c>"),
        ("Allow: INVITE, BYE", "Allow: BYE,invite"),
        ("Supported: path, 100rel", "k: 100rel\r\nk: path"),
        ('Authorization: Digest realm="a", nonce="b"', 'Authorization: digest nonce="b",realm="a"'),
        ("Route: <sip:a>, <sip:b>", "Route: <sip:a>\r\nRoute: <sip:b>"),
    ],
)
def test_the_same_in_other_writing_is_the_same(one: str, other: str) -> None:
    assert brief(message(one), message(other)) == []


def test_a_changed_value_is_a_difference_with_its_words_marked() -> None:
    changed = [pair for pair in pairs(message("To: <sip:a@b>"), message("To: <sip:c@b>")) if pair.differs]
    assert [pair.name for pair in changed] == ["To"]
    assert changed[0].left_pieces == ((False, "<sip:"), (True, "a"), (False, "@b>"))


def test_what_every_hop_changes_is_noise() -> None:
    one = message("Via: SIP/2.0/UDP a;branch=z9hG4bK1", "From: <sip:a@b>;tag=1", "Call-ID: 1", "Max-Forwards: 70")
    other = message("Via: SIP/2.0/UDP p;branch=z9hG4bK2", "From: <sip:a@b>;tag=2", "Call-ID: 2", "Max-Forwards: 69")
    assert {(status, noise) for _, status, noise in brief(one, other)} == {("changed", True)}
    assert compare(one, other).differences == 0 and compare(one, other).noises == 4


def test_a_tag_beside_another_difference_is_no_noise() -> None:
    assert brief(message("To: <sip:a@b>;tag=1"), message("To: <sip:c@b>;tag=2")) == [("To", "changed", False)]


def test_what_a_proxy_puts_on_top_of_via_is_new_and_the_rest_stays_paired() -> None:
    one = message("Via: SIP/2.0/UDP a;branch=1")
    other = message("Via: SIP/2.0/UDP p;branch=2", "Via: SIP/2.0/UDP a;branch=1")
    assert brief(one, other) == [("Via", "right", True)]


def test_a_header_of_one_side_is_named_by_its_long_form() -> None:
    assert brief(message("s: hello"), message()) == [("Subject", "left", False)]


def test_the_first_line_is_compared_by_words() -> None:
    one, other = message(), message(first="INVITE sip:bob@10.0.0.9 SIP/2.0")
    (section, *_) = compare(one, other).sections
    assert section.title == "First line" and section.differences == 1
    assert section.pairs[0].right_pieces[1] == (True, "10.0.0.9")


def test_bodies_are_compared_too() -> None:
    other = SDP.replace("4000", "5000")
    assert brief(message(body=SDP), message(body=other)) == [("m=", "changed", False)]


def mirrored(found: Comparison) -> list[tuple[str, str, str | None, str | None, Status, bool]]:
    turned = {Status.LEFT: Status.RIGHT, Status.RIGHT: Status.LEFT}
    return [
        (section.title, pair.name, pair.right, pair.left, turned.get(pair.status, pair.status), pair.noise)
        for section in found.sections
        for pair in section.pairs
    ]


def straight(found: Comparison) -> list[tuple[str, str, str | None, str | None, Status, bool]]:
    return [
        (section.title, pair.name, pair.left, pair.right, pair.status, pair.noise)
        for section in found.sections
        for pair in section.pairs
    ]


HEADER = st.sampled_from(
    [
        *("Via: SIP/2.0/UDP a;branch=1", "v: SIP/2.0/UDP b;branch=2", "To: <sip:a;x=1>;tag=1", "t: <sip:a;x=1>;tag=2"),
        *("Allow: A, B", "Allow: B, A", 'From: "x;<" <sip:a>', "X: \x00\udcff", "X", "Route: <a>,<b>", "Contact: *"),
    ]
)
MESSAGES = st.builds(
    lambda headers, body: message(*headers, body=body),
    st.lists(HEADER, max_size=6),
    st.sampled_from(["", SDP, SDP.replace("8 0", "0"), SDP + "m=video 1 RTP/AVP 9\r\na=x\r\na=y\r\n", "v=0\r\nx"]),
)


@given(MESSAGES)
def test_a_message_does_not_differ_from_itself(one: bytes) -> None:
    found = compare(one, one)
    assert found.differences == found.noises == 0
    assert all(pair.status is Status.SAME for section in found.sections for pair in section.pairs)


@given(MESSAGES, MESSAGES)
def test_it_does_not_matter_which_side_is_which(one: bytes, other: bytes) -> None:
    key = repr
    assert sorted(mirrored(compare(one, other)), key=key) == sorted(straight(compare(other, one)), key=key)


@given(st.binary(max_size=400), st.binary(max_size=400))
def test_any_octets_can_be_compared(one: bytes, other: bytes) -> None:
    compare(b"INVITE sip:a SIP/2.0\r\n" + one, other)
    assert compare(one, one).differences == 0


def test_recorded_messages_do_not_differ_from_themselves() -> None:
    for entry in load_json("torture_index")["rfc4475"]:
        payload = (CAPTURES / entry["file"]).read_bytes()
        assert compare(payload, payload).differences == 0


@pytest.mark.parametrize(
    "part",
    [
        *("A: " + "x;" * 30_000, "To: " + "<" * 60_000, 'To: "' + "\\" * 60_000, "Via: " + "a," * 30_000, "Z" * 60_000),
        "\r\n".join(f"H{n}: {n} a b c d e f" for n in range(2000)),
    ],
    ids=["parameters", "brackets", "escapes", "commas", "line", "headers"],
)
def test_hostile_messages_are_compared_in_bounded_time(part: str) -> None:
    begun = time.process_time()
    compare(message(part), message(part.replace("x", "y").replace("a", "b") + "1"))
    assert time.process_time() - begun < 3
