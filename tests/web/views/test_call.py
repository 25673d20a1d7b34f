import re

import pytest
from starlette.testclient import TestClient

from appliance.settings import Settings
from appliance.storage import audit
from appliance.web import links
from tests.web.conftest import in_database
from tests.web.stored import BEGUN_US, HOSTILE_CALLID, SCRIPT

CALL = "/calls/answered-1@192.0.2.1"
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": "aside#dock"}


def message_ids(page: str) -> list[str]:
    return [part.split('"')[0] for part in page.split('data-message="')[1:] if "aside" not in part.split('"')[0]]


def test_it_shows_head_ladder_and_first_message(alice: TestClient) -> None:
    page = alice.get(CALL)
    assert page.status_code == 200
    for words in ("+4930111", "+4930222", "completed", "caller", "Talk", "7.00 s", "OK"):
        assert words in page.text
    assert page.text.count('class="arrow') == 7
    assert 'INVITE</span> <span class="t-uri">' in page.text.replace('<span class="t-text"> </span>', " ")


def test_it_says_which_arrows_are_one_transaction(alice: TestClient) -> None:
    page = alice.get(CALL).text
    assert re.findall(r'data-t="(\d+)" data-e="(\d+)"', page) == [
        ("0", "0"), ("0", "0"), ("0", "0"), ("0", "0"), ("1", "0"), ("2", "1"), ("2", "1"),
    ]  # fmt: skip


def test_a_message_is_chosen_by_link(alice: TestClient) -> None:
    ids = message_ids(alice.get(CALL).text)
    page = alice.get(f"{CALL}?message={ids[2]}").text
    dock = page.split('id="dock"')[1]
    assert "180" in dock.split("</h2>")[0]
    assert 'rel="prev"' in dock and 'rel="next"' in dock


def test_htmx_gets_the_docked_message_alone(alice: TestClient) -> None:
    ids = message_ids(alice.get(CALL).text)
    part = alice.get(f"{CALL}?message={ids[1]}", headers=HTMX)
    assert part.text.lstrip().startswith('<aside class="dock" id="dock"')
    assert ids[1] in part.text


def test_an_unknown_message_shows_the_first(alice: TestClient) -> None:
    assert alice.get(f"{CALL}?message=nothing").status_code == 200


@pytest.mark.parametrize("tab", ["/flow", "/messages", "/export"])
def test_each_tab_opens(alice: TestClient, tab: str) -> None:
    page = alice.get(CALL + tab)
    assert page.status_code == 200
    assert 'aria-current="page"' in page.text


def test_the_messages_tab_has_every_text(alice: TestClient) -> None:
    assert alice.get(f"{CALL}/messages").text.count('<div class="raw"') == 7


def test_what_is_no_call_is_shown_too(alice: TestClient) -> None:
    page = alice.get("/calls/register-1")
    assert page.status_code == 200 and "REGISTER" in page.text


def test_a_moment_picks_a_call(alice: TestClient) -> None:
    assert alice.get(f"{CALL}?at={BEGUN_US + 5_000_000}").status_code == 200
    for wrong in ("x", "-1", "1" * 30):
        assert alice.get(f"{CALL}?at={wrong}").status_code == 422


@pytest.mark.parametrize("key", ["nobody@nowhere", "~!!!", "~%00", "%00", "x" * 3000])
def test_an_unknown_call_says_what_to_do(alice: TestClient, key: str) -> None:
    page = alice.get(f"/calls/{key}")
    assert page.status_code == 404
    assert "Traceback" not in page.text


def test_messages_without_a_callid_have_a_page(alice: TestClient) -> None:
    page = alice.get("/calls/~")
    assert page.status_code == 200 and "(none)" in page.text


@pytest.mark.parametrize("tab", ["", "messages", "export"])
def test_what_the_network_sent_is_text(alice: TestClient, tab: str) -> None:
    page = alice.get(links.call(HOSTILE_CALLID, tab))
    assert page.status_code == 200
    assert SCRIPT not in page.text
    assert "&lt;script&gt;" in page.text


def test_nobody_is_sent_to_sign_in(client: TestClient) -> None:
    assert client.get(CALL).headers["location"].startswith("/login?next=/calls/answered-1")


def test_a_wrong_method_is_told(alice: TestClient) -> None:
    assert alice.post(CALL).status_code == 405


def test_opening_is_written_down_once(alice: TestClient, settings: Settings) -> None:
    ids = message_ids(alice.get(CALL).text)
    alice.get(f"{CALL}?message={ids[1]}", headers=HTMX)
    found = [entry.object for entry in in_database(settings.mysql, audit.entries) if entry.action == "call_opened"]
    assert found == [CALL]


FLOW = {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": "section#flow"}


def test_htmx_gets_the_ladder_with_its_bar_for_another_choice(alice: TestClient) -> None:
    part = alice.get(f"{CALL}?time=delta", headers=FLOW)
    assert part.text.lstrip().startswith('<section class="flow')
    assert 'id="dock"' in part.text and "<html" not in part.text


@pytest.mark.parametrize(
    ("query", "words", "arrows"),
    [
        ("hide=180", "1 message is hidden", 6),
        ("hide=INVITE,100", "4 messages are hidden", 3),
        ("hosts=-192.0.2.2", "All messages are hidden", 0),
        ("time=relative", "+500.0 ms", 7),
        ("sdp=1&media=0&colour=transaction&raw=wide&body=open", "own-1", 7),
        ("merge=192.0.2.1&merge=192.0.2.2", "192.0.2.1 + 1", 7),
        ("legs=one", "INVITE", 7),
    ],
)
def test_the_address_chooses_what_is_drawn(alice: TestClient, query: str, words: str, arrows: int) -> None:
    page = alice.get(f"{CALL}?{query}")
    assert page.status_code == 200 and words in page.text
    assert page.text.count('class="arrow') == arrows


def test_what_is_hidden_has_a_link_that_shows_it(alice: TestClient) -> None:
    page = alice.get(f"{CALL}?hide=180&sdp=1").text
    notice = page.split('class="hidden-words"')[1].split("</p>")[0]
    assert "sdp=1" in notice and "hide=" not in notice


def test_steps_go_over_what_is_hidden(alice: TestClient) -> None:
    ids = re.findall(r'id="m-([^"]+)"', alice.get(CALL).text)
    dock = alice.get(f"{CALL}?hide=100&message={ids[0]}", headers=HTMX).text
    after = dock.split('rel="next"')[0].rsplit('href="', 1)[1]
    assert ids[2] in after and "hide=100" in after


def test_two_messages_can_be_marked_and_compared_by_links(alice: TestClient) -> None:
    ids = re.findall(r'id="m-([^"]+)"', alice.get(CALL).text)
    dock = alice.get(f"{CALL}?message={ids[0]}", headers=HTMX).text
    assert f"mark={ids[0]}" in dock and ">Mark<" in dock
    dock = alice.get(f"{CALL}?mark={ids[0]}&message={ids[3]}", headers=HTMX).text
    assert links.compare(ids[0], ids[3]).replace("&", "&amp;") in dock
    assert "+2.000 s since it" in dock
    dock = alice.get(f"{CALL}?mark={ids[0]}&message={ids[0]}", headers=HTMX).text
    assert "Take the mark away" in dock


def test_the_usual_choices_of_a_browser_are_read(alice: TestClient) -> None:
    alice.cookies.set("ladder", "time=delta&sdp=1")
    page = alice.get(CALL).text
    assert 'href="/calls/answered-1@192.0.2.1?sdp=0' in page.replace("time=absolute&amp;", "").replace(
        "time=delta&amp;", ""
    )


def test_a_wrong_leg_is_told(alice: TestClient) -> None:
    assert alice.get(f"{CALL}?legs=x").status_code == 422
