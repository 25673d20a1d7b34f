import pytest
from starlette.testclient import TestClient

from tests.web.stored import SCRIPT, SITE


def address(client: TestClient, query: str) -> str:
    page = client.get(f"/search?view=messages&q={query}").text
    return page.split('<tr data-href="')[1].split('"')[0]


def test_it_shows_text_fields_and_envelope(alice: TestClient) -> None:
    page = alice.get(address(alice, "method:INVITE callid:answered-1*"))
    assert page.status_code == 200
    for words in (
        "Snom/1",
        "192.0.2.2:5060",
        "edge-1",
        "+4930222",
        "Envelope",
        "Received",
        "/calls/answered-1@192.0.2.1",
    ):
        assert words in page.text


def test_what_is_no_sip_is_shown_with_its_octets(alice: TestClient) -> None:
    page = alice.get(address(alice, "problems:*"))
    assert page.status_code == 200
    assert "not SIP at all␛[31m" in page.text and "Malformed" in page.text
    assert "not UTF-8" in page.text


def test_what_the_network_sent_is_text(alice: TestClient) -> None:
    page = alice.get(address(alice, "status:486"))
    assert SCRIPT not in page.text and "&lt;script&gt;" in page.text


@pytest.mark.parametrize(
    "name", ["x", f"{SITE}-call-20261123-0", f"{SITE}-call-99999999-0", "other-call-20261123-1", "a-b-c-d", "-", "%00"]
)
def test_an_unknown_id_says_so(alice: TestClient, name: str) -> None:
    page = alice.get(f"/messages/{name}")
    assert page.status_code == 404
    assert "message" in page.text


def test_nobody_is_sent_to_sign_in(client: TestClient) -> None:
    assert client.get("/messages/x").headers["location"] == "/login?next=/messages/x"
