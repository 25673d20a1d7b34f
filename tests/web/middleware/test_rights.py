import pytest
from starlette.testclient import TestClient

from appliance.web.auth.permissions import Deed
from appliance.web.middleware.rights import deed_of


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
