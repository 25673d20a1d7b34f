import re
from html import unescape

from starlette.testclient import TestClient

from tests.web.stored import SCRIPT


def options(page: str) -> list[tuple[str, int]]:
    """(line, caret) of each."""
    found = re.findall(r'data-line="([^"]*)" data-caret="(\d+)"', page)
    return [(unescape(line), int(caret)) for line, caret in found]


def complete(client: TestClient, before: str, after: str = "") -> list[tuple[str, int]]:
    answer = client.get("/search/complete", params={"before": before, "after": after})
    assert answer.status_code == 200 and answer.headers["cache-control"] == "no-store"
    return options(answer.text)


def test_names_of_fields_are_offered(alice: TestClient) -> None:
    assert complete(alice, "a fr", " b")[0] == ("a from: b", 7)


def test_values_seen_lately_are_offered(alice: TestClient) -> None:
    assert ("from:+4930111 ", 14) in complete(alice, "from:+49")
    assert ("node:edge-1 ", 12) in complete(alice, "node:")


def test_the_caret_counts_as_browsers_do(alice: TestClient) -> None:
    assert complete(alice, "\U0001f600 fr", "")[0] == ("\U0001f600 from:", 8)


def test_what_the_network_sent_is_text_and_is_searched_as_it_is(alice: TestClient) -> None:
    page = alice.get("/search/complete", params={"before": "ua:<scr"}).text
    assert SCRIPT not in page
    (line, _) = options(page)[0]
    assert line == f'ua:"{SCRIPT}" '
    assert "1 of 1 calls" in alice.get("/search", params={"q": line}).text


def test_nothing_is_offered_for_nonsense(alice: TestClient) -> None:
    assert complete(alice, "nothing:x") == []
    assert complete(alice, "a" * 5000) == []


def test_nobody_else_learns_what_was_seen(client: TestClient) -> None:
    assert client.get("/search/complete?before=from:").status_code in (303, 401)


def test_a_field_of_the_form_is_completed_by_its_values_alone(alice: TestClient) -> None:
    def of_field(field: str, before: str) -> list[str]:
        page = alice.get("/search/complete", params={"field": field, "before": before, "after": ""}).text
        return [line for line, _ in options(page)]

    assert "+4930111" in of_field("from", "+49")
    assert "edge-1" in of_field("node", "")
    assert of_field("state", "bu") == ["busy"]
    assert of_field("from", "x;+49301")[0] == "x;+4930111"
    assert "from:" in of_field("words", "fr")
