import csv
import io
import json

import pytest
from starlette.testclient import TestClient

from appliance.export.json_fields import CALL_FIELDS
from appliance.storage.search import Limits
from appliance.web.views import search_files
from tests.web.stored import HOSTILE_CALLID

OPTIONS = "view=messages&q=method:OPTIONS"


def test_csv_has_every_row_and_no_formula(alice: TestClient) -> None:
    answer = alice.get("/search.csv?view=messages&q=method:OPTIONS")
    assert answer.headers["content-type"].startswith("text/csv")
    assert "attachment" in answer.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert len(rows) == 150
    (hostile,) = csv.DictReader(io.StringIO(alice.get("/search.csv?q=status:486").text))
    assert hostile["to_user"] == "'=1+1"
    (call,) = csv.DictReader(io.StringIO(alice.get("/search.csv?q=from:%2B4930111").text))
    assert call["from_user"] == "+4930111"


def test_json_has_every_row(alice: TestClient) -> None:
    answer = alice.get("/search.json?view=messages&q=method:OPTIONS")
    found = json.loads(answer.text)
    assert len(found["rows"]) == 150 and found["complete"] is True
    assert [row["callid"] for row in json.loads(alice.get("/search.json?q=status:486").text)["rows"]] == [
        HOSTILE_CALLID
    ]


def test_a_wrong_line_is_no_download(alice: TestClient) -> None:
    assert alice.get("/search.csv?q=form:x").status_code == 422
    assert alice.get("/search.json?q=form:x").json()["error"]["where"] == "q:1"


def test_it_has_the_fields_of_the_api_and_times_that_a_search_takes(alice: TestClient) -> None:
    (call,) = csv.DictReader(io.StringIO(alice.get("/search.csv?q=from:%2B4930111").text))
    assert list(call) == list(CALL_FIELDS)
    found = alice.get("/search", params={"q": "from:+4930111", "from": call["started"]})
    assert "1 of 1 calls" in found.text


def test_a_csv_has_the_columns_that_are_named(alice: TestClient) -> None:
    answer = alice.get("/search.csv?q=from:%2B4930111&columns=to_user,state:120")
    assert answer.text == "to_user,state\r\n+4930222,completed\r\n"
    assert alice.get("/search.csv?columns=nothing").status_code == 422
    assert "callid" in alice.get("/search.json?q=from:%2B4930111&columns=state").json()["rows"][0]


@pytest.mark.parametrize("limit", [100, 150])
def test_a_file_that_has_not_all_rows_says_so_in_its_name(
    alice: TestClient, monkeypatch: pytest.MonkeyPatch, limit: int
) -> None:
    monkeypatch.setattr(search_files, "MOST_ROWS", limit)
    answer = alice.get(f"/search.csv?{OPTIONS}&limit=50")
    assert len(answer.text.splitlines()) == limit + 1
    assert ("-incomplete.csv" in answer.headers["content-disposition"]) == (limit < 150)
    assert (search_files.INCOMPLETE in answer.headers) == (limit < 150)
    found = alice.get(f"/search.json?{OPTIONS}&limit=50").json()
    assert len(found["rows"]) == limit and found["complete"] == (limit == 150)
    if limit < 150:
        assert answer.headers[search_files.INCOMPLETE].startswith("These are the newest 100 rows; there are more")
        rest = alice.get("/api/v1/search", params={"view": "messages", "q": "method:OPTIONS", "cursor": found["next"]})
        assert len(rest.json()["rows"]) == 50


def test_a_file_whose_time_is_over_says_so(alice: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_files, "MOST_SECONDS", -1.0)
    answer = alice.get(f"/search.csv?{OPTIONS}&limit=50")
    assert len(answer.text.splitlines()) == 51
    assert "the time for a file was over" in answer.headers[search_files.INCOMPLETE]


def test_nothing_found_is_a_line_of_names_and_a_whole_answer(alice: TestClient) -> None:
    assert alice.get("/search.csv?q=from:nobody").text.splitlines() == [",".join(CALL_FIELDS)]
    found = alice.get("/search.json?q=from:nobody").json()
    assert (found["rows"], found["complete"], found["total"]) == ([], True, {"count": 0, "exact": True})


def test_a_search_that_takes_too_long_is_no_download(alice: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Limits, "of", lambda settings: Limits(seconds=0.0))
    answer = alice.get("/search.csv?from=-7d")
    assert answer.status_code == 503 and "not looked at" in answer.text
