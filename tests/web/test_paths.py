import re

import pytest
from starlette.routing import Route

from appliance.settings import Settings
from appliance.web import paths
from appliance.web.app import create_app

A_FILE = re.compile(r"/(?!api/|robots).*\.(csv|html|json|pcap|png|svg|txt|xml|zip)")


@pytest.mark.parametrize(
    "path", ["/login", "/healthz", "/readyz", "/static/app-1.css", "/theme", "/s/token", "/s/token/flow.svg", "/s/"]
)
def test_these_need_no_session(path: str) -> None:
    assert paths.is_open(path)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/search",
        "/metrics",
        "/staticx",
        "/loginx",
        "/api/v1/search",
        "/calls/healthz",
        "/s",
        "/sx/token",
        "/admin/shares",
    ],
)
def test_all_others_do(path: str) -> None:
    assert not paths.is_open(path)


@pytest.mark.parametrize(
    "path",
    [
        route.path
        for route in create_app(Settings()).routes
        if isinstance(route, Route)
        and re.fullmatch(r"/(?!api/|robots).*\.(csv|html|json|pcap|png|svg|txt|xml|zip)", route.path)
    ],
)
def test_files_are_known(path: str) -> None:
    assert paths.is_file(path)


@pytest.mark.parametrize(
    "path", ["/calls/flow.png/export", "/calls/a/messages", "/flow.png", "/messages/messages.pcap"]
)
def test_pages_are_no_files(path: str) -> None:
    assert not paths.is_file(path)


def test_a_log_gets_no_token() -> None:
    assert paths.told("/s/secret/flow.svg") == "/s/…"
    assert paths.told("/search") == "/search"


def test_the_api_is_known() -> None:
    assert paths.is_api("/api/v1/search") and not paths.is_api("/apiary")
