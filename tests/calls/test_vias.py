from hypothesis import given
from hypothesis import strategies as st

from appliance.calls.vias import MOST, branches

HEAD = b"INVITE sip:b SIP/2.0\r\nFrom: x;branch=no\r\n"


def test_branches_of_all_vias_come_top_first() -> None:
    raw = (
        HEAD
        + b"Via: SIP/2.0/UDP a;branch=z9hG4bK1;rport, SIP/2.0/TCP b ;Branch = two\r\nv:SIP/2.0/UDP c;branch=3\r\n\r\n"
    )
    assert branches(raw) == ["z9hG4bK1", "two", "3"]


def test_folded_headers_and_bare_line_feeds_are_read() -> None:
    assert branches(HEAD + b"Via: SIP/2.0/UDP a\r\n  ;branch=1\r\nTo: x\r\n\r\n") == ["1"]
    assert branches(b"\r\nINVITE sip:b SIP/2.0\nVia: a;branch=1\nVIA : b;branch=2\n\nVia: c;branch=body\n") == [
        "1",
        "2",
    ]


def test_a_via_without_a_branch_gives_none() -> None:
    assert branches(HEAD + b"Via: SIP/2.0/UDP a;rport\r\n\r\n") == []


def test_there_is_an_end() -> None:
    assert len(branches(HEAD + b"Via: a;branch=1\r\n" * 1000)) == MOST


@given(st.binary())
def test_any_octets_are_taken(raw: bytes) -> None:
    assert all(isinstance(branch, str) for branch in branches(raw))
