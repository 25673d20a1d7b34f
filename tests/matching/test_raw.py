from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.matching.filter import Packet, of_messages
from appliance.matching.raw import is_like, is_raw, matcher, needed
from appliance.model.octets import octets
from appliance.query.parse import parse
from appliance.query.tree import And, Exact, Node, Not, Or, Pattern, Term
from tests.calls.made import flow

(INVITE,) = flow("0 A>B INVITE")

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


@pytest.mark.parametrize(
    ("line", "needles"),
    [
        ("text:SendOnly", [b"sendonly"]),
        ('text:"a b" header.Subject:"Very urgent"', [b"a b", b"very", b"urgent"]),
        ("text:a*b via:PC33", [b"a", b"b", b"pc33"]),
        ("from:a text:x (text:y text:z)", [b"x", b"y", b"z"]),
        ("text:x OR text:y", []),
        ("NOT text:x", []),
        ("text:x;y text:/z/", []),
        ("text:*", []),
        ("from:a", []),
    ],
)
def test_what_every_message_must_hold(line: str, needles: list[bytes]) -> None:
    assert needed(parse(line).root) == needles


PIECES = ("Alice", "bob b", "x*", "SENDONLY", "pc33")
RAW_TERMS = st.builds(
    lambda field, value, header: Term(field, value, header if field == "header" else ""),
    st.sampled_from(["text", "via", "header"]),
    st.sampled_from([Exact(piece) for piece in PIECES] + [Pattern(("", piece, "")) for piece in PIECES]),
    st.just("subject"),
)
RAW_TREES = st.recursive(
    RAW_TERMS,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(lambda operands: And(tuple(operands))),
        st.lists(inner, min_size=2, max_size=3).map(lambda operands: Or(tuple(operands))),
        inner.map(Not),
    ),
    max_leaves=6,
)


@given(RAW_TREES, st.lists(st.sampled_from(PIECES)))
def test_a_message_that_fulfils_a_tree_holds_what_is_needed(root: Node, pieces: list[str]) -> None:
    payload = octets("INVITE sip:x SIP/2.0\r\nSubject: " + "\r\nVia: ".join(pieces) + "\r\n\r\n" + " ".join(pieces))
    fulfils = of_messages(root)(Packet(replace(INVITE, raw=payload)))
    assert not fulfils or all(needle in payload.lower() for needle in needed(root))
