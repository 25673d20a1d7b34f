from hypothesis import given
from hypothesis import strategies as st

from appliance.sip.headers import MAX_LINES, Header, body, headers
from tests.sip.messages import INVITE


def test_headers_come_in_order_with_their_long_names() -> None:
    payload = b"OPTIONS sip:a SIP/2.0\r\nv : one,\r\n\t two\r\nno colon\r\nX-Own:\r\ni: id \r\n\r\nbody\r\n"
    assert headers(payload) == (
        Header(b"v", b"one, two", b"via"),
        Header(b"X-Own", b"", b"x-own"),
        Header(b"i", b"id", b"call-id"),
    )
    assert body(payload) == b"body\r\n"


def test_bare_line_feeds_give_the_same() -> None:
    assert headers(INVITE.replace(b"\r\n", b"\n")) == headers(INVITE)
    assert body(INVITE.replace(b"\r\n", b"\n")) == body(INVITE) == b"v=0\n"


def test_leading_empty_lines_and_junk_do_not_hide_them() -> None:
    assert headers(b"\r\n\r\n\0" + INVITE) == headers(INVITE)


def test_a_message_without_the_empty_line_has_no_body() -> None:
    assert body(b"OPTIONS sip:a SIP/2.0\r\nTo: x\r\n") == b""


def test_their_number_is_bounded() -> None:
    assert len(headers(b"OPTIONS sip:a SIP/2.0\r\n" + b"a:b\r\n" * 10_000)) == MAX_LINES - 1


@given(st.lists(st.sampled_from([b"a", b":", b"\r\n", b"\n", b" ", b"\0", b"\r"])).map(b"".join))
def test_nothing_makes_them_raise_and_the_body_is_the_end(payload: bytes) -> None:
    headers(payload)
    assert payload.endswith(body(payload))
