import pytest
from starlette.responses import Response
from starlette.testclient import TestClient

from appliance.settings import Settings
from appliance.storage.connection import DatabaseError
from appliance.web import errors
from appliance.web.state import Request
from appliance.web.views import health
from tests.web.conftest import PASSWORD, browser, sign_in


def test_pages_api_and_files_each_get_their_form(alice: TestClient) -> None:
    assert "<h1>Not Found</h1>" in alice.get("/nowhere").text
    assert alice.get("/api/v1/nowhere").json()["error"]["code"] == "not_found"
    plain = alice.get("/calls/nobody/messages.pcap", headers={"accept": "*/*"})
    assert plain.headers["content-type"].startswith("text/plain") and plain.text.count("\n") == 1


def test_htmx_gets_a_part_that_can_be_replaced_again(alice: TestClient) -> None:
    headers = {"HX-Request-Type": "partial", "HX-Target": "aside#dock"}
    part = alice.get("/calls/nobody", headers=headers)
    assert part.status_code == 404 and part.text.lstrip().startswith('<section class="card error" id="dock"')
    headers["HX-Target"] = 'x#"><script>'
    assert "<script>" not in alice.get("/calls/nobody", headers=headers).text


def test_a_fault_of_ours_shows_no_traceback(
    settings: Settings, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(request: Request) -> Response:
        raise ZeroDivisionError("a secret")

    monkeypatch.setattr(health, "show", fails)
    with browser(settings) as broken:
        sign_in(broken, "alice", PASSWORD)
        page = broken.get("/health")
    assert page.status_code == 500
    assert "secret" not in page.text and "written to the log" in page.text


def test_an_error_of_the_api_has_three_parts() -> None:
    assert errors.body("x", "y") == {"error": {"code": "x", "message": "y", "where": None}}


@pytest.mark.parametrize(
    ("error", "away"),
    [
        (OSError("gone"), True),
        (DatabaseError(2003, "cannot connect"), True),
        (DatabaseError(2013, "lost"), True),
        (DatabaseError(0, ""), True),
        (DatabaseError(), True),
        (DatabaseError(1146, "no such table"), True),
        (DatabaseError(1054, "unknown column"), False),
        (DatabaseError(1064, "syntax"), False),
    ],
)
def test_a_wrong_statement_is_not_told_as_a_database_that_is_away(error: Exception, away: bool) -> None:
    assert errors.is_away(error) == away
