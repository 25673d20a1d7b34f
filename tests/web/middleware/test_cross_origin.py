import pytest
from starlette.testclient import TestClient

from appliance.settings import Settings, WebSettings
from tests.web.conftest import browser


@pytest.mark.parametrize(
    ("headers", "passes"),
    [
        ({}, True),
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "none"}, True),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"}, False),
        ({"Origin": "http://testserver"}, True),
        ({"Origin": "http://TESTSERVER"}, True),
        ({"Origin": "http://testserver:81"}, False),
        ({"Origin": "http://testserver.evil.example"}, False),
        ({"Origin": "null"}, False),
        ({"Origin": ""}, False),
    ],
)
def test_what_changes_something_comes_from_here(client: TestClient, headers: dict[str, str], passes: bool) -> None:
    answer = client.post("/login", data={"name": "x", "password": "y"}, headers=headers)
    assert ("came from another site" not in answer.text) == passes


def test_reading_is_open_to_links_from_elsewhere(client: TestClient) -> None:
    assert client.get("/login", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


def test_behind_a_proxy_that_renames_us_the_set_url_counts(settings: Settings) -> None:
    web = WebSettings(url="https://hepbox.example.com")
    with browser(settings.model_copy(update={"web": web})) as client:
        answer = client.post("/login", data={"name": "x"}, headers={"Origin": "https://hepbox.example.com"})
        assert "came from another site" not in answer.text
