"""FEATURES K1: the first password opens nothing but its own change."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from appliance.settings import Settings
from appliance.storage.connection import Database
from appliance.web.auth import first_user
from appliance.web.state import now_us
from tests.web.conftest import browser, in_database, sign_in

PAGES = ["/", "/search", "/calls/answered-1@192.0.2.1", "/calls/answered-1@192.0.2.1/messages", "/health", "/nowhere"]
FILES = [
    "/calls/answered-1@192.0.2.1/flow.png",
    "/calls/answered-1@192.0.2.1/messages.pcap",
    "/search.csv",
    "/api/v1/search",
    "/api/v1/calls/answered-1@192.0.2.1",
    "/api/v1/openapi.json",
    "/metrics",
]


@pytest.fixture
def first(settings: Settings) -> Iterator[TestClient]:
    """Signed in with admin/test123 on an appliance where nobody was before."""
    in_database(settings.mysql, lambda database: first_user.ensure(database, now_us()))
    with browser(settings) as client:
        sign_in(client, "admin", "test123")
        yield client


@pytest.mark.parametrize("path", PAGES)
def test_pages_lead_to_the_account(first: TestClient, path: str) -> None:
    answer = first.get(path)
    assert (answer.status_code, answer.headers["location"]) == (303, "/account")


@pytest.mark.parametrize("path", FILES)
def test_api_and_files_are_forbidden(first: TestClient, path: str) -> None:
    answer = first.get(path)
    assert answer.status_code == 403
    assert "first password" in answer.text


def test_no_token_can_be_made(first: TestClient) -> None:
    assert first.post("/account/tokens", data={"name": "x"}).status_code in (303, 403)
    assert "hepbox_" not in first.get("/account").text


def test_the_old_password_is_refused_as_new(first: TestClient) -> None:
    data = {"old": "test123", "new": "test123", "again": "test123"}
    assert first.post("/account/password", data=data).status_code == 422


def test_after_the_change_everything_opens(first: TestClient) -> None:
    data = {"old": "test123", "new": "a heron on the pier", "again": "a heron on the pier"}
    assert first.post("/account/password", data=data).headers["location"] == "/"
    assert first.get("/search").status_code == 200
    assert first.get("/api/v1/search").status_code == 200


def test_one_can_sign_out(first: TestClient) -> None:
    assert first.post("/logout").headers["location"] == "/login"


def test_unchanged_after_72_hours_it_works_no_more(settings: Settings) -> None:
    async def make(database: Database) -> None:
        await first_user.ensure(database, now_us() - first_user.LASTS_US)

    in_database(settings.mysql, make)
    with browser(settings) as client:
        answer = client.post("/login", data={"name": "admin", "password": "test123"})
        assert answer.status_code == 403
        assert "hepbox user passwd admin" in answer.text
