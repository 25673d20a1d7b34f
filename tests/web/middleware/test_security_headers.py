import ipaddress

import pytest
from starlette.testclient import TestClient

from appliance.settings import Settings, WebSettings
from appliance.web.app import create_app
from appliance.web.middleware.security_headers import CONTENT_SECURITY_POLICY, HEADERS


@pytest.mark.parametrize("path", ["/login", "/", "/nowhere", "/api/v1/search", "/healthz", "/metrics"])
def test_every_answer_has_them(client: TestClient, path: str) -> None:
    answer = client.get(path)
    for name, value in HEADERS.items():
        assert answer.headers[name] == value
    assert answer.headers["cache-control"] == "no-store"


def test_nothing_inline_and_nothing_from_elsewhere_is_allowed() -> None:
    assert "unsafe" not in CONTENT_SECURITY_POLICY and "*" not in CONTENT_SECURITY_POLICY
    assert CONTENT_SECURITY_POLICY.startswith("default-src 'none'; script-src 'self'; style-src 'self'")


def test_strict_transport_is_asked_for_behind_tls_only(client: TestClient, settings: Settings) -> None:
    assert "strict-transport-security" not in client.get("/login").headers
    web = WebSettings(proxies=(ipaddress.ip_network("192.0.2.0/24"),))
    app = create_app(settings.model_copy(update={"web": web}))
    with TestClient(app, client=("192.0.2.1", 1)) as behind:
        answer = behind.get("/login", headers={"X-Forwarded-Proto": "https"})
    assert "strict-transport-security" in answer.headers
