import shutil
import tempfile
import time
from pathlib import Path

from appliance.buffer import connection
from appliance.settings import MysqlSettings, PathSettings, RedisSettings, Settings, SiteSettings
from appliance.storage.migrate import migrate
from tests.servers import start_mariadb
from tests.web.conftest import browser


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
            deadline = time.monotonic() + 20
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


def test_it_gives_signs_of_life(settings: Settings) -> None:
    redis = connection.open_blocking(settings.redis)
    redis.delete("hepbox:process:web")
    with browser(settings) as client:
        client.get("/healthz")
        deadline = time.monotonic() + 5
        while not redis.exists("hepbox:process:web"):
            assert time.monotonic() < deadline
            time.sleep(0.05)
    redis.close()
