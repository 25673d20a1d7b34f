import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.query.errors import QueryError
from appliance.query.mending import mended
from appliance.query.parse import parse
from tests.query.test_parse import HOSTILE


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [
        ("a (b (c", "a (b (c))"),
        ("(a OR b))", "(a OR b)"),
        ('ua:"friendly', 'ua:"friendly"'),
        ('(ua:"friendly', '(ua:"friendly")'),
        ("a AND", "a"),
        ("a (b OR", None),
        ("a AND NOT", "a"),
        ("OR a", "a"),
        ("a AND OR b", "a AND b"),
        ("from: alice", "from:alice"),
        ("from: to:x", None),
        ("from:(a OR b OR c) x", "from:a;b;c x"),
        (";a", "a"),
        ("()", None),
    ],
)
def test_a_line_is_mended_at_one_place_or_not_at_all(wrong: str, meant: str | None) -> None:
    with pytest.raises(QueryError) as caught:
        parse(wrong)
    assert caught.value.corrected == meant


@given(HOSTILE, st.integers(0, 200))
def test_any_line_may_be_asked_about(line: str, position: int) -> None:
    assert len(list(mended(line, min(position, len(line))))) < 12


@given(HOSTILE)
def test_a_corrected_line_is_another_line(line: str) -> None:
    try:
        parse(line)
    except QueryError as error:
        assert error.corrected is None or error.corrected != line
