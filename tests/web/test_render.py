import pytest
from jinja2 import UndefinedError
from starlette.testclient import TestClient

from appliance.web.render import environment


def test_everything_is_escaped() -> None:
    template = environment().from_string('<a title="{{ value }}">{{ value|visible }}</a>')
    assert template.render(value='"><b>') == '<a title="&#34;&gt;&lt;b&gt;">&#34;&gt;&lt;b&gt;</a>'


def test_a_forgotten_name_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        environment().from_string("{{ nothing }}").render()


def test_the_whole_page_comes_without_htmx(alice: TestClient) -> None:
    assert alice.get("/search").text.startswith("<!doctype html>")
    assert alice.get("/search", headers={"HX-Request-Type": "full"}).text.startswith("<!doctype html>")


def test_a_signed_in_page_is_kept_by_nobody(alice: TestClient) -> None:
    headers = alice.get("/search").headers
    assert headers["cache-control"] == "no-store"
    assert "HX-Request-Type" in headers["vary"] and "Cookie" in headers["vary"]
