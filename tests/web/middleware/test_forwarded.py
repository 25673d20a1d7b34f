import ipaddress

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from appliance.web.middleware.forwarded import Forwarded

PROXIES = (ipaddress.ip_network("10.0.0.0/8"), ipaddress.ip_network("2001:db8::/32"))


async def who(scope: Scope, receive: Receive, send: Send) -> None:
    request = Request(scope)
    assert request.client is not None
    await PlainTextResponse(f"{request.client.host} {request.url.scheme}")(scope, receive, send)


@pytest.mark.parametrize(
    ("peer", "forwarded", "found"),
    [
        ("10.0.0.1", "203.0.113.7", "203.0.113.7"),
        ("10.0.0.1", "198.51.100.1, 203.0.113.7, 10.0.0.2", "203.0.113.7"),
        ("::ffff:10.0.0.1", "203.0.113.7", "203.0.113.7"),
        ("2001:db8::1", "2001:db9::7", "2001:db9::7"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "<script>, unknown", "10.0.0.1"),
        ("203.0.113.99", "198.51.100.1", "203.0.113.99"),
    ],
)
def test_only_a_known_proxy_says_who_asks(peer: str, forwarded: str, found: str) -> None:
    headers = {"X-Forwarded-For": forwarded, "X-Forwarded-Proto": "https"}
    client = TestClient(Forwarded(who, PROXIES), client=(peer, 1))
    scheme = "http" if peer.startswith("203") else "https"
    assert client.get("/", headers=headers).text == f"{found} {scheme}"


def test_without_proxies_nobody_is_believed() -> None:
    client = TestClient(Forwarded(who, ()), client=("10.0.0.1", 1))
    assert client.get("/", headers={"X-Forwarded-For": "1.2.3.4"}).text == "10.0.0.1 http"


def test_a_strange_scheme_is_left_out() -> None:
    client = TestClient(Forwarded(who, PROXIES), client=("10.0.0.1", 1))
    assert client.get("/", headers={"X-Forwarded-Proto": "javascript"}).text == "10.0.0.1 http"
