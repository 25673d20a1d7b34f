import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from appliance.query.completion import MOST, Suggestion, can_be_typed, exact, suggestions
from appliance.query.errors import QueryError
from appliance.query.fields import FIELDS, Type
from appliance.query.parse import parse
from appliance.query.tree import And, Exact, Term
from tests.query.test_parse import HOSTILE

SEEN = {
    "from": ("+4930111", "+4930222", "alice", 'a "b"*;'),
    "user": ("+4930111", "alice"),
    "ip": ("10.0.0.7",),
    "ua": ("Snom 870", "snom"),
    "state": ("weird",),
}


def offered(line: str, custom: tuple[str, ...] = ()) -> list[Suggestion]:
    before, _, after = line.partition("|")
    return suggestions(before, after, SEEN, custom)


def shown(line: str, custom: tuple[str, ...] = ()) -> list[str]:
    return [one.shown for one in offered(line, custom)]


@pytest.mark.parametrize(
    ("line", "first"),
    [
        ("|", "from:"),
        ("fr|", "from:"),
        ("FROM|", "from:"),
        ("call|", "callid:"),
        ("duration|", "dur:"),
        ("transport|", "proto:"),
        ("x (stat|", "status:"),
        ("from:|", "+4930111"),
        ("from:al|", "alice"),
        ("from:+49;|", "+4930111"),
        ("from:222|", "+4930222"),
        ("from:*2|", "+4930222"),
        ("state:|", "setup"),
        ("state:bu|", "busy"),
        ("proto:t|", "tcp"),
        ("method:inv|", "INVITE"),
        ("status:5|", "5xx"),
        ("dur:>|", ">5s"),
        ("src:|", "10.0.0.0/8"),
        ("ua:870|", '"Snom 870"'),
        ("+49|", "+4930111"),
        ("10.0|", "10.0.0.7"),
        ("head|", "header."),
    ],
)
def test_the_likeliest_comes_first(line: str, first: str) -> None:
    assert shown(line)[0] == first


def test_a_field_is_chosen_with_its_colon_and_the_caret_stays_in_the_line() -> None:
    one = offered("a fr| to:x")[0]
    assert (one.line, one.line[: one.caret]) == ("a from: to:x", "a from:")
    one = offered("from:al|")[0]
    assert (one.line, one.line[: one.caret]) == ("from:alice ", "from:alice ")
    one = offered("(from:al|ex) x")[0]
    assert (one.line, one.line[: one.caret]) == ("(from:alice) x", "(from:alice")


@pytest.mark.parametrize("line", ["from:/a|", "nothing:x|", "from:alice|", "xyzzy|", "from.x:|", "a OR|"])
def test_nothing_is_offered_where_nothing_can_be_said(line: str) -> None:
    assert shown(line) == []


def test_a_choice_is_of_its_list_whatever_was_seen() -> None:
    assert "weird" not in shown("state:|") and shown("state:wei|") == []


def test_every_state_is_explained() -> None:
    assert all(one.words for one in offered("state:|"))


def test_the_words_between_are_offered_in_capitals() -> None:
    assert "OR" in shown("a O|") and "NOT" in shown("a N|")
    assert "OR" not in shown("a o|")


def test_headers_of_choice_are_offered_when_they_are_set() -> None:
    assert shown("custom|") == []
    assert [(one.shown, one.words) for one in offered("custom|", ("X-Tenant",))] == [("custom1:", "Header X-Tenant.")]


VALUES = st.text(min_size=1, max_size=30).filter(can_be_typed)
TEXT_FIELDS = [name for name, field in FIELDS.items() if field.type is Type.TEXT and name != "header"]


@given(st.sampled_from(TEXT_FIELDS), VALUES)
def test_a_seen_value_is_searched_exactly(name: str, value: str) -> None:
    assert parse(f"{name}:{exact(FIELDS[name], value)}").root == Term(name, Exact(value))


@given(st.sampled_from(TEXT_FIELDS), VALUES)
def test_choosing_a_seen_value_leaves_the_rest_of_the_line(name: str, value: str) -> None:
    found = suggestions(f"to:x {name}:", " status:200", {name: (value,)})
    assume(found)
    root = parse(found[0].line).root
    assert isinstance(root, And) and root.operands[1] == Term(name, Exact(value)) and len(root.operands) == 3


@given(HOSTILE, st.integers(0, 200))
def test_no_line_is_too_odd_to_be_completed(line: str, caret: int) -> None:
    found = suggestions(line[:caret], line[caret:], SEEN, ("X-A",))
    assert len(found) <= MOST
    for one in found:
        assert 0 <= one.caret <= len(one.line)
        try:
            parse(one.line)
        except QueryError:
            continue
