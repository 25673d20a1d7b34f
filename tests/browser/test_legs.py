"""Legs on the call's page: boxes, reasons, cut and add; with and without JavaScript."""

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.appliance import Appliance, eventually
from tests.browser.conftest import Watched
from tests.browser.traffic import datagram, sip

pytestmark = [pytest.mark.browser, pytest.mark.appliance, pytest.mark.timeout(300)]

IN, OUT, OTHER = "leg-in@192.0.2.1", "leg-out@192.0.2.2", "stranger@192.0.2.9"


def leg(callid: str, after_us: int, *more: str, user: str) -> list[bytes]:
    begun = time.time_ns() // 1000 - 50_000_000 + after_us
    steps = [
        ("INVITE sip:777@example.com SIP/2.0", "1 INVITE", 0, False),
        ("SIP/2.0 180 Ringing", "1 INVITE", 300_000, True),
        ("SIP/2.0 486 Busy Here", "1 INVITE", 900_000, True),
        ("ACK sip:777@example.com SIP/2.0", "1 ACK", 950_000, False),
    ]
    return [
        datagram(sip(first, callid, cseq, *more, user=user, to="777"), begun + us, back)
        for first, cseq, us, back in steps
    ]


@pytest.fixture(scope="module")
def legs(appliance: Appliance) -> Iterator[Appliance]:
    """A call of two legs, and one that has nothing to do with it."""
    appliance.send(
        *leg(IN, 0, user="555"), *leg(OUT, 8_000, f"X-CID: {IN}", user="555"), *leg(OTHER, 20_000_000, user="444")
    )
    eventually(lambda: [row["legs"] for row in appliance.search(f"callid:{IN}")] == [2])
    eventually(lambda: appliance.search(f"callid:{OTHER}"))
    yield appliance


def arrows(page: Page, count: int) -> None:
    expect(page.locator("#ladder a.arrow")).to_have_count(count)


def test_legs_are_ticked_cut_and_added(legs: Appliance, person: Watched) -> None:
    page = person.open(f"/search?q=callid:{OUT}")
    expect(page.locator("table[data-rows] tbody tr")).to_have_count(1)
    page.get_by_role("link", name="Legs apart").click()
    expect(page.locator("table[data-rows] tbody tr")).to_contain_text(OUT)
    page = person.open(f"/calls/{IN}")
    panel = page.locator("#legs")
    expect(panel.locator("summary")).to_contain_text("2 legs")
    expect(panel).to_contain_text(f"its X-CID names {IN}")
    arrows(page, 8)
    panel.locator("summary").click()
    panel.get_by_label(OUT).uncheck()
    panel.get_by_role("button", name="Show ticked legs").click()
    arrows(page, 4)
    expect(panel.locator("summary")).to_contain_text("1 not shown")
    page.get_by_role("link", name="Messages", exact=True).first.click()
    expect(page.locator("ol.texts > li")).to_have_count(4)
    page.locator("#legs").get_by_role("link", name="All legs").click()
    arrows(page, 8)
    panel.locator("summary").click()
    panel.get_by_role("button", name="Not this call").click()
    arrows(page, 4)
    expect(panel).to_contain_text("cut by admin")
    panel.get_by_role("button", name="Join").click()
    arrows(page, 8)
    panel.locator("summary").click()
    panel.get_by_label("Add a leg by Call-ID").fill(OTHER)
    panel.get_by_role("button", name="Add").click()
    arrows(page, 12)
    expect(panel.locator("summary")).to_contain_text("joined by admin")
    eventually(lambda: [row["legs"] for row in legs.search(f"callid:{OTHER}")] == [3])


def test_the_same_without_javascript(legs: Appliance, without_script: Page) -> None:
    page = without_script
    page.goto(f"/calls/{OUT}?legs=one")
    arrows(page, 4)
    page.locator("#legs").get_by_role("link", name="All legs").click()
    assert page.locator("#ladder a.arrow").count() >= 8
    page.locator("#legs summary").click()
    page.locator("#legs").get_by_role("link", name="only").first.click()
    arrows(page, 4)


@pytest.mark.parametrize("width", [1440, 390])
def test_the_panel_fits_and_can_be_used_by_everybody(legs: Appliance, person: Watched, width: int) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = person.page
    page.set_viewport_size({"width": width, "height": 844})
    person.open(f"/calls/{IN}")
    page.locator("#legs summary").click()
    assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")
    assert Axe().run(page).violations_count == 0
