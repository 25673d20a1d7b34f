import pytest
from starlette.testclient import TestClient

from appliance.web import links
from tests.web.stored import HOSTILE_CALLID, SCRIPT


@pytest.fixture
def two(alice: TestClient) -> tuple[str, str]:
    page = alice.get("/calls/answered-1@192.0.2.1").text
    found = [part.split('"')[0] for part in page.split('id="m-')[1:]]
    return found[0], found[3]


def test_two_messages_stand_side_by_side(alice: TestClient, two: tuple[str, str]) -> None:
    page = alice.get(links.compare(*two))
    assert page.status_code == 200
    assert "<mark>" in page.text and "First line" in page.text
    assert links.compare(two[1], two[0]).replace("&", "&amp;") in page.text


def test_a_message_does_not_differ_from_itself(alice: TestClient, two: tuple[str, str]) -> None:
    page = alice.get(links.compare(two[0], two[0])).text
    assert "No difference" in page and "<mark>" not in page


def test_noise_is_grey_unless_it_is_asked_for(alice: TestClient, two: tuple[str, str]) -> None:
    first, busy = _hostile(alice)
    grey = alice.get(links.compare(two[0], first)).text
    shown = alice.get(links.compare(two[0], first, noise="1")).text
    assert 'class="p-changed noise"' in grey and "new on every hop" in grey
    assert 'noise"' not in shown.split("<main")[1]
    assert busy


def test_the_same_as_text(alice: TestClient, two: tuple[str, str]) -> None:
    answer = alice.get(links.compare(*two, ".txt"))
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert "< INVITE sip:" in answer.text and "> SIP/2.0 200 OK" in answer.text
    assert len(alice.get(links.compare(*two, ".txt", same="1", noise="1")).text) > len(answer.text)


def test_a_script_takes_the_text_with_a_token(
    client: TestClient, alice: TestClient, two: tuple[str, str], token: dict[str, str]
) -> None:
    assert client.get(links.compare(*two, ".txt"), headers=token).status_code == 200


@pytest.mark.parametrize(
    ("query", "status"),
    [("", 422), ("?a=x", 422), ("?a=x&b=y", 404), ("?a=t1-call-20260101-1&b=t1-call-20260101-1", 404)],
)
def test_what_is_missing_is_said(alice: TestClient, query: str, status: int) -> None:
    for ending in ("", ".txt"):
        answer = alice.get(f"/compare{ending}{query}")
        assert answer.status_code == status and "Traceback" not in answer.text


def test_what_the_network_sent_is_text(alice: TestClient) -> None:
    one, other = _hostile(alice)
    page = alice.get(links.compare(one, other)).text
    assert SCRIPT not in page and "&lt;script&gt;" in page


def test_nobody_is_sent_to_sign_in(client: TestClient) -> None:
    assert client.get("/compare?a=1&b=2").headers["location"].startswith("/login?next=")


def _hostile(client: TestClient) -> tuple[str, str]:
    page = client.get(links.call(HOSTILE_CALLID)).text
    one, other = [part.split('"')[0] for part in page.split('id="m-')[1:]][:2]
    return one, other
