import pytest

from appliance.query.meant import MOST_CAUSE, each, each_cause, of_any_protocol, scaled, user_of_a_uri
from appliance.query.tree import AnyOf, Exact, Pattern, Regex, Span, Value


@pytest.mark.parametrize(
    ("typed", "in_uri"),
    [
        (Exact("bob"), Pattern(("", ":bob@", ""))),
        (Pattern(("b", "b")), Pattern(("", ":b", "b@", ""))),
        (Regex("b"), Regex("b")),
    ],
)
def test_a_user_stands_between_scheme_and_host(typed: Value, in_uri: Value) -> None:
    assert user_of_a_uri(typed) == in_uri


def test_a_cause_that_is_a_number_is_of_any_protocol() -> None:
    assert of_any_protocol(Exact("16")) == Pattern(("", "/16"))
    assert of_any_protocol(Exact("SIP/486")) == Exact("SIP/486")


@pytest.mark.parametrize(
    ("span", "causes"),
    [
        (Span(16, 18), [16, 17, 18]),
        (Span(16, 18, True, True), [17]),
        (Span(125, None), [125, 126, MOST_CAUSE]),
        (Span(None, 1), [0, 1]),
        (Span(500, None), []),
    ],
)
def test_a_span_of_causes_is_any_of_them(span: Span, causes: list[int]) -> None:
    assert each_cause(span) == AnyOf(tuple(Exact(str(cause)) for cause in causes))


def test_spans_count_in_smaller_units() -> None:
    assert scaled(AnyOf((Span(1.5, None, True), Exact("x"))), 1000) == AnyOf((Span(1500, None, True), Exact("x")))


def test_a_list_in_a_list_is_laid_in_it() -> None:
    assert each(AnyOf((Span(1, 2), Exact("9"))), each_cause) == AnyOf((Exact("1"), Exact("2"), Exact("9")))
