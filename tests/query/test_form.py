import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.query.errors import QueryError
from appliance.query.form import FORM_FIELDS, WORDS, form_from_line, line_from_form
from appliance.query.parse import parse
from appliance.query.tree import And, Node


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
        ("a OR b", None),
        ("NOT from:a", None),
        ("from:a from:b", None),
        ("dur:3s", None),
    ],
)
def test_a_line_fills_the_form_if_the_form_can_say_it(line: str, values: dict[str, str] | None) -> None:
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
    if filled is not None:
        assert operands(line_from_form(filled)) == operands(line)
