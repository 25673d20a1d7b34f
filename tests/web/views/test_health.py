from starlette.testclient import TestClient

from appliance.settings import RedisSettings, Settings
from tests.web.conftest import PASSWORD, browser, sign_in


def test_it_shows_processes_buffer_tables_and_counters(alice: TestClient) -> None:
    page = alice.get("/health")
    assert page.status_code == 200
    for words in ("fine", "MariaDB", "Waiting batches", "Counted", "Tables", "Put aside", "web"):
        assert words in page.text


def test_with_redis_away_it_opens_and_says_so(client: TestClient, settings: Settings) -> None:
    away = settings.model_copy(update={"redis": RedisSettings(url="redis://127.0.0.1:1/0")})
    with browser(away) as other:
        sign_in(other, "alice", PASSWORD)
        page = other.get("/health")
    assert page.status_code == 200
    assert "Redis does not answer" in page.text


def test_nobody_is_sent_to_sign_in(client: TestClient) -> None:
    assert client.get("/health").headers["location"] == "/login?next=/health"
