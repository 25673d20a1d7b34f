import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.query.errors import QueryError
from appliance.query.form import FORM_FIELDS, WORDS, form_from_line, is_plain, line_from_form
from appliance.query.parse import parse
from appliance.query.tree import And, Node
from tests.query.test_parse import HOSTILE


@pytest.mark.parametrize(
    ("values", "line"),
    [
        ({}, ""),
        ({"from": "+49*", "status": "5xx"}, "from:+49* status:5xx"),
        ({"from": "  +49*;+43* "}, "from:+49*;+43*"),
        ({"from": "John Smith;Jane"}, 'from:"John Smith";Jane'),
        ({"ua": 'a "b" (c)'}, 'ua:"a \\"b\\" (c)"'),
        ({"ua": '"a b"'}, 'ua:"a b"'),
        ({"text": "/a b/"}, "text:/a b/"),
        ({"src": "10.0.0.1; 10.0.0.2"}, "src:10.0.0.1;10.0.0.2"),
        ({"port": "50 60"}, 'port:"50 60"'),
        ({WORDS: "a OR b", "to": "bob"}, "(a OR b) to:bob"),
        ({WORDS: "a OR", "to": "bob"}, "(a OR) to:bob"),
        ({WORDS: "alice", "to": "bob"}, "alice to:bob"),
        ({"nothing": "x"}, ""),
    ],
)
def test_the_form_makes_a_line(values: dict[str, str], line: str) -> None:
    assert line_from_form(values) == line


@pytest.mark.parametrize(
    ("line", "values"),
    [
        ("", {}),
        ("from:+49% status:500..599", {"from": "+49*", "status": "5xx"}),
        ("alice to:bob 10.0.0.1", {WORDS: "alice 10.0.0.1", "to": "bob"}),
        ("a OR b", {WORDS: "a OR b"}),
        ("NOT from:a", {WORDS: "NOT from:a"}),
        ("from:a from:b", {"from": "a", WORDS: "from:b"}),
        ("dur:3s to:x (a OR to:b)", {"to": "x", WORDS: "dur:3s (a OR to:b)"}),
    ],
)
def test_a_line_fills_the_form_and_what_no_field_says_stays_as_it_is(line: str, values: dict[str, str]) -> None:
    assert form_from_line(line) == values


def operands(line: str) -> set[Node | None]:
    root = parse(line).root
    return set(root.operands) if isinstance(root, And) else {root}


@given(st.dictionaries(st.sampled_from([*FORM_FIELDS, WORDS]), st.text(max_size=30)))
def test_a_form_filled_from_its_line_makes_a_line_that_means_the_same(values: dict[str, str]) -> None:
    line = line_from_form(values)
    try:
        filled = form_from_line(line)
    except QueryError:
        return
    assert operands(line_from_form(filled)) == operands(line)


@given(HOSTILE)
def test_no_line_is_lost_in_the_form(line: str) -> None:
    try:
        filled = form_from_line(line)
    except QueryError:
        return
    assert operands(line_from_form(filled)) == operands(line)


def test_a_field_without_a_place_stays_in_the_line() -> None:
    assert form_from_line("custom1:x to:y", ("to",)) == {WORDS: "custom1:x", "to": "y"}


@pytest.mark.parametrize(("words", "plain"), [("", True), ("a b", True), ("a OR b", False), ("a NOT b", False)])
def test_words_are_told_from_more(words: str, plain: bool) -> None:
    assert is_plain(words) == plain
