import pytest
from starlette.testclient import TestClient

from appliance.settings import Settings
from appliance.storage import accounts, tokens
from appliance.storage.connection import Database
from appliance.storage.tokens import Scope
from appliance.web.auth.permissions import Deed
from appliance.web.middleware.rights import deed_of
from tests.web.conftest import in_database


@pytest.mark.parametrize("path", ["/", "/search", "/health", "/api/v1/search", "/metrics", "/calls/register-1"])
def test_a_token_reads(client: TestClient, token: dict[str, str], path: str) -> None:
    assert client.get(path, headers=token).status_code == 200


def test_a_token_opens_no_account(client: TestClient, token: dict[str, str]) -> None:
    assert client.get("/account", headers=token).status_code == 403
    answer = client.post("/account/tokens", headers={**token, "accept": "text/plain"}, data={"name": "x"})
    assert answer.status_code == 403 and answer.text == "That is not allowed in this session.\n"


@pytest.mark.parametrize(
    ("path", "deed"),
    [
        ("/calls/a@b/share", Deed.SHARE),
        ("/calls/a@b/share/preview", Deed.SHARE),
        ("/calls/a@b/notes", Deed.ANNOTATE),
        ("/messages/a-call-20261123-1/notes", Deed.ANNOTATE),
        ("/notes/7/delete", Deed.ANNOTATE),
        ("/calls/a@b/pin", Deed.PIN),
        ("/pins/7/release", Deed.PIN),
        ("/admin/shares", Deed.SHARE),
        ("/admin/shares.csv", Deed.SHARE),
        ("/admin/shares/7/revoke", Deed.SHARE),
        ("/api/v1/shares", Deed.SHARE),
        ("/api/v1/shares/7", Deed.SHARE),
        ("/account/zone", Deed.KEEP_SEARCHES),
        ("/search/columns", Deed.KEEP_SEARCHES),
        ("/searches", Deed.KEEP_SEARCHES),
        ("/searches.json", Deed.KEEP_SEARCHES),
        ("/searches/7/delete", Deed.KEEP_SEARCHES),
        ("/searches/recent/forget", Deed.KEEP_SEARCHES),
        ("/api/v1/searches", Deed.KEEP_SEARCHES),
        ("/api/v1/searches/7", Deed.KEEP_SEARCHES),
        ("/search/complete", Deed.READ),
        ("/calls/share", Deed.READ),
        ("/calls/pin/flow", Deed.READ),
        ("/health", Deed.SEE_HEALTH),
        ("/search", Deed.READ),
    ],
)
def test_each_path_is_one_deed(path: str, deed: Deed) -> None:
    assert deed_of(path) is deed


def limited(settings: Settings, scope: Scope) -> dict[str, str]:
    """Headers of a token of alice's, an administrator, that may not all."""

    async def make(database: Database) -> str:
        user = await accounts.by_name(database, "alice")
        assert user is not None
        return await tokens.create(database, user, scope, 1, scope)

    return {"Authorization": f"Bearer {in_database(settings.mysql, make)}"}


def test_a_token_for_reading_changes_nothing(client: TestClient, settings: Settings) -> None:
    headers = limited(settings, Scope.READ)
    for path in ("/", "/api/v1/search", "/metrics", "/health", "/api/v1/aliases", "/search.csv"):
        assert client.get(path, headers=headers).status_code == 200, path
    refused = (
        ("POST", "/api/v1/aliases"),
        ("POST", "/api/v1/ingest"),
        ("POST", "/api/v1/shares"),
        ("POST", "/account/zone"),
        ("POST", "/search/columns"),
        ("GET", "/admin/audit"),
    )
    for method, path in refused:
        assert client.request(method, path, headers=headers, json={}).status_code == 403, path


def test_a_token_for_posting_does_nothing_else(client: TestClient, settings: Settings) -> None:
    headers = limited(settings, Scope.INGEST)
    assert client.post("/api/v1/ingest", headers=headers, content=b"a line").status_code != 403
    for path in ("/", "/api/v1/search", "/metrics", "/search.csv", "/admin/users", "/calls/answered-1@192.0.2.1"):
        assert client.get(path, headers=headers).status_code == 403, path
