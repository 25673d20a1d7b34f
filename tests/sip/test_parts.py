import time

from hypothesis import given
from hypothesis import strategies as st

from appliance.sip.parts import MOST_PARTS, parts


def message(kind: str, body: bytes) -> bytes:
    return f"INVITE sip:a SIP/2.0\r\nContent-Type: {kind}\r\n\r\n".encode() + body


MIXED = (
    b"preamble\r\n--b1\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n\r\n--b1\r\n"
    b"Content-Type: application/ISUP;version=itu\r\nContent-Transfer-Encoding: base64\r\n\r\nAQID\r\nBAU=\r\n"
    b"--b1--\r\nepilogue"
)


def test_a_body_is_one_part() -> None:
    (part,) = parts(message("Application/SDP; charset=x", b"v=0\r\n"))
    assert (part.content_type, part.octets, part.head, part.decoded) == ("application/sdp", b"v=0\r\n", b"", None)


def test_a_message_without_a_body_has_no_parts() -> None:
    assert parts(message("application/sdp", b"")) == []


def test_a_multipart_is_told_apart_and_base64_undone() -> None:
    first, second = parts(message('multipart/mixed; boundary="b1"', MIXED))
    assert (first.content_type, first.octets) == ("application/sdp", b"v=0\r\n")
    assert first.head == b"Content-Type: application/sdp"
    assert (second.content_type, second.decoded) == ("application/isup", b"\1\2\3\4\5")


def test_a_multipart_in_a_multipart_is_told_apart() -> None:
    inner = b"--o\r\nContent-Type: multipart/alternative;boundary=b1\r\n\r\n" + MIXED + b"\r\n--o--\r\n"
    assert [part.content_type for part in parts(message("multipart/mixed;boundary=o", inner))] == [
        "application/sdp", "application/isup",
    ]  # fmt: skip


def test_a_part_without_headers_is_its_text() -> None:
    (part,) = parts(message("multipart/mixed;boundary=b", b"--b\r\n\r\nhello\r\n--b--"))
    assert (part.content_type, part.octets) == ("", b"hello")


def test_what_is_broken_is_one_part_as_it_came() -> None:
    for kind in ("multipart/mixed", "multipart/mixed;boundary=other", "multipart/mixed;boundary="):
        (part,) = parts(message(kind, MIXED))
        assert part.octets == MIXED
    (broken,) = parts(b"INVITE sip:a SIP/2.0\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!")
    assert broken.decoded is None


def test_the_number_of_parts_is_bounded() -> None:
    body = b"--b\r\n\r\nx\r\n" * 9000
    begun = time.process_time()
    assert len(parts(message("multipart/mixed;boundary=b", body))) <= MOST_PARTS
    assert time.process_time() - begun < 2


@given(st.binary(max_size=200), st.sampled_from(["multipart/mixed;boundary=b", "x/y", ""]))
def test_any_octets_can_be_told_apart(body: bytes, kind: str) -> None:
    parts(message(kind, body.replace(b"\1", b"\r\n--b\r\n")))
    parts(body)
