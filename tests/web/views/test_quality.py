import pytest
from starlette.testclient import TestClient

from appliance.web import links
from tests.web.stored import REPORTED


def test_the_worst_calls_nodes_addresses_and_hours_are_shown(alice: TestClient) -> None:
    page = alice.get("/quality")
    assert page.status_code == 200
    for words in ("Worst calls", "By node", "By address", "By codec", "edge-1", "192.0.2.3", "Average MOS by hour"):
        assert words in page.text
    assert links.call(REPORTED, "quality") in page.text


def test_every_number_leads_to_the_search_behind_it(alice: TestClient) -> None:
    page = alice.get("/quality").text
    behind = [
        part.split('"')[0].replace("&amp;", "&") for part in page.split('href="')[1:] if "view=quality" in part[:400]
    ]
    assert len(behind) >= 5
    for address in behind:
        found = alice.get(address)
        assert found.status_code == 200, address
        assert "<tr data-href=" in found.text, address


def test_a_query_line_narrows_it(alice: TestClient) -> None:
    assert "Worst calls" in alice.get("/quality?q=node:edge-1").text
    assert "fits this query" in alice.get("/quality?q=node:nowhere").text


def test_an_empty_time_says_what_to_do(alice: TestClient) -> None:
    page = alice.get("/quality?from=2020-01-01T00:00&to=2020-01-02T00:00")
    assert page.status_code == 200
    assert "No report of media has come" in page.text and 'href="/agents"' in page.text


def test_times_that_were_typed_are_of_the_zone_that_the_form_says(alice: TestClient) -> None:
    alice.post("/account/zone", data={"zone": "Europe/Berlin"})
    assert '<input type="hidden" name="zone" value="Europe/Berlin">' in alice.get("/quality").text
    answer = alice.get("/quality?q=node:x&from=2026-11-23T10:00&to=-1h&zone=Europe/Berlin")
    place = "/quality?q=node%3Ax&from=2026-11-23T09%3A00%3A00.000000Z&to=-1h"
    assert (answer.status_code, answer.headers["location"]) == (303, place)
    assert alice.get(place).status_code == 200


@pytest.mark.parametrize("wrong", ["from=yesterdayish", "to=x", "q=nofield:1", "q=(", "from=now&to=-1h"])
def test_what_cannot_be_understood_is_told(alice: TestClient, wrong: str) -> None:
    page = alice.get(f"/quality?{wrong}")
    assert page.status_code == 422
    assert 'role="alert"' in page.text


def test_markup_in_the_line_is_text(alice: TestClient) -> None:
    page = alice.get("/quality?q=<script>alert(1)</script>")
    assert "<script>alert" not in page.text
