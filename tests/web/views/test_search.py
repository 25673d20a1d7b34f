import csv
import io
import json

import pytest
from starlette.testclient import TestClient

from appliance.settings import Settings
from appliance.storage import audit
from appliance.web import links
from tests.web.conftest import in_database
from tests.web.stored import HOSTILE_CALLID, SCRIPT

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": "section#results"}


def test_it_shows_calls_as_rows_with_links(alice: TestClient) -> None:
    page = alice.get("/search?q=from:%2B4930111")
    assert page.status_code == 200
    assert "+4930222" in page.text and "completed" in page.text
    assert f'data-href="{links.call("answered-1@192.0.2.1")}?at=' in page.text
    assert "1 of 1 calls" in page.text


def test_it_shows_messages_with_homers_grid(alice: TestClient) -> None:
    page = alice.get("/search?q=callid:answered-1*&view=messages").text
    heads = ["Id", "Date", "Method", "Reason", "R-URI user", "From", "To", "Call-ID", "Other leg", "User agent"]
    heads += ["Source", "Port", "Destination", "Port", "Proto", "Node"]
    found = [part.split(">")[1].split("<")[0] for part in page.split('<th scope="col"')[1:]]
    assert found == heads
    assert "7 of 7 messages" in page


def test_the_tabs_count_both_views(alice: TestClient) -> None:
    page = alice.get("/search?q=callid:answered-1*")
    assert '<span class="count">1</span>' in page.text and '<span class="count">7</span>' in page.text


def test_it_pages_to_the_end_by_links(alice: TestClient) -> None:
    seen, address = [], "/search?q=method:OPTIONS&view=messages"
    for _ in range(3):
        page = alice.get(address).text
        seen += [part.split('"')[0] for part in page.split('<tr data-href="')[1:]]
        if 'rel="next" href="' not in page:
            break
        address = page.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert len(seen) == len(set(seen)) == 150


def test_htmx_gets_the_results_alone(alice: TestClient) -> None:
    part = alice.get("/search?q=from:%2B4930111", headers=HTMX)
    assert part.text.lstrip().startswith('<section id="results"')
    assert "HX-Request-Type" in part.headers["vary"]


def test_a_wrong_line_points_at_the_character_and_suggests(alice: TestClient) -> None:
    page = alice.get("/search?q=to:x form:%2B49*")
    assert page.status_code == 422
    assert "Character 6" in page.text
    assert "<code>to:x from:+49*</code>" in page.text
    assert 'value="to:x form:+49*"' in page.text


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("from=yesterday", "is not a time"),
        ("from=now&to=-1h", "ends before it begins"),
        ("view=quality", "There is no view"),
        ("limit=0", "limit is a number"),
        ("limit=99999999999999999999", "limit is a number"),
        ("cursor=nonsense", "cursor"),
        ("legs=some", "legs"),
        ("q=mos:>4", "Character 1"),
        ("q=" + "x" * 5000, "at most"),
    ],
)
def test_bad_input_is_told_in_a_sentence(alice: TestClient, query: str, words: str) -> None:
    page = alice.get(f"/search?{query}")
    assert page.status_code == 422
    assert words in page.text


def test_nothing_found_says_what_to_do_next(alice: TestClient) -> None:
    page = alice.get("/search?q=from:nobody")
    assert page.status_code == 200
    assert "No calls fit this query" in page.text and "last 7 days" in page.text


def test_the_form_leads_to_its_line(alice: TestClient) -> None:
    answer = alice.get("/search?f.from=%2B49*&f.status=5xx&f.words=&from=-3h&to=&view=messages")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/search?q=from%3A%2B49%2A+status%3A5xx&from=-3h&view=messages"
    assert alice.get("/search/line?f.from=%2B49*&f.status=5xx").text == "from:+49* status:5xx"


def test_the_line_fills_the_form(alice: TestClient) -> None:
    page = alice.get("/search?q=ua:friendly* src:10.0.0.0/8").text
    assert 'name="f.ua" value="friendly*"' in page
    assert 'name="f.src" value="10.0.0.0/8"' in page


def test_the_permanent_link_holds_the_range(alice: TestClient) -> None:
    page = alice.get("/search?q=from:%2B4930111").text
    address = page.split('title="The same rows tomorrow')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    assert "from=20" in address and "to=20" in address
    assert "1 of 1 calls" in alice.get(address).text


@pytest.mark.parametrize("view", ["calls", "messages"])
def test_what_the_network_sent_is_text(alice: TestClient, view: str) -> None:
    page = alice.get(f"/search?view={view}&q=status:486")
    assert page.status_code == 200
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text
    assert SCRIPT not in page.text


def test_what_was_typed_is_text(alice: TestClient) -> None:
    page = alice.get("/search", params={"q": f'from:"{SCRIPT}', "from": SCRIPT, "to": '"><b>'})
    assert SCRIPT not in page.text and '"><b>' not in page.text


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


def test_nobody_is_sent_to_sign_in(client: TestClient) -> None:
    assert client.get("/search?q=x").headers["location"] == "/login?next=/search%3Fq%3Dx"
    assert client.get("/search?q=x", headers=HTMX).headers["hx-redirect"] == "/login"
    assert client.get("/search.csv", headers={"accept": "*/*"}).status_code == 401


def test_a_wrong_method_is_told(alice: TestClient) -> None:
    assert alice.post("/search").status_code == 405


def test_a_search_is_written_down(alice: TestClient, settings: Settings) -> None:
    alice.get("/search?q=from:%2B4930111")
    entry = in_database(settings.mysql, audit.entries)[0]
    assert entry.action == "searched" and entry.object.endswith(" from:+4930111")
