"""Every address of the site map: nobody gets in without signing in, and nothing ends in a traceback."""

import re

import pytest
from starlette.routing import Route
from starlette.testclient import TestClient

from appliance.settings import Settings
from appliance.web import paths
from appliance.web.app import create_app

ROUTES = [route for route in create_app(Settings()).routes if isinstance(route, Route)]
FILLED = {"key": "answered-1@192.0.2.1", "id": "x", "name": "x", "token": "x", "file": "x", "rest": "x", "deed": "x"}
HOSTILE = ["%00", "..%2f..%2fetc%2fpasswd", "%ff%fe", "'%3b--", "%3Cscript%3E", "{{7*7}}", "a" * 5000, "~" + "A" * 999]


def filled(path: str, value: str = "") -> str:
    return re.sub(r"{(\w+)(?::\w+)?}", lambda found: value or FILLED[found[1]], path)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.path)
def test_nobody_gets_in(client: TestClient, route: Route) -> None:
    path = filled(route.path)
    if paths.is_open(path):
        return
    method = "POST" if route.methods == {"POST"} else "GET"
    answer = client.request(method, path)
    assert answer.status_code in (303, 401)
    assert "answered-1" not in answer.text


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.path)
@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "PROPFIND"])
def test_a_wrong_method_is_refused(alice: TestClient, route: Route, method: str) -> None:
    if any(method in (other.methods or ()) for other in ROUTES if other.path == route.path):
        return
    assert alice.request(method, filled(route.path)).status_code in (404, 405)


@pytest.mark.parametrize("route", [route for route in ROUTES if "{" in route.path], ids=lambda route: route.path)
@pytest.mark.parametrize("value", HOSTILE)
def test_a_hostile_address_is_not_found(alice: TestClient, route: Route, value: str) -> None:
    """What only takes a POST says that something is missing."""
    posted = route.methods == {"POST"}
    answer = alice.request("POST" if posted else "GET", filled(route.path, value))
    assert answer.status_code in ((404, 422) if posted else (404,))
    assert "Traceback" not in answer.text and "<script>" not in answer.text


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.path)
def test_another_site_can_change_nothing(alice: TestClient, route: Route) -> None:
    if "POST" not in (route.methods or ()):
        return
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "http://evil.example"}, {"Origin": "null"}):
        assert alice.post(filled(route.path), headers=headers).status_code == 403


def test_each_view_says_what_it_is() -> None:
    for route in ROUTES:
        module = __import__(route.endpoint.__module__, fromlist=["x"])
        assert route.endpoint.__doc__ or module.__doc__
