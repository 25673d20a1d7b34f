import pytest
from starlette.testclient import TestClient


@pytest.mark.parametrize("path", ["/", "/search", "/health", "/api/v1/search", "/metrics", "/calls/register-1"])
def test_a_token_reads(client: TestClient, token: dict[str, str], path: str) -> None:
    assert client.get(path, headers=token).status_code == 200


def test_a_token_opens_no_account(client: TestClient, token: dict[str, str]) -> None:
    assert client.get("/account", headers=token).status_code == 403
    answer = client.post("/account/tokens", headers={**token, "accept": "text/plain"}, data={"name": "x"})
    assert answer.status_code == 403 and answer.text == "That is not allowed in this session.\n"
