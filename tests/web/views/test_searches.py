import re
from collections.abc import Iterator
from html import unescape

import pytest
from starlette.testclient import TestClient

from appliance.settings import Settings
from appliance.storage import audit
from tests.web.conftest import PASSWORD, browser, in_database, sign_in
from tests.web.stored import SCRIPT

FAILURES = {"name": "Failures", "q": "status:5xx", "from": "-3h", "view": "messages"}


@pytest.fixture
def bob(settings: Settings, alice: TestClient) -> Iterator[TestClient]:
    """In another browser, while alice is signed in."""
    with browser(settings) as other:
        sign_in(other, "bob", PASSWORD)
        yield other


def save(client: TestClient, **changes: str) -> None:
    answer = client.post("/searches", data={**FAILURES, **changes})
    assert answer.status_code == 303, answer.text


def numbers(client: TestClient) -> list[int]:
    return [one["id"] for one in client.get("/searches.json").json()["searches"]]


def test_a_search_is_saved_and_asked_anew_by_its_link(alice: TestClient) -> None:
    save(alice)
    page = unescape(alice.get("/searches").text)
    assert 'href="/search?q=status%3A5xx&from=-3h&view=messages">Failures</a>' in page
    assert "Messages whose response code is 5xx." in page
    menu = unescape(alice.get("/searches/menu").text)
    assert 'href="/search?q=status%3A5xx&from=-3h&view=messages"' in menu


def test_its_owner_changes_it_and_deletes_it(alice: TestClient) -> None:
    save(alice)
    (number,) = numbers(alice)
    assert alice.post(f"/searches/{number}", data={**FAILURES, "name": "Other", "q": "status:6xx"}).status_code == 303
    (one,) = alice.get("/searches.json").json()["searches"]
    assert (one["name"], one["query"]) == ("Other", "status:6xx")
    assert alice.post(f"/searches/{number}/delete").status_code == 303
    assert numbers(alice) == []
    assert alice.post(f"/searches/{number}/delete").status_code == 404


def test_others_use_what_is_shared_and_change_nothing(alice: TestClient, bob: TestClient) -> None:
    save(alice)
    save(alice, name="For all", shared="1")
    page = bob.get("/searches").text
    assert "For all" in page and "Failures" not in page and "/delete" not in page
    assert len(numbers(bob)) == 1
    for number in numbers(alice):
        assert bob.post(f"/searches/{number}", data=FAILURES).status_code == 404
        assert bob.post(f"/searches/{number}/delete").status_code == 404
    assert len(numbers(alice)) == 2


def test_an_administrator_may_delete_what_a_user_shares_and_nothing_else(alice: TestClient, bob: TestClient) -> None:
    save(bob, name="Own")
    save(bob, name="Shared", shared="1")
    own, shared = numbers(bob)
    assert alice.post(f"/searches/{own}/delete").status_code == 404
    assert alice.post(f"/searches/{shared}/delete").status_code == 303
    assert numbers(bob) == [own]


def test_a_name_that_is_taken_is_said_beside_what_was_written(alice: TestClient) -> None:
    save(alice)
    answer = alice.post("/searches", data={**FAILURES, "q": "status:6xx"})
    assert answer.status_code == 422
    assert "There is a saved search Failures already" in answer.text
    assert 'value="status:6xx"' in answer.text


def test_what_was_asked_lately_is_ones_own(alice: TestClient, bob: TestClient) -> None:
    alice.get("/search?q=from:%2B4930111")
    alice.get("/search", params={"q": f'"{SCRIPT}"'})
    alice.get("/search?q=form:x")
    alice.get("/search")
    page = alice.get("/searches").text
    assert [unescape(line) for line in re.findall(r'Forget<span class="hidden"> (.*?)</span>', page)] == [
        f'"{SCRIPT}"',
        "from:+4930111",
    ]
    assert SCRIPT not in page
    assert "Nothing is remembered of you" in bob.get("/searches").text
    completion = alice.get("/search/complete?before=&after=").text
    assert "Asked lately" in completion and "from:+4930111" in completion
    assert "Asked lately" not in bob.get("/search/complete?before=&after=").text


def test_what_was_asked_lately_is_forgotten_one_by_one_or_all(alice: TestClient) -> None:
    for user in "abc":
        alice.get(f"/search?q=from:{user}")
    key = re.findall(r'name="key" value="(\w+)"', alice.get("/searches").text)[0]
    assert alice.post("/searches/recent/forget", data={"key": key}).status_code == 303
    page = alice.get("/searches").text
    assert "from:c" not in page and "from:b" in page
    alice.post("/searches/recent/forget")
    assert "Nothing is remembered of you" in alice.get("/searches").text


def test_the_audit_trail_has_it(alice: TestClient, settings: Settings) -> None:
    save(alice, shared="1")
    (number,) = numbers(alice)
    alice.post(f"/searches/{number}/delete")
    entries = in_database(settings.mysql, lambda database: audit.entries(database, limit=2))
    assert [entry.action for entry in entries] == ["search_deleted", "search_saved"]
    assert entries[1].object == f"search {number} Failures (shared): messages status:5xx"


def test_nobody_from_elsewhere_saves_in_ones_name(alice: TestClient) -> None:
    from_elsewhere = {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}
    assert alice.post("/searches", data=FAILURES, headers=from_elsewhere).status_code == 403
    assert numbers(alice) == []


def test_a_script_is_not_remembered(client: TestClient, token: dict[str, str], settings: Settings) -> None:
    assert client.get("/search.json?q=from:x", headers=token).status_code == 200
    assert client.get("/search?q=from:x", headers=token).status_code == 200
    rows = in_database(settings.mysql, lambda database: database.fetch("SELECT line FROM recent_searches"))
    assert rows == []
