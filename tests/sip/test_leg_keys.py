import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.sip.leg_keys import WIDTH, read
from appliance.sip.parse import parse
from tests.sip.messages import INVITE


def keys(*headers: bytes, chosen: tuple[bytes, ...] = (b"X-CID", b"Session-ID")) -> bytes:
    message = INVITE.replace(b"X-CID", b"X-Other").replace(b"\r\n", b"\r\n" + b"".join(h + b"\r\n" for h in headers), 1)
    return parse(message, chosen).leg_keys


@pytest.mark.parametrize(
    ("header", "line"),
    [
        (b"Replaces: 425928@bobster.example.org;to-tag=7743;from-tag=6472", b"n:425928@bobster.example.org"),
        (b"Join: 12adf2f34456gs5;to-tag=12345;from-tag=54321", b"n:12adf2f34456gs5"),
        (b"Target-Dialog: fa77as7dad8@host.example.com ;local-tag=kkaz-", b"n:fa77as7dad8@host.example.com"),
        (b"Refer-To: <sip:bob@x?Replaces=0904592%40c.example.com%3Bto-tag%3D9>", b"n:0904592@c.example.com"),
        (b"r: <sip:bob@x?Subject=a&replaces=1%40c>", b"n:1@c"),
        (b"Refer-To: <sip:bob@x>", b""),
        (b"X-CID: other@host", b"x:other@host"),
        (b"P-Charging-Vector: icid-value=\"1234bc9876e\";icid-generated-at=x;orig-ioi=y", b"i:1234bc9876e"),
        (b"P-Charging-Vector: ICID-Value=12=34 ;x", b"i:12=34"),
        (b"Cisco-Guid: 2915152896-3541176794-2953709360-2873139562", b"g:2915152896-3541176794-2953709360-2873139562"),
        (
            b"Session-ID: AB30317F1A784DC48FF824D0D3715D86;remote=47755a9de7794ba387653f2099600ef2",
            b"s:ab30317f1a784dc48ff824d0d3715d86 s:47755a9de7794ba387653f2099600ef2",
        ),
        (b"Session-ID: ab30317f1a784dc48ff824d0d3715d86;remote=" + b"0" * 32, b"s:ab30317f1a784dc48ff824d0d3715d86"),
        (b"Replaces: two words;x=1", b""),
        (b"X-CID:", b""),
    ],
)  # fmt: skip
def test_each_header_gives_its_word(header: bytes, line: bytes) -> None:
    assert keys(header) == line


def test_words_of_several_headers_stand_in_one_line_once() -> None:
    line = keys(b"Replaces: a@b;to-tag=1", b"Join: a@b;to-tag=2", b"X-CID: c@d")
    assert line == b"n:a@b x:c@d"
    assert read(line.decode()) == [("n", "a@b"), ("x", "c@d")]


def test_a_word_that_does_not_fit_is_left_out_whole() -> None:
    assert keys(b"Replaces: " + b"a" * WIDTH, b"X-CID: c@d") == b"x:c@d"


@given(st.lists(st.binary(max_size=120), max_size=6))
def test_whatever_is_sent_the_line_is_bounded_and_of_words(values: list[bytes]) -> None:
    names = (b"Replaces", b"Join", b"Refer-To", b"X-CID", b"Session-ID", b"P-Charging-Vector")
    clean = [value.replace(b"\r", b"").replace(b"\n", b"") for value in values]
    line = keys(*(name + b": " + value for name, value in zip(names, clean, strict=False)))
    assert len(line) <= WIDTH
    assert line == b" ".join(line.split())
