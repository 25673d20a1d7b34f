from pathlib import Path

from starlette.testclient import TestClient

from appliance.settings import PathSettings, Settings, SiteSettings
from appliance.storage import accounts
from appliance.storage.accounts import Role
from appliance.storage.connection import Database
from appliance.storage.migrate import migrate
from tests.servers import mariadb
from tests.web.conftest import HASH, PASSWORD, browser, in_database, sign_in


def test_it_shows_figures_that_link_to_their_search(alice: TestClient) -> None:
    page = alice.get("/")
    assert page.status_code == 200
    for words in ("Messages/s", "Calls by state", "completed", "busy", "/search?q=state%3Abusy", "Agents", "Health"):
        assert words in page.text
    assert "style=" not in page.text


def test_nobody_is_sent_to_sign_in(client: TestClient) -> None:
    assert client.get("/").headers["location"] == "/login"


def test_a_new_appliance_says_how_to_see_something(settings: Settings, tmp_path: Path) -> None:
    async def add(database: Database) -> None:
        await accounts.add(database, "alice", Role.ADMIN, HASH, 1)

    with mariadb() as empty:
        migrate(empty)
        in_database(empty, add)
        site = SiteSettings(name="new")
        with browser(
            Settings(mysql=empty, redis=settings.redis, site=site, paths=PathSettings(data=tmp_path))
        ) as client:
            sign_in(client, "alice", PASSWORD)
            page = client.get("/")
    assert page.status_code == 200
    for words in ("hepbox demo", "hepbox import", "trace_mode&#34;, 1", "sip:testserver:9060"):
        assert words.replace("&#34;", '"') in page.text or words in page.text
    assert page.headers["refresh"] == "5"
