from starlette.testclient import TestClient

from appliance.settings import Settings
from appliance.storage import audit
from tests.web.conftest import in_database


def test_it_says_who_by_what_and_from_where(client: TestClient, token: dict[str, str], settings: Settings) -> None:
    client.get("/api/v1/search?q=from:a", headers=token)
    entry = in_database(settings.mysql, audit.entries)[0]
    assert (entry.user_name, entry.action, entry.address) == ("bob (token)", "searched", "testclient")


def test_what_was_typed_is_kept_as_it_is(alice: TestClient, settings: Settings) -> None:
    alice.get("/search", params={"q": "'; DROP TABLE audit; -- 😀"})
    alice.get("/search", params={"q": "from:'x😀'"})
    assert in_database(settings.mysql, audit.entries)[0].object.endswith("from:'x😀'")
