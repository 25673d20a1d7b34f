from starlette.testclient import TestClient

from appliance.settings import MysqlSettings, Settings
from appliance.web.app import create_app
from appliance.web.middleware.sessions import COOKIE, SECURE_COOKIE
from tests.web.conftest import PASSWORD, browser


def test_a_made_up_cookie_is_nobody(client: TestClient) -> None:
    for value in ("x", "", "a" * 5000, "%00"):
        client.cookies.clear()
        client.cookies.set(COOKIE, value)
        assert client.get("/search").status_code == 303


def test_over_https_the_cookie_is_bound_to_this_host(settings: Settings, client: TestClient) -> None:
    with TestClient(create_app(settings), base_url="https://testserver", follow_redirects=False) as secure:
        answer = secure.post("/login", data={"name": "alice", "password": PASSWORD})
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith(f"{SECURE_COOKIE}=") and "; Secure" in cookie and "Path=/" in cookie
        assert secure.get("/search").status_code == 200


def test_a_wrong_token_does_not_fall_back_to_the_cookie(alice: TestClient) -> None:
    assert alice.get("/search", headers={"Authorization": "Bearer wrong"}).status_code == 401


def test_with_the_database_away_pages_say_so_and_look_again(settings: Settings) -> None:
    away = settings.model_copy(update={"mysql": MysqlSettings(host="127.0.0.1", port=1)})
    with browser(away) as client:
        client.cookies.set(COOKIE, "x")
        page = client.get("/search")
        assert page.status_code == 503
        assert "The database does not answer" in page.text and page.headers["refresh"] == "3"
        answer = client.get("/api/v1/search", headers={"Authorization": "Bearer x"})
        assert answer.status_code == 503 and answer.json()["error"]["code"] == "database_away"
        assert client.get("/login").status_code == 200
        assert client.post("/login", data={"name": "a", "password": "b"}).status_code == 503
