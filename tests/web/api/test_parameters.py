from appliance.query.fields import FIELDS
from appliance.web import asking
from appliance.web.api import parameters

OF_PAGES = {"columns", "counted"}
"""Of the address of a search, what means nothing to a program."""


def test_a_search_takes_what_its_page_takes() -> None:
    assert {one["name"] for one in parameters.of_search()} == set(asking.NAMES) - OF_PAGES


def test_every_field_of_the_query_line_is_named() -> None:
    (line,) = (one for one in parameters.of_search() if one["name"] == "q")
    assert set(FIELDS) <= set(line["description"].split())


def test_a_part_of_the_path_is_required_and_a_question_is_not() -> None:
    key, *others = parameters.of_call()
    assert (key["in"], key["required"]) == ("path", True)
    assert {(one["in"], one.get("required", False)) for one in others} == {("query", False)}
