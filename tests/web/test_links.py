import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.model.ids import parse_call_key
from appliance.model.octets import octets, text
from appliance.query.parse import parse
from appliance.query.tree import Exact, Term
from appliance.web import links


def test_a_search_leaves_out_what_is_empty() -> None:
    assert links.search() == "/search"
    assert links.search("from:a b", view="calls") == "/search?q=from%3Aa+b&view=calls"


def test_a_link_changes_one_part_of_the_query() -> None:
    query = {"q": "x", "cursor": "abc"}
    assert links.with_query("/search", query, cursor=None, from_="-3h") == "/search?q=x&from=-3h"
    assert links.with_query("/search", {}, q=None) == "/search"


@given(st.binary(max_size=60))
def test_the_link_of_a_call_finds_its_callid(callid: bytes) -> None:
    address = links.call(text(callid))
    assert address.startswith("/calls/") and "?" not in address and "#" not in address
    key = address.removeprefix("/calls/")
    assert "/" not in key and key not in (".", "..")
    assert parse_call_key(key) == callid


def test_a_link_of_a_call_has_tab_moment_and_message() -> None:
    assert links.call("a@b", "flow.svg", 5) == "/calls/a@b/flow.svg?at=5"
    assert links.call("a@b", message="x-1") == "/calls/a@b?message=x-1"


def test_a_moment_is_exact() -> None:
    assert links.moment(1_795_435_200_123_456) == "2026-11-23T12:00:00.123456Z"


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30).filter(str.strip))
def test_a_value_searches_for_exactly_this(value: str) -> None:
    assert parse(f"user:{links.value(value)}").root == Term("user", Exact(value))


@pytest.mark.parametrize("target", ["//x", "/\\x", "http://x", "x", "", "/a b", "/a\r\nb"])
def test_other_places_are_not_local(target: str) -> None:
    assert links.local(target) == "/"


def test_a_range_is_told_in_words() -> None:
    assert links.SearchLine.of({}).range_words == "last hour"
    assert links.SearchLine.of({"from": "-7d", "to": "now"}).range_words == "last 7 days"
    there = links.SearchLine.of({"from": "2026-11-23T10:00:00Z", "to": "2026-11-23T11:00:00Z"})
    assert there.range_words == "2026-11-23 10:00 – 2026-11-23 11:00"


def test_octets_that_are_not_text_have_a_link() -> None:
    assert octets(text(b"\xff/")) == parse_call_key(links.call(text(b"\xff/")).removeprefix("/calls/"))


def test_live_is_of_messages_unless_it_is_of_calls() -> None:
    assert links.live() == links.live(view="messages") == "/live"
    assert links.live("from:+49*", "calls") == "/live?q=from%3A%2B49%2A&view=calls"
