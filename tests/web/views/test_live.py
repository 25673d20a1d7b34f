import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from starlette.testclient import TestClient

from appliance.settings import Settings
from appliance.storage import audit, sessions
from appliance.web import asking
from appliance.web.app import create_app
from appliance.web.live import hub
from appliance.web.views import live
from tests.web.conftest import PASSWORD, in_database, sign_in
from tests.web.stored import SCRIPT


@pytest.fixture
def since_the_traffic(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the tests stored is some minutes old."""
    monkeypatch.setattr(live, "SINCE", "-1d")


@contextmanager
def leaving_after(settings: Settings, seconds: float) -> Iterator[TestClient]:
    """alice, in a process that ends its streams so soon: the test client reads them whole."""
    leaving = threading.Event()
    with TestClient(create_app(settings, leaving), follow_redirects=False, headers={"accept": "text/html"}) as client:
        sign_in(client, "alice", PASSWORD)
        timer = threading.Timer(seconds, leaving.set)
        timer.start()
        yield client
        timer.cancel()


def events(text: str) -> list[tuple[str, dict[str, Any]]]:
    found = []
    for part in text.split("\n\n"):
        if part.startswith("event: "):
            name, data = part.removeprefix("event: ").split("\ndata: ")
            found.append((name, json.loads(data)))
    return found


@pytest.mark.usefixtures("since_the_traffic")
def test_the_page_shows_the_newest_and_where_the_stream_is(alice: TestClient) -> None:
    page = alice.get("/live?q=from:%2B4930111+method:INVITE")
    assert page.status_code == 200
    assert 'data-stream="/live/rows?q=from%3A%2B4930111+method%3AINVITE"' in page.text
    assert page.text.count("<tr data-href=") == 1
    assert 'value="from:+4930111 method:INVITE"' in page.text
    assert '<form class="line" id="line" action="/live"' in page.text
    assert '<noscript><meta http-equiv="refresh"' in page.text
    assert "/search?q=from%3A%2B4930111+method%3AINVITE&amp;from=-15m&amp;view=messages" in page.text


@pytest.mark.usefixtures("since_the_traffic")
def test_at_most_forty_rows_and_the_networks_words_as_text(alice: TestClient) -> None:
    page = alice.get("/live").text
    assert page.count("<tr data-href=") == live.FIRST_ROWS
    assert SCRIPT not in alice.get("/live?q=ua:*script*").text


@pytest.mark.usefixtures("since_the_traffic")
def test_calls_are_a_view_of_their_own(alice: TestClient) -> None:
    page = alice.get("/live?q=from:%2B4930111&view=calls").text
    assert 'data-stream="/live/rows?q=from%3A%2B4930111&amp;view=calls"' in page
    assert page.count("<tr data-href=") == 1 and "completed" in page
    assert '<input type="hidden" name="view" value="calls">' in page
    assert '<a href="/live?q=from%3A%2B4930111">Messages</a>' in page
    assert '<input type="hidden" name="view" value="calls">' not in alice.get("/live").text
    assert 'aria-current="page">Messages</a>' in alice.get("/live?view=nothing").text


@pytest.mark.usefixtures("since_the_traffic")
@pytest.mark.parametrize(
    ("view", "query", "shown"),
    [("logs", "kind:log", "Log lines and events as they are stored"), ("quality", "", "Quality reports as they are")],
)
def test_lines_of_logs_and_reports_are_views_of_their_own(alice: TestClient, view: str, query: str, shown: str) -> None:
    page = alice.get(f"/live?q={query}&view={view}").text
    assert page.count("<tr data-href=") > 0 and shown in page
    assert f'aria-current="page">{view.capitalize()}</a>' in page
    assert f"/search?{'q=kind%3Alog&amp;' if query else ''}from=-15m&amp;view={view}" in page


def test_nothing_in_the_last_minute_is_said(alice: TestClient) -> None:
    page = alice.get("/live?q=from:nobody").text
    assert "No messages that fit this query were stored in the last minute" in page
    assert "<tbody>" in page


@pytest.mark.parametrize(
    ("q", "said"),
    [
        ("form:a", 'Did you mean <a href="/live?q=from%3Aa">'),
        ("from:a state:busy", "Character 8: State cannot be watched"),
        ("from:a (", "Character 8: This parenthesis is not closed"),
    ],
)
def test_what_is_wrong_is_said_at_the_character_and_nothing_is_watched(alice: TestClient, q: str, said: str) -> None:
    page = alice.get("/live", params={"q": q})
    assert page.status_code == 422
    assert said in page.text
    assert "data-stream" not in page.text
    (event,) = events(alice.get("/live/rows", params={"q": q}).text)
    assert event[0] == "over"


def test_a_search_that_is_not_over_in_time_is_said(alice: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    async def slow(*_: object) -> None:
        raise asking.SearchTimeout("the time for a search was over")

    monkeypatch.setattr(asking, "search", slow)
    page = alice.get("/live")
    assert page.status_code == 503
    assert "The time for a search was over" in page.text


def test_only_who_is_signed_in_watches(client: TestClient, token: dict[str, str]) -> None:
    for path in ("/live?q=a", "/live/rows?q=a"):
        answer = client.get(path)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/login?next=")


def test_a_stream_says_its_rates_and_ends_with_the_process(settings: Settings, client: TestClient) -> None:
    with leaving_after(settings, 1.5) as alice:
        answer = alice.get("/live/rows")
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.headers["cache-control"] == "no-store"
    assert "content-encoding" not in answer.headers
    assert answer.text.startswith(f"retry: {live.RETRY_MS}\n\n")
    found = events(answer.text)
    assert [name for name, _ in found] == ["rates", "rates", "over"]
    assert found[1][1]["words"] == "showing 0 of 0/s · 0 messages/s"
    assert found[-1][1] == {"words": live.RESTARTED, "again": True}


def test_a_stream_ends_with_its_session(
    settings: Settings, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "IDENTIFY_EVERY", 2)
    with leaving_after(settings, 20) as alice:
        token = alice.cookies["hepbox_session"]
        out = threading.Timer(0.7, lambda: TestClient.post(alice, "/logout"))
        out.start()
        begun = time.monotonic()
        answer = alice.get("/live/rows", headers={"cookie": f"hepbox_session={token}"})
        assert time.monotonic() - begun < 10
    assert events(answer.text)[-1] == ("over", {"words": live.SIGNED_OUT})
    assert in_database(settings.mysql, lambda database: sessions.find(database, sessions.token_hash(token), 1)) is None


def test_one_stream_too_many_is_said(settings: Settings, client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub, "MOST_OF_ONE", 0)
    with leaving_after(settings, 20) as alice:
        (event,) = events(alice.get("/live/rows").text)
    assert event[0] == "over" and "windows already" in event[1]["words"]


def test_who_watched_what_is_written_down(settings: Settings, client: TestClient) -> None:
    with leaving_after(settings, 0.1) as alice:
        alice.get("/live", params={"q": "from:carol"})
        alice.get("/live/rows", params={"q": "from:carol"})
    entries = in_database(settings.mysql, lambda database: audit.entries(database, limit=2))
    assert entries[0].object == "live messages from:carol"
