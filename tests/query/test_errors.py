from appliance.query.errors import QueryError, TimeError, correct, pointed


def test_an_error_of_the_query_says_what_where_and_what_may_be_meant() -> None:
    error = QueryError("there is no field form", 4, "from")
    assert str(error) == "there is no field form (at character 5); did you mean from?"
    assert str(QueryError("this quotation mark is not closed")) == "this quotation mark is not closed (at character 1)"


def test_an_error_of_a_time_says_which() -> None:
    assert TimeError("no time", "to").where == "to"


def test_what_is_meant_takes_the_place_of_the_word_or_of_what_is_said() -> None:
    assert correct("a form:x", QueryError("no", 2, "from")) == "a from:x"
    assert correct("dur:90 sec", QueryError("no", 4, "90s", "90 sec")) == "dur:90s"
    assert correct("a", QueryError("no", 0)) is None


def test_a_terminal_shows_a_sign_under_the_character() -> None:
    assert pointed("a form:x", 2) == "a form:x\n  ^"
    assert pointed("a\tb\x1b[31m", 2) == "a·b·[31m\n  ^"
