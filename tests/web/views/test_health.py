import asyncio

from starlette.testclient import TestClient

from appliance.buffer import history
from appliance.buffer.connection import open_async
from appliance.buffer.history import Sample
from appliance.settings import RedisSettings, Settings
from appliance.web.state import now_us
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


def test_the_last_hour_is_drawn_once_something_is_known_of_it(alice: TestClient, settings: Settings) -> None:
    assert "come back in half a minute" in alice.get("/health").text
    now = now_us()

    async def keep() -> None:
        async with open_async(settings.redis) as client:
            for seconds in (20, 10, 0):
                drops = {"<b>kernel": 7 * (20 - seconds)}
                sample = Sample(now - seconds * 1_000_000, 400 * (20 - seconds), drops=drops, processes={"writer-0": 1})
                await history.keep(client, sample)

    asyncio.run(keep())
    text = alice.get("/health").text
    assert 'aria-label="Received in the last hour: now 400/s, at most 400/s"' in text
    assert "writer-0 in the last hour" in text
    assert "140 &lt;b&gt;kernel" in text
    assert text.count('class="measure bad"') == 1


def test_nobody_is_sent_to_sign_in(client: TestClient) -> None:
    assert client.get("/health").headers["location"] == "/login?next=/health"
