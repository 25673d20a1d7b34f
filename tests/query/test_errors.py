from appliance.query.errors import QueryError, TimeError


def test_an_error_of_the_query_says_what_where_and_what_may_be_meant() -> None:
    error = QueryError("there is no field form", 4, "from")
    assert str(error) == "there is no field form (at character 5); did you mean from?"
    assert str(QueryError("this quotation mark is not closed")) == "this quotation mark is not closed (at character 1)"


def test_an_error_of_a_time_says_which() -> None:
    assert TimeError("no time", "to").where == "to"
