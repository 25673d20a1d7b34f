import ipaddress
import json

from starlette.testclient import TestClient

from appliance.buffer import connection, counters
from appliance.settings import MysqlSettings, RedisSettings, Settings, WebSettings
from appliance.storage.connection import Database
from appliance.web.auth import first_user
from appliance.web.views import probes
from tests.web.conftest import browser, in_database
from tests.web.stored import BEGUN_US


def test_alive_asks_nobody(settings: Settings) -> None:
    away = {"mysql": MysqlSettings(host="127.0.0.1", port=1), "redis": RedisSettings(url="redis://127.0.0.1:1/0")}
    with browser(settings.model_copy(update=away)) as client:
        assert client.get("/healthz").text == "ok\n"
        assert client.get("/readyz").status_code == 503
        assert client.get("/readyz").json() == {"ready": False}
        assert client.get("/login").status_code == 200
        assert client.get("/search", headers={"cookie": "hepbox_session=x"}).status_code == 503


def test_ready_tells_reasons_to_those_who_may_see_them(client: TestClient, token: dict[str, str]) -> None:
    found = client.get("/readyz", headers=token).json()
    assert set(found) == {"ready", "reasons"}
    assert set(client.get("/readyz").json()) == {"ready"}


def test_it_is_not_ready_before_the_first_user_can_sign_in(settings: Settings) -> None:
    async def reasons(database: Database) -> list[str]:
        return await probes.database_reasons(database, BEGUN_US)

    async def first(database: Database) -> bool:
        return await first_user.ensure(database, BEGUN_US)

    assert in_database(settings.mysql, reasons) == ["Nobody can sign in: the first user is not made yet."]
    assert in_database(settings.mysql, first)
    assert in_database(settings.mysql, reasons) == []


def test_metrics_are_for_tokens_and_named_networks(
    client: TestClient, token: dict[str, str], settings: Settings
) -> None:
    assert client.get("/metrics").status_code == 401
    assert client.get("/metrics", headers=token).status_code == 200
    web = WebSettings(metrics_allow=(ipaddress.ip_network("192.0.2.0/24"),))
    app = browser(settings.model_copy(update={"web": web})).app
    for address, status in (("192.0.2.9", 200), ("203.0.113.9", 401)):
        with TestClient(app, client=(address, 1)) as prometheus:
            assert prometheus.get("/metrics").status_code == status


def test_metrics_sum_all_processes(client: TestClient, token: dict[str, str], settings: Settings) -> None:
    redis = connection.open_blocking(settings.redis)
    counters.add_blocking(redis, {"hep_received_total\x1fudp": 41})
    counters.add_blocking(redis, {"hep_received_total\x1fudp": 1, 'packets_stored_total\x1fca"ll': 7})
    redis.close()
    text = client.get("/metrics", headers=token).text
    assert 'hepbox_hep_received_total{transport="udp"} 42.0' in text
    assert 'hepbox_packets_stored_total{kind="ca\\"ll"} 7.0' in text
    assert "hepbox_buffer_entries 0.0" in text


def test_robots_are_turned_away(client: TestClient) -> None:
    assert "Disallow: /" in client.get("/robots.txt").text
    json.loads(client.get("/readyz").text)
