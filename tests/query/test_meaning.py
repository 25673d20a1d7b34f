import pytest
from hypothesis import given

from appliance.query.errors import QueryError
from appliance.query.fields import FIELDS
from appliance.query.meaning import meaning, of_line
from appliance.query.nouns import NOUNS, ROWS
from appliance.query.parse import parse
from tests.query.test_parse import HOSTILE


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("", "All calls."),
        ("from:+49*", "Calls whose From or asserted user begins with “+49”."),
        ("from:*49", "Calls whose From or asserted user ends with “49”."),
        ("from:*4*", "Calls whose From or asserted user contains “4”."),
        ("from:4*9", "Calls whose From or asserted user looks like 4*9."),
        ("from:a;b", "Calls whose From or asserted user is “a” or “b”."),
        ("from:a;b*", "Calls whose From or asserted user is “a” or begins with “b”."),
        ("from:/^4/", "Calls whose From or asserted user matches /^4/."),
        ("pdd:*", "Calls whose post-dial delay is known."),
        ("ua:*", "Calls whose user agent is not empty."),
        ("status:5xx", "Calls whose final response is 5xx."),
        ("status:>399", "Calls whose final response is higher than 399."),
        ("dur:<3s", "Calls whose duration is shorter than 3 s."),
        ("talk:1m..5m", "Calls whose talk time is from 1 m to 5 m."),
        ("mos:<=3.5", "Calls whose MOS is at most 3.5."),
        ("legs:>=2", "Calls whose number of legs is at least 2."),
        ("state:busy;failed", "Calls whose state is busy or failed."),
        ("method:BYE", "Calls with a message whose request method is BYE."),
        ("header.x-foo:bar*", "Calls with a message whose X-Foo header begins with “bar”."),
        ("text:sendonly", "Calls with a message whose text contains “sendonly”."),
        ("src:10.0.0.0/8", "Calls whose source address is in 10.0.0.0/8."),
        ("ip:10.0.0.1:5060", "Calls with a message whose source or destination address is 10.0.0.1:5060."),
        ("alice", "Calls with “alice” as a party, Call-ID or address."),
        ("10.0.0.1;10.0.0.2", "Calls with an address that is 10.0.0.1 or 10.0.0.2."),
        ("al*", "Calls with a party, Call-ID or address that begins with “al”."),
        ("status:486;6xx", "Calls whose final response is 486 or 6xx."),
        ("NOT NOT to:a", "Calls whose To user is “a”."),
        ("NOT from:a", "All calls but those whose From or asserted user is “a”."),
        (
            "from:a OR to:b ua:c",
            "Calls whose From or asserted user is “a” or (whose To user is “b” and whose user agent is “c”).",
        ),
        ("from:a NOT to:b", "Calls whose From or asserted user is “a”, without those whose To user is “b”."),
        (
            "NOT from:a NOT to:b",
            "Calls other than those whose From or asserted user is “a” and those whose To user is “b”.",
        ),
    ],
)
def test_a_query_is_said_in_words(line: str, sentence: str) -> None:
    assert meaning(parse(line)) == sentence


def test_a_field_means_what_its_view_makes_of_it() -> None:
    assert meaning(parse("status:404"), "messages") == "Messages whose response code is 404."
    assert meaning(parse("state:busy"), "messages") == "Messages of a call whose state is busy."
    assert meaning(parse("mos:<3"), "quality") == "Quality reports whose MOS is less than 3."
    assert meaning(parse("from:a"), "logs") == "Log lines and events whose From or asserted user is “a”."


def test_every_field_has_a_noun() -> None:
    assert set(NOUNS) == set(FIELDS) - {"header"}


@given(HOSTILE)
def test_every_line_that_can_be_read_is_said_in_every_view(line: str) -> None:
    try:
        query = parse(line)
    except QueryError:
        assert of_line(line, "calls") == ""
        return
    for view in ROWS:
        assert meaning(query, view).endswith(".")
