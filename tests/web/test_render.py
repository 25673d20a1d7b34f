import pytest
from jinja2 import UndefinedError
from starlette.testclient import TestClient

from appliance.geo.countries import Countries
from appliance.web.render import environment
from tests.captures import CAPTURES


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


def test_an_address_has_its_country_beside_it_when_a_file_is_named() -> None:
    file = CAPTURES / "maxmind-MaxMind-DB" / "test-data" / "GeoLite2-Country-Test.mmdb"
    words = '{% from "parts/_macros.html" import origin %}{{ origin(ip) }}'
    shown = environment(Countries(file)).from_string(words)
    assert shown.render(ip="81.2.69.142") == ' <abbr class="country" title="United Kingdom">GB</abbr>'
    assert shown.render(ip="10.0.0.1") == environment().from_string(words).render(ip="81.2.69.142") == ""
