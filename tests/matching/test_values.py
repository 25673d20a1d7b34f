import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.matching import values
from appliance.query.fields import FIELDS
from appliance.query.tree import AnyOf, Exact, Pattern, Regex, Span, Value
from appliance.query.values import read_value


@pytest.mark.parametrize(
    ("value", "text", "as_it_is", "folded"),
    [
        (Exact("Alice"), b"Alice", True, True),
        (Exact("Alice"), b"alice", False, True),
        (Exact("abcdefgh"), b"abcde", True, True),
        (Exact(""), b"", True, True),
        (Pattern(("a", "e")), b"alice", True, True),
        (Pattern(("A", "e")), b"alice", False, True),
        (Pattern(("", "")), b"x", True, True),
        (Pattern(("", "")), b"", False, False),
        (Pattern(("ab", "ba")), b"aba", False, False),
        (Regex("^A.c"), b"Aic", True, True),
        (Regex("^A.c"), b"aic", False, True),
        (Exact("é"), "É".encode(), False, False),
        (Exact("\udce9"), b"\xc9", False, True),
        (AnyOf((Exact("x"), Exact("alice"))), b"alice", True, True),
        (Span(1, 2), b"1", False, False),
    ],
)
def test_text_compares_as_in_the_tables(value: Value, text: bytes, as_it_is: bool, folded: bool) -> None:
    assert values.text(value, 5)(text) is as_it_is
    assert values.text(value, 5, case_counts=False)(text) is folded


@pytest.mark.parametrize(
    ("value", "words", "before", "found"),
    [
        (Exact("BAD-via"), b"no-cseq,bad-via", b"", True),
        (Exact("via"), b"no-cseq,bad-via", b"", False),
        (Pattern(("bad", "")), b"no-cseq,bad-via", b"", True),
        (Pattern(("no", "via")), b"no-cseq,bad-via", b"", False),
        (Pattern(("", "")), b"", b"", False),
        (Pattern(("", "")), b"SIP/486", b"Q.850/", False),
        (Exact("17"), b"SIP/487,Q.850/17", b"Q.850/", True),
        (Regex("cseq,bad"), b"no-cseq,bad-via", b"", True),
    ],
)
def test_a_word_of_a_list_is_found_whole(value: Value, words: bytes, before: bytes, found: bool) -> None:
    assert values.listed(value, before=before)(words) is found


@pytest.mark.parametrize(
    ("typed", "milliseconds", "found"),
    [
        ("150ms", 150, True),
        ("150ms", 151, False),
        (">3.2ms", 4, True),
        (">3.2ms", 3, False),
        ("<3.2ms", 3, True),
        ("<3.2ms", 4, False),
        (">=3.2ms", 3, False),
        ("*", 0, True),
        ("*", None, False),
        ("1s;2s", 2500, True),
        (">0s", None, False),
    ],
)
def test_durations_are_compared_in_whole_milliseconds(typed: str, milliseconds: int | None, found: bool) -> None:
    assert values.number(read_value(FIELDS["pdd"], typed, 0), unit=1000)(milliseconds) is found


@pytest.mark.parametrize(
    ("typed", "ip", "port", "found"),
    [
        ("10.0.0.0/8", "10.9.9.9", 1, True),
        ("10.0.0.0/8", "11.9.9.9", 1, False),
        ("10.0.0.1:5060", "10.0.0.1", 5060, True),
        ("10.0.0.1:5060", "10.0.0.1", 5061, False),
        ("10.0.*", "10.0.3.4", 1, True),
        ("0.0.0.0/0", "::1", 1, False),
        ("::/0", "10.0.0.1", 1, False),
        ("2001:db8::/32", "2001:db8:7::1", 1, True),
        ("10.0.0.1;10.0.0.2", "10.0.0.2", 1, True),
        ("10.0.0.0/8", "", 1, False),
        ("10.0.0.0/8", "no address", 1, False),
    ],
)
def test_an_end_lies_in_a_network(typed: str, ip: str, port: int, found: bool) -> None:
    assert values.end(read_value(FIELDS["src"], typed, 0), 160)(ip, port) is found


def test_a_port_is_not_asked_where_there_is_none() -> None:
    assert values.end(read_value(FIELDS["src"], "10.0.0.1:5060", 0), 160, with_port=False)("10.0.0.1", 0)


@given(text=st.binary(max_size=40))
def test_folding_changes_letters_alone_and_once(text: bytes) -> None:
    small = values.folded(text)
    assert values.folded(small) == small
    assert len(small) == len(text)
    assert values.folded(text.upper()) == values.folded(text.lower())


@given(piece=st.text(st.characters(codec="latin-1"), max_size=8))
def test_a_piece_of_a_word_stands_for_itself(piece: str) -> None:
    held = piece.encode("utf-8")
    assert values.listed(Pattern((piece, "")))(held + b"x" if held else b"x")
