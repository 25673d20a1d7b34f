import pytest

from appliance.query.fields import FIELDS
from appliance.query.tree import Exact, Pattern, Regex, Span
from appliance.query.values import read_value
from appliance.storage.search import compare
from appliance.storage.search.condition import Condition


def test_a_value_longer_than_its_column_is_looked_for_as_it_was_cut() -> None:
    assert compare.text(("from_user",), Exact("a" * 200)).arguments == (b"a" * 160,)


def test_wildcards_of_like_are_escaped() -> None:
    assert compare.escaped(b"50%_|") == b"50|%|_||"


@pytest.mark.parametrize(
    ("typed", "sql", "arguments"),
    [
        ("150ms", "(pdd_ms >= %s AND pdd_ms <= %s)", (150, 150)),
        ("3s", "(pdd_ms >= %s AND pdd_ms <= %s)", (3000, 3999)),
        (">1500us", "(pdd_ms > %s)", (1,)),
        (">=1500us", "(pdd_ms >= %s)", (2,)),
        ("<1500us", "(pdd_ms < %s)", (2,)),
        ("<=1500us", "(pdd_ms <= %s)", (1,)),
    ],
)
def test_a_duration_is_compared_in_whole_milliseconds(typed: str, sql: str, arguments: tuple[int, ...]) -> None:
    value = read_value(FIELDS["pdd"], typed, 0)
    assert compare.number("pdd_ms", value, unit=1000) == Condition(sql, arguments)


def test_an_unknown_number_is_outside_of_every_span() -> None:
    assert compare.number("cseq", Span(1, 2), nullable=True).sql.endswith("IS TRUE)")


def test_a_star_in_a_list_stays_within_its_word() -> None:
    assert compare.listed("problems", Pattern(("bad-", "a"))).arguments == (rb"(?s),bad\-[^,]*a,",)


def test_networks_at_a_dot_are_compared_as_text() -> None:
    value = read_value(FIELDS["src"], "10.20.0.0/16", 0)
    assert compare.addresses([("source_ip", "")], value).arguments == (b"10.20.%",)


def test_a_dot_of_an_expression_is_any_octet() -> None:
    assert compare.text(("from_user",), Regex("a.b")).arguments == (b"(?s)a.b",)
