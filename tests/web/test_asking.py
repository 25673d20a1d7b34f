import pytest

from appliance.query.errors import QueryError, TimeError
from appliance.storage.search import BadCursor, SearchTimeout
from appliance.web import asking

NOON = 1_795_435_200_000_000


def test_without_a_range_it_is_the_last_hour() -> None:
    asked = asking.resolved(asking.of({}, 100), NOON)
    assert (asked.view, asked.limit, asked.from_us, asked.to_us) == ("calls", 100, NOON - 3_600_000_000, NOON)
    assert asked.absolute == {"from": "2026-11-23T11:00:00.000000Z", "to": "2026-11-23T12:00:00.000000Z"}


@pytest.mark.parametrize(
    ("name", "value"),
    [("view", "nothing"), ("limit", "1001"), ("limit", "-1"), ("legs", "x"), ("sort", "x"), ("options", "x")],
)
def test_what_is_wrong_is_kept_until_it_is_resolved(name: str, value: str) -> None:
    asked = asking.of({name: value, "q": "kept"}, 100)
    assert asked.q == "kept"
    with pytest.raises(asking.BadArgument) as error:
        asking.resolved(asked, NOON)
    assert error.value.where == name


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (QueryError("no", 3, "yes"), 422, "bad_query"),
        (TimeError("no", "from"), 422, "bad_time"),
        (BadCursor(), 422, "bad_cursor"),
        (SearchTimeout("long"), 503, "timeout"),
        (asking.BadArgument("no", "limit"), 422, "bad_argument"),
    ],
)
def test_each_problem_has_its_status(error: Exception, status: int, code: str) -> None:
    problem = asking.problem_of(error, asking.of({"q": "ab form:x"}, 1))
    assert (problem.status, problem.code) == (status, code)


def test_the_line_is_corrected_in_place() -> None:
    problem = asking.problem_of(QueryError("no", 3, "from"), asking.of({"q": "ab form:x"}, 1))
    assert problem.corrected == "ab from:x"


def test_other_errors_are_ours() -> None:
    with pytest.raises(ZeroDivisionError):
        asking.problem_of(ZeroDivisionError(), asking.of({}, 1))


def test_a_query_that_reads_texts_is_told() -> None:
    assert asking.reads_texts("text:x") and not asking.reads_texts("from:x")
