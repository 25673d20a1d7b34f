"""The live tail in a browser: rows come while somebody looks, and wait for nobody."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, expect

from appliance.buffer.live import Channel
from tests.appliance import Appliance
from tests.browser.conftest import Watched
from tests.browser.traffic import SCRIPT, datagram, sip
from tests.listeners import heard

pytestmark = [pytest.mark.browser, pytest.mark.appliance, pytest.mark.timeout(300)]

ROWS = "#live tbody tr"


def options(number: int, user: str = "+4930111") -> bytes:
    payload = sip("OPTIONS sip:a SIP/2.0", f"live-{number}-{time.time_ns()}@192.0.2.1", "1 OPTIONS", user=user)
    return datagram(payload, time.time_ns() // 1000)


@contextmanager
def sending(appliance: Appliance, make: Callable[[int], bytes], per_second: int = 20) -> Iterator[None]:
    """Messages without end while the body runs."""
    stop = threading.Event()

    def send() -> None:
        number = 0
        while not stop.wait(1 / per_second):
            number += 1
            appliance.send(make(number))

    thread = threading.Thread(target=send)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def opened(person: Watched, query: str = "") -> Page:
    """The page once its stream is open."""
    page = person.open(f"/live{query}")
    expect(page.locator("#live-state")).to_have_text("Live")
    return page


def test_rows_come_by_themselves_and_only_those_that_fit(person: Watched, appliance: Appliance) -> None:
    page = opened(person, "?q=from:live-alice")
    expect(page.locator(ROWS)).to_have_count(0)
    expect(page.locator("#live-nothing")).to_be_visible()
    heard(appliance, Channel.ROWS)
    for number in range(3):
        appliance.send(options(number, "live-alice"), options(number, "live-bob"))
    expect(page.locator(ROWS)).to_have_count(3)
    expect(page.locator("#live-nothing")).to_be_hidden()
    assert page.locator(ROWS).filter(has_text="live-bob").count() == 0
    expect(page.locator("#live-rates")).to_contain_text("messages/s")
    page.locator(f"{ROWS} a").first.click()
    expect(page.get_by_role("heading", name="Envelope")).to_be_visible()


def test_space_pauses_and_goes_on(person: Watched, appliance: Appliance) -> None:
    page = opened(person, "?q=method:OPTIONS")
    with sending(appliance, options):
        expect(page.locator(ROWS).nth(3)).to_be_visible()
        page.keyboard.press("Space")
        expect(page.locator("#live-state")).to_have_text("Paused")
        page.wait_for_timeout(500)
        before = page.locator(ROWS).count()
        page.wait_for_timeout(1500)
        assert page.locator(ROWS).count() == before
        page.get_by_role("button", name="Go on").click()
        expect(page.locator("#live-state")).to_have_text("Live")
        expect(page.locator(ROWS).nth(before)).to_be_visible()


def test_a_hidden_page_watches_nothing(person: Watched, appliance: Appliance) -> None:
    page = opened(person, "?q=method:OPTIONS")
    hide = "hidden => { Object.defineProperty(document, 'hidden', {value: hidden, configurable: true});"
    hide += " document.dispatchEvent(new Event('visibilitychange')) }"
    with sending(appliance, options):
        page.evaluate(hide, True)
        expect(page.locator("#live-state")).to_have_text("Paused while hidden")
        page.wait_for_timeout(500)
        before = page.locator(ROWS).count()
        page.wait_for_timeout(1500)
        assert page.locator(ROWS).count() == before
        page.evaluate(hide, False)
        expect(page.locator(ROWS).nth(before)).to_be_visible()


def test_who_has_scrolled_keeps_the_place(person: Watched, appliance: Appliance) -> None:
    page = opened(person, "?q=method:OPTIONS")
    with sending(appliance, options, 60):
        expect(page.locator(ROWS).nth(60)).to_be_visible(timeout=20_000)
        page.locator("#live .scroll").evaluate("scroller => { scroller.scrollTop = 400 }")
        place = "() => { const r = document.querySelector('#live .scroll').getBoundingClientRect();"
        place += " return document.elementFromPoint(r.left + 300, r.top + 200).closest('tr').dataset.href }"
        before, count = page.evaluate(place), page.locator(ROWS).count()
        expect(page.locator(ROWS).nth(count + 20)).to_be_attached()
        assert page.evaluate(place) == before


def test_no_more_than_so_many_rows_are_kept(person: Watched, appliance: Appliance) -> None:
    page = opened(person)
    copies = "() => { const body = document.querySelector('#live tbody');"
    copies += " for (let n = 0; n < 520; n++) body.append(body.rows[0].cloneNode(true)) }"
    with sending(appliance, options):
        expect(page.locator(ROWS).nth(1)).to_be_attached()
        page.evaluate(copies)
        expect(page.locator(ROWS)).to_have_count(500)


def test_what_the_network_sent_is_text(person: Watched, appliance: Appliance) -> None:
    page = opened(person, "?q=method:OPTIONS")
    heard(appliance, Channel.ROWS)
    hostile = sip("OPTIONS sip:a SIP/2.0", f"{SCRIPT}{time.time_ns()}", "1 OPTIONS", f"User-Agent: {SCRIPT}")
    appliance.send(datagram(hostile, time.time_ns() // 1000, node=SCRIPT.encode()))
    expect(page.locator(ROWS).filter(has_text="onerror").first).to_be_visible()
    assert page.locator("#live img, #live script").count() == 0
    assert page.title() != "run"


def test_a_query_that_cannot_be_watched_is_said_at_its_place(person: Watched) -> None:
    person.open("/live?q=from:a+state:busy")
    expect(person.page.get_by_role("alert")).to_contain_text("Character 8: State cannot be watched")
    assert person.page.locator("#live-state").count() == 0
    person.complaints.clear()


def test_a_call_that_changes_stays_one_row(person: Watched, appliance: Appliance) -> None:
    callid = f"changing-{time.time_ns()}@192.0.2.1"
    page = opened(person, f"?q=callid:{callid}&view=calls")
    heard(appliance, Channel.CALLS)
    appliance.send(datagram(sip("INVITE sip:b SIP/2.0", callid, "1 INVITE", to="+4930555"), time.time_ns() // 1000))
    expect(page.locator(ROWS)).to_contain_text("setup")
    appliance.send(
        datagram(sip("SIP/2.0 200 OK", callid, "1 INVITE", to="+4930555"), time.time_ns() // 1000, back=True)
    )
    expect(page.locator(ROWS)).to_contain_text("answered")
    expect(page.locator(ROWS)).to_have_count(1)


def test_without_javascript_it_is_the_last_minute(without_script: Page, appliance: Appliance) -> None:
    appliance.send(options(1, "live-carol"))
    page = without_script
    for _ in range(20):
        page.goto("/live?q=from:live-carol")
        if page.locator(ROWS).count():
            break
        page.wait_for_timeout(300)
    assert page.locator(ROWS).count() >= 1
    assert page.locator("meta[http-equiv=refresh]").count() == 1
    expect(page.get_by_role("link", name="Refresh")).to_be_visible()
    page.get_by_role("link", name="Search the last 15 minutes for this").click()
    assert "view=messages" in page.url and "from=-15m" in page.url


def test_the_line_watches_and_leads_from_the_search(person: Watched) -> None:
    page = person.open("/search?q=from:live-nobody&view=messages")
    page.locator("#results").get_by_role("link", name="Live").click()
    expect(page.locator("#live-state")).to_have_text("Live")
    page.locator("#q").fill("to:live-nobody")
    page.get_by_role("button", name="Watch").click()
    page.wait_for_url("**/live?q=to*")
    expect(page.locator("#live-state")).to_have_text("Live")
    assert json.loads(page.locator("#q").evaluate("input => JSON.stringify(input.value)")) == "to:live-nobody"
