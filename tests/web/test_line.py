"""What the search page says about its line: its meaning, what may have been meant, the fields there are."""

from html import unescape

from starlette.testclient import TestClient

from appliance.query.fields import FIELDS


def test_the_page_says_in_words_what_was_asked(alice: TestClient) -> None:
    page = unescape(alice.get("/search", params={"q": "from:+49* status:2xx"}).text)
    assert "Calls whose From or asserted user begins with “+49” and whose final response is 2xx." in page
    assert 'id="meaning"' not in alice.get("/search").text


def test_a_habit_from_elsewhere_is_answered_with_a_link(alice: TestClient) -> None:
    page = unescape(alice.get("/search", params={"q": "from:^49", "view": "messages"}).text)
    assert 'href="/search?q=from%3A%2F%5E49%2F&view=messages"' in page


def test_a_wrong_value_is_put_right_by_a_link(alice: TestClient) -> None:
    answer = alice.get("/search", params={"q": "to:x dur:>90sec"})
    assert answer.status_code == 422
    assert 'href="/search?q=to%3Ax+dur%3A%3E90s"' in answer.text


def test_the_page_lists_the_fields(alice: TestClient) -> None:
    page = unescape(alice.get("/search").text)
    assert all(field.example in page for field in FIELDS.values())
