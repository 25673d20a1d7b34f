import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.query.typed import typed, word_end
from tests.query.test_parse import HOSTILE


@pytest.mark.parametrize(
    ("line", "field", "piece", "words"),
    [
        ("", "", "", ("",)),
        ("fr|", "", "fr", ("fr",)),
        ("fr|om", "", "from", ("fr",)),
        ("from:|", "from", "", ("",)),
        ("from:+49|30 to:x", "from", "+4930", ("+49",)),
        ("a OR st|", "", "st", ("st",)),
        ("(st|)", "", "st", ("st",)),
        ("NOT(ua:fr|) x", "ua", "fr", ("fr",)),
        ("from:a;b|;c", "from", "b", ("b",)),
        ('ua:"friendly sc|anner" x', "ua", '"friendly scanner"', ("friendly sc",)),
        ('ua:"friendly sc| to:x', "ua", '"friendly sc', ("friendly sc",)),
        ("ua:a\\ b|", "ua", "a\\ b", ("a b",)),
        ("to:*2|1", "to", "*21", ("", "2")),
        ("to:\\*2|", "to", "\\*2", ("*2",)),
        ("header.X-Foo:b|", "header.X-Foo", "b", ("b",)),
        ("src:2001:db8|", "src", "2001:db8", ("2001:db8",)),
        ("fe80::|1", "", "fe80::1", ("fe80::",)),
        ("a |", "", "", ("",)),
    ],
)
def test_the_piece_at_the_caret_is_found(line: str, field: str, piece: str, words: tuple[str, ...]) -> None:
    before, _, after = line.partition("|")
    at = typed(before, after)
    assert (at.field, at.piece, at.words) == (field, piece, words)


def test_a_regular_expression_is_told_apart() -> None:
    assert typed("from:/a b").is_regex and typed("ua:x;/a").is_regex
    assert not typed("src:10.0.0.0/8").is_regex and not typed("from:/a/ b").is_regex


@given(HOSTILE, st.integers(0, 200))
def test_a_line_is_its_three_parts(line: str, caret: int) -> None:
    before, after = line[:caret], line[caret:]
    at = typed(before, after)
    assert at.head + at.piece + at.tail == line
    assert at.piece.startswith(at.before) and (at.head + at.before) == before


@pytest.mark.parametrize("line", ["from:a", 'ua:"a b"', "text:/a b/", "from:a;/b c/", '"a b"', "fe80::1", "a\\ b"])
def test_a_word_ends_where_the_next_begins(line: str) -> None:
    assert word_end(f"x {line} y", 2) == 2 + len(line)
    assert word_end(f"({line})", 1) == 1 + len(line)
