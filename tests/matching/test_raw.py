import pytest

from appliance.matching.raw import is_like, is_raw, matcher
from appliance.query.parse import parse
from appliance.query.tree import Term

PAYLOAD = b"""INVITE sip:b SIP/2.0\r
Subject: I know,\r
 what\r
X: 1\r
x: 2;p=3\r
v: SIP/2.0/TLS 10.0.0.7;branch=z\r
\r
v=0\r
"""


@pytest.mark.parametrize(
    ("line", "fulfilled"),
    [
        ("text:invite", True),
        ("text:INV*v=0", True),
        ("text:v=0*INV", False),
        ("text:/^invite/", True),
        ("text:bye;sip", True),
        ('header.Subject:"i know, what"', True),
        ("header.X:1", True),
        ("header.X:2", True),
        ("header.X:*p=3", True),
        ("header.X:3", False),
        ("header.Y:*", False),
        ("via:10.0.0.7", True),
        ("via:10.0.0.8", False),
        ("header.v:*tls*", True),
        ("header.x:>5", False),
    ],
)
def test_octets_fulfil_a_term(line: str, fulfilled: bool) -> None:
    term = parse(line).root
    assert isinstance(term, Term)
    assert is_raw(term)
    assert matcher(term)(PAYLOAD) is fulfilled


def test_pieces_do_not_overlap() -> None:
    assert is_like(b"aba", [b"ab", b"a"])
    assert not is_like(b"aba", [b"ab", b"ba"])
    assert is_like(b"axbyc", [b"a", b"b", b"c"])
    assert not is_like(b"axc", [b"a", b"b", b"c"])


def test_fields_that_have_columns_are_not_read_from_the_octets() -> None:
    term = parse("contenttype:x").root
    assert isinstance(term, Term)
    assert not is_raw(term)
