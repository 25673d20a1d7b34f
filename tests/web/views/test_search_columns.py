from urllib.parse import parse_qs, urlsplit

from starlette.testclient import TestClient

from tests.web.conftest import PASSWORD, sign_in


def table_heads(page: str) -> list[str]:
    head = page.split("<thead>")[1].split("</thead>")[0]
    return [part.split('"')[0] for part in head.split('data-column="')[1:]]


CHOSEN = {
    "view": "calls",
    "next": "/search?q=from:%2B4930111&columns=state",
    "show": ["state", "started", "from_domain"],
    "place.from_domain": "1",
    "place.state": "2",
    "place.started": "3",
    "width.state": "140",
    "do": "keep",
}


def test_chosen_columns_are_kept_for_a_person_and_a_view(alice: TestClient) -> None:
    answer = alice.post("/search/columns", data=CHOSEN)
    assert (answer.status_code, answer.headers["location"]) == (303, "/search?q=from%3A%2B4930111")
    page = alice.get("/search?q=from:%2B4930111").text
    assert table_heads(page) == ["from_domain", "state", "started"]
    assert 'data-column="state" width="140"' in page
    assert "example.com" in page and "1 of 1 calls" in page
    assert table_heads(alice.get("/search?view=messages").text)[0] == "id"
    alice.post("/logout")
    sign_in(alice, "bob", PASSWORD)
    assert table_heads(alice.get("/search?q=from:%2B4930111").text)[0] == "started"


def test_the_defaults_come_back(alice: TestClient) -> None:
    alice.post("/search/columns", data=CHOSEN)
    alice.post("/search/columns", data={**CHOSEN, "do": "default"})
    assert len(table_heads(alice.get("/search?q=from:%2B4930111").text)) == 20


def test_the_permanent_link_shows_others_the_same_columns(alice: TestClient) -> None:
    alice.post("/search/columns", data=CHOSEN)
    page = alice.get("/search?q=from:%2B4930111").text
    link = page.split('title="The same rows tomorrow')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    assert parse_qs(urlsplit(link).query)["columns"] == ["from_domain,state:140,started"]
    alice.post("/logout")
    sign_in(alice, "bob", PASSWORD)
    assert table_heads(alice.get(link).text) == ["from_domain", "state", "started"]


def test_every_field_can_be_a_column(alice: TestClient) -> None:
    alice.get("/search")
    for view, query in (("calls", ""), ("messages", "callid:answered-1*"), ("quality", ""), ("logs", "")):
        page = alice.get("/search", params={"view": view, "q": query}).text
        offered = page.split('class="column-list"')[1].split("</form>")[0].split('name="show" value="')[1:]
        names = [part.split('"')[0] for part in offered]
        shown = alice.get("/search", params={"view": view, "q": query, "columns": ",".join(names)})
        assert shown.status_code == 200
        assert table_heads(shown.text) == names


def test_the_first_cell_leads_to_the_row_whatever_it_is(alice: TestClient) -> None:
    page = alice.get("/search?q=from:%2B4930111&columns=hung_up_by,state").text
    first = page.split("<tbody>")[1].split("</td>")[1]
    assert '<a href="/calls/answered-1@192.0.2.1?at=' in first and "caller" in first


def test_a_column_that_is_none_is_told(alice: TestClient) -> None:
    page = alice.get("/search?columns=nothing")
    assert page.status_code == 422 and "no column" in page.text


def test_nothing_a_form_says_leads_elsewhere(alice: TestClient) -> None:
    for target in ("https://elsewhere.example/search", "//elsewhere.example/search", "/logout", "javascript:1"):
        answer = alice.post("/search/columns", data={"view": "evil", "next": target})
        assert answer.headers["location"] == "/search"


def test_nobody_keeps_nothing(client: TestClient) -> None:
    assert client.post("/search/columns", data=CHOSEN).headers["location"] == "/login"
