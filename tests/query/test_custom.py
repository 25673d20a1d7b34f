from appliance.query.custom import header_of, with_headers
from appliance.query.parse import parse


def test_headers_of_choice_are_headers() -> None:
    query = parse("a (custom1:x OR NOT custom2:y*) custom3:z")
    assert with_headers(query, ("X-One", "X-Two")) == parse("a (header.X-One:x OR NOT header.x-two:y*) custom3:z")
    assert with_headers(query, ()) == query
    assert with_headers(parse(""), ("X-One",)) == parse("")


def test_a_header_has_the_name_that_the_operator_wrote() -> None:
    assert header_of("custom1", ("X-One",)) == "X-One"
    assert header_of("custom2", ("X-One",)) is None and header_of("from", ("X-One",)) is None
