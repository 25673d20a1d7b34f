import csv
import json
from collections.abc import Iterator
from html import unescape

import pytest
from starlette.testclient import TestClient

from appliance.settings import Settings
from appliance.web.views import audit as view
from tests.web.conftest import PASSWORD, browser, sign_in
from tests.web.stored import SCRIPT

PAGE = "/admin/audit"


@pytest.fixture
def bob(settings: Settings, alice: TestClient) -> Iterator[TestClient]:
    """In another browser, while alice is signed in."""
    with browser(settings) as other:
        sign_in(other, "bob", PASSWORD)
        yield other


def objects(client: TestClient, **query: str) -> list[str]:
    lines = client.get(f"{PAGE}.json", params=query).text.splitlines()
    return [json.loads(line)["object"] for line in lines]


def test_what_people_do_is_there_newest_first(alice: TestClient, bob: TestClient) -> None:
    bob.get("/search?q=from:4711")
    page = unescape(alice.get(PAGE).text)
    lines = page.split("<tbody>")[1]
    assert lines.index("from:4711") < lines.index("sign in")
    assert 'href="/admin/audit?user=bob"' in page
    assert 'href="/admin/audit"' in alice.get("/").text


def test_it_is_searched_by_user_action_and_object(alice: TestClient, bob: TestClient) -> None:
    for query in ("from:4711", "to:100%", "to:1000"):
        bob.get("/search", params={"q": query})
    assert len(objects(alice, user="BO", action="searched")) == 3
    assert [object_.split()[2] for object_ in objects(alice, object="100%")] == ["to:100%"]
    assert objects(alice, user="nobody") == [] and objects(alice, to="-1h") == []
    assert "No line fits" in alice.get(f"{PAGE}?user=nobody").text
    assert "There is no action x" in alice.get(f"{PAGE}?action=x").text


def test_files_are_in_utc_whatever_the_reader_chose(alice: TestClient) -> None:
    assert alice.post("/account/zone", data={"zone": "Asia/Tokyo"}).status_code < 400
    assert "JST" in alice.get(PAGE).text or "+09" in alice.get(PAGE).text
    file = alice.get(f"{PAGE}.csv").text
    assert "UTC" in file and "JST" not in file and "+09" not in file


def test_pages_go_on_to_the_oldest(alice: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(view, "PAGE_LINES", 3)
    for number in range(7):
        alice.get(f"/search?q=from:{number}")
    address, found = f"{PAGE}?action=searched", []
    while address:
        page = unescape(alice.get(address).text)
        found += [part.split('"')[0] for part in page.split('k-wire done-to"><span title="')[1:]]
        address = page.split('class="pages"><a href="')[1].split('"')[0] if 'class="pages"' in page else ""
    assert [one.split()[2] for one in found] == [f"from:{number}" for number in reversed(range(7))]


def test_files_hold_all_that_is_asked_for(alice: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(view, "LINES_AT_ONCE", 2)
    for number in range(5):
        alice.get("/search", params={"q": f'"=cmd{number}"'})
    answer = alice.get(f"{PAGE}.csv?action=searched")
    heading, *lines = csv.reader(answer.text.splitlines())
    assert heading == list(view.COLUMNS) and len(lines) == 5
    assert not any(cell.startswith("=") for line in lines for cell in line)
    assert objects(alice, action="exported")[0].startswith("audit.csv"), "who took it is written down too"
    assert alice.get(f"{PAGE}.csv?from=x").status_code == 422


def test_what_somebody_typed_is_text(alice: TestClient) -> None:
    alice.get("/search", params={"q": f"from:{SCRIPT}"})
    assert SCRIPT not in alice.get(PAGE).text


def test_it_is_for_administrators(bob: TestClient) -> None:
    for path in (PAGE, f"{PAGE}.csv", f"{PAGE}.json", "/api/v1/audit"):
        assert bob.get(path).status_code == 403
    assert PAGE not in bob.get("/").text
