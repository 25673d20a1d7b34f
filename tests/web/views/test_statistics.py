import csv
from html import unescape

import pytest
from starlette.testclient import TestClient

from tests.web.stored import ALICE, SCRIPT

PAGE = "/statistics?from=-1d"


def test_calls_are_counted_by_where_they_come_from(alice: TestClient) -> None:
    page = unescape(alice.get(PAGE).text)
    assert "Calls by source" in page and f"src:{ALICE}".replace(":", "%3A") in page
    assert "Answer-seizure ratio (ITU-T E.425): answered" in page
    found = alice.get("/statistics.json?from=-1d").json()
    assert found["all"]["calls"] == sum(group["calls"] for group in found["groups"]) > 0
    assert found["by"] == "source" and found["notes"] == []


def test_they_are_as_many_as_the_search_behind_them(alice: TestClient) -> None:
    for by in ("source", "destination", "user_agent", "to_country"):
        page = unescape(alice.get(f"{PAGE}&by={by}").text)
        rows = [part for part in page.split("<tbody>")[1].split("<tr>")[1:] if '<a href="' in part]
        assert rows, by
        for row in rows:
            address, count = row.split('<a href="')[1].split('"')[0], row.split('k-number">')[1].split("<")[0]
            answer = alice.get(f"/api/v1{address}")
            assert answer.json()["total"] == {"count": int(count), "exact": True}, (by, address)


def test_names_of_addresses_are_groups_of_their_own(alice: TestClient) -> None:
    alice.post("/admin/aliases/put", data={"address": ALICE, "name": "Desk 1", "group": "desks"})
    assert ">Desk 1</a>" in alice.get(PAGE).text
    found = alice.get("/statistics.json?from=-1d&by=source_group").json()["groups"]
    assert {"desks"} <= {group["name"] for group in found}


def test_a_query_narrows(alice: TestClient) -> None:
    all_ = alice.get("/statistics.json?from=-1d&by=day").json()["all"]["calls"]
    some = alice.get("/statistics.json?from=-1d&by=day&q=state:completed").json()["all"]
    assert 0 < some["calls"] < all_ and some["asr_percent"] == 100.0
    assert "No calls fit this query" in alice.get(f"{PAGE}&q=from:nobody").text


@pytest.mark.parametrize(
    ("query", "said"),
    [("by=x", "Calls are counted by source"), ("q=form:x", "Character 1"), ("from=x", "is not a time")],
)
def test_mistakes_are_a_sentence(alice: TestClient, query: str, said: str) -> None:
    page = alice.get(f"/statistics?{query}")
    assert page.status_code == 422 and said in unescape(page.text)
    assert alice.get(f"/statistics.json?{query}").status_code == 422
    assert alice.get(f"/statistics.csv?{query}").status_code == 422


def test_the_file_has_all_and_no_formula(alice: TestClient) -> None:
    heading, *lines = csv.reader(alice.get("/statistics.csv?from=-1d&by=user_agent").text.splitlines())
    assert heading[:3] == ["user_agent", "calls", "ASR %"]
    assert lines and not any(cell.startswith(("=", "@")) for line in lines for cell in line)
    assert SCRIPT not in alice.get(f"{PAGE}&by=user_agent").text
