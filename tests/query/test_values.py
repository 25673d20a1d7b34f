import pytest

from appliance.query.errors import QueryError
from appliance.query.fields import FIELDS
from appliance.query.tree import AnyOf, Exact, Pattern, Regex, Value
from appliance.query.values import read_value, read_word


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("a", Exact("a")),
        ("a*b", Pattern(("a", "b"))),
        ("a%b", Pattern(("a", "b"))),
        ('"a%b*"', Pattern(("a%b", ""))),
        ("a\\%b\\*", Exact("a%b*")),
        ('"a;b";c', AnyOf((Exact("a;b"), Exact("c")))),
        ('a"b c"d', Exact("ab cd")),
        ("/a;b/;c", AnyOf((Regex("a;b"), Exact("c")))),
        ("/a", Exact("/a")),
        ("//", Exact("//")),
        (">5", Exact(">5")),
        ("1..2", Exact("1..2")),
    ],
)
def test_a_text_is_read_with_stars_lists_and_quotation_marks(raw: str, value: Value) -> None:
    assert read_value(FIELDS["from"], raw, 0) == value


def test_an_error_points_into_the_list() -> None:
    with pytest.raises(QueryError) as caught:
        read_value(FIELDS["status"], "200;404;x", 10)
    assert caught.value.position == 18


def test_a_word_of_nothing_is_refused() -> None:
    with pytest.raises(QueryError, match="nothing"):
        read_word('""', 0)
