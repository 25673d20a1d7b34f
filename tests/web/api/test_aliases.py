import pytest
from starlette.testclient import TestClient

from appliance.settings import Settings
from appliance.storage import accounts, tokens
from appliance.storage.connection import Database
from tests.web.conftest import in_database

API = "/api/v1/aliases"


@pytest.fixture
def admin(client: TestClient, settings: Settings) -> dict[str, str]:
    """Headers that sign alice's script in."""

    async def make(database: Database) -> str:
        user = await accounts.by_name(database, "alice")
        assert user is not None
        return await tokens.create(database, user, "script", 1)

    return {"Authorization": f"Bearer {in_database(settings.mysql, make)}"}


def test_a_script_names_lists_and_forgets(client: TestClient, admin: dict[str, str], token: dict[str, str]) -> None:
    asked = {"address": "10.0.0.7/8", "name": "Carrier A", "group": "carriers", "colour": "red"}
    made = client.post(API, json=asked, headers=admin)
    assert (made.status_code, made.json()) == (201, {**asked, "address": "10.0.0.0/8", "port": None})
    client.post(API, json={"address": "10.0.0.1", "name": "tls", "port": 5061}, headers=admin)
    assert client.get(API, headers=token).json()["aliases"][0] == made.json(), "every user reads them"
    gone = client.delete(f"{API}?address=10.0.0.0/8", headers=admin)
    assert gone.json() == made.json()
    assert client.delete(f"{API}?address=10.0.0.0/8", headers=admin).status_code == 404
    assert client.delete(f"{API}?address=10.0.0.1&port=5061", headers=admin).json()["port"] == 5061


@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_users_do_not_change_them(client: TestClient, token: dict[str, str], method: str) -> None:
    body = {"address": "10.0.0.1", "name": "a"}
    assert client.request(method, f"{API}?address=10.0.0.1", json=body, headers=token).status_code == 403
    assert client.get(API, headers=token).json() == {"aliases": []}


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({}, "name"),
        ({"address": "x", "name": "a"}, "address"),
        ({"address": "10.0.0.1", "name": "a", "port": True}, "port"),
        ({"address": "10.0.0.1", "name": "a", "port": 65536}, "port"),
        ({"address": "10.0.0.1", "name": 1}, "name"),
        ({"address": "10.0.0.1", "name": "a", "unknown": "x"}, "unknown"),
        ([], None),
    ],
)
def test_mistakes_are_told_with_their_field(
    client: TestClient, admin: dict[str, str], body: object, where: str | None
) -> None:
    answer = client.post(API, json=body, headers=admin)
    assert answer.status_code == 422
    assert answer.json()["error"]["where"] == where
    assert client.delete(f"{API}?address=x", headers=admin).status_code == 422
