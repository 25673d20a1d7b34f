import shutil
import signal
import tempfile
import time
from pathlib import Path

import pytest

from appliance.buffer import connection
from appliance.settings import MysqlSettings, PathSettings, RedisSettings, SearchSettings, Settings, SiteSettings
from appliance.storage import accounts
from appliance.storage.accounts import Role
from appliance.storage.connection import Database
from appliance.storage.migrate import migrate
from appliance.storage.search import Limits
from appliance.web import lifespan
from appliance.web.state import SOON_SECONDS
from tests.servers import start_mariadb
from tests.web.conftest import HASH, PASSWORD, browser, in_database, sign_in


def test_it_starts_without_servers_and_recovers_by_itself(tmp_path: Path, redis: RedisSettings) -> None:
    directory = Path(tempfile.mkdtemp(prefix="hb-"))
    mysql = MysqlSettings(user="root", socket=directory / "s")
    settings = Settings(mysql=mysql, redis=redis, site=SiteSettings(name="t"), paths=PathSettings(data=tmp_path))
    with browser(settings) as client:
        assert client.get("/healthz").status_code == 200
        assert client.post("/login", data={"name": "admin", "password": "test123"}).status_code == 503
        server = start_mariadb(directory)
        try:
            migrate(mysql)
            deadline = time.monotonic() + 60
            while client.post("/login", data={"name": "admin", "password": "test123"}).status_code != 303:
                assert time.monotonic() < deadline, "the first user was not made"
                time.sleep(0.3)
            assert client.get("/account").status_code == 200
            server.terminate()
            server.wait(30)
            away = client.get("/account")
            assert away.status_code in (200, 503)
            assert client.get("/search").headers.get("location") == "/account"
        finally:
            server.kill()
            server.wait(30)
            shutil.rmtree(directory, ignore_errors=True)


@pytest.mark.alone
def test_a_database_that_hangs_is_told_in_time_and_used_again(
    tmp_path: Path, redis: RedisSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def add(database: Database) -> None:
        await accounts.add(database, "alice", Role.ADMIN, HASH, 1)

    monkeypatch.setattr(lifespan, "limit_seconds", lambda settings: 1.0)
    directory = Path(tempfile.mkdtemp(prefix="hb-"))
    mysql = MysqlSettings(user="root", socket=directory / "s")
    settings = Settings(mysql=mysql, redis=redis, site=SiteSettings(name="t"), paths=PathSettings(data=tmp_path))
    server = start_mariadb(directory)
    try:
        migrate(mysql)
        in_database(mysql, add)
        with browser(settings) as client:
            sign_in(client, "alice", PASSWORD)
            assert client.get("/search").status_code == 200
            server.send_signal(signal.SIGSTOP)
            for path, status, within in (("/search", 503, 1), ("/health", 200, SOON_SECONDS)):
                begun = time.monotonic()
                assert client.get(path).status_code == status
                assert time.monotonic() - begun < within + 2
            server.send_signal(signal.SIGCONT)
            assert client.get("/search").status_code == 200
            assert "does not answer" not in client.get("/health").text
    finally:
        server.kill()
        server.wait(30)
        shutil.rmtree(directory, ignore_errors=True)


def test_a_search_is_over_before_the_database_is_given_up() -> None:
    for search in (SearchSettings(), SearchSettings(seconds=600), SearchSettings(text_seconds=600)):
        limits = Limits.of(search)
        longest = max(limits.seconds, limits.text_seconds, limits.count_seconds)
        assert longest < lifespan.limit_seconds(Settings(search=search))


def test_it_gives_signs_of_life(settings: Settings) -> None:
    redis = connection.open_blocking(settings.redis)
    redis.delete("hepbox:process:web")
    with browser(settings) as client:
        client.get("/healthz")
        deadline = time.monotonic() + 60
        while not redis.exists("hepbox:process:web"):
            assert time.monotonic() < deadline
            time.sleep(0.05)
    redis.close()
