from urllib.parse import parse_qs, urlsplit

from starlette.testclient import TestClient

from tests.web.stored import SCRIPT


def test_the_page_fetches_what_stands_above_its_rows(alice: TestClient) -> None:
    page = alice.get("/search?q=from:%2B4930111").text
    address = page.split('hx-get="/search/overview')[1].split('"')[0].replace("&amp;", "&")
    part = alice.get("/search/overview" + address).text
    assert part.lstrip().startswith('<section class="overview"') and "<svg" in part
    assert "Answer-seizure ratio" in part and "1 ÷ 1" in part
    assert ">completed</a>" in part


def test_without_javascript_a_link_asks_for_it(alice: TestClient) -> None:
    page = alice.get("/search?q=from:%2B4930111").text
    link = page.split(">Count over time</a>")[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    whole = alice.get(link).text
    assert '<svg class="over-time"' in whole and 'hx-get="/search/overview' not in whole
    bar = next(part for part in whole.split('<a href="')[1:] if "1 completed" in part.split("</a>")[0])
    narrowed = bar.split('"')[0].replace("&amp;", "&")
    assert "1 of 1 calls" in alice.get(narrowed).text
    assert parse_qs(urlsplit(narrowed).query)["counted"] == ["1"]


def test_every_view_is_counted(alice: TestClient) -> None:
    for view, key in (("messages", "request"), ("quality", "good"), ("logs", "log")):
        part = alice.get(f"/search/overview?view={view}").text
        assert f'<i class="h-{key}">' in part, view
        assert "Answer-seizure" not in part


def test_it_says_why_there_is_none(alice: TestClient) -> None:
    assert "the query reads the messages themselves" in alice.get("/search/overview?view=messages&q=text:x").text
    wrong = alice.get("/search/overview", params={"q": f"form:{SCRIPT}"})
    assert wrong.status_code == 200 and SCRIPT not in wrong.text and "There is no field" in wrong.text
