from appliance.query.errors import QueryError
from appliance.storage.search.question import MAX_ROWS, VIEWS, Question, Unsearchable


def test_a_question_without_more_is_for_calls() -> None:
    question = Question("", 1, 2)
    assert question.view in VIEWS
    assert (question.limit, question.cursor, question.legs) == (100, None, "joined")
    assert question.limit <= MAX_ROWS


def test_what_cannot_be_searched_is_an_error_of_the_query() -> None:
    assert issubclass(Unsearchable, QueryError)
