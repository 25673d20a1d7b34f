"""Quality and logs of a call in Chromium: strip, charts and marks are seen, and lead to the report."""

import random
import time

import pytest
from playwright.sync_api import Page, expect

from appliance.capture.demo import answered, two_legs
from appliance.hep.encode import encode
from appliance.model.packet import Packet
from appliance.web import links
from tests.appliance import Appliance, eventually
from tests.browser.conftest import Watched

pytestmark = [pytest.mark.browser, pytest.mark.appliance, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def callid(appliance: Appliance) -> str:
    """A talk of half a minute with reports each five seconds."""
    packets = next(found for seed in range(50) if reports(found := answered(random.Random(seed), 1.0)) > 8)
    found = send(appliance, packets)
    eventually(lambda: len(appliance.search(f"callid:{links.value(found)}", "quality")) >= 8)
    return found


def reports(packets: list[Packet]) -> int:
    return sum(packet.protocol_type == 5 for packet in packets)


def send(appliance: Appliance, packets: list[Packet]) -> str:
    """Returns the Call-ID of the first."""
    begun = time.time_ns() // 1000 - 90_000_000
    for packet in packets:
        packet_at = begun + (packet.time_us or 0)
        appliance.send(
            encode(Packet(**{name: getattr(packet, name) for name in packet.__slots__} | {"time_us": packet_at}))
        )
    return next(line for line in packets[0].payload.decode().split("\r\n") if line.startswith("Call-ID: "))[9:]


def test_strip_and_charts_are_seen_and_lead_to_the_report(person: Watched, callid: str) -> None:
    page = person.open(links.call(callid))
    expect(page.locator(".media-lines svg.strip-of-blocks")).to_have_count(2)
    assert coloured(page, ".media-lines svg rect:not(.hit)")
    page.get_by_role("link", name="Quality", exact=True).last.click()
    expect(page.locator("svg.f-mos")).to_have_count(2)
    assert coloured(page, "svg.f-mos .dot")
    point = page.locator("svg.f-mos a").first
    address = point.get_attribute("href")
    point.locator(".hit").click(force=True)
    expect(page.get_by_role("heading", name="What it says")).to_be_visible()
    assert address is not None and page.url.endswith(address)


def coloured(page: Page, selector: str) -> bool:
    """Whether these are visible and filled with a colour of the sheet, not black."""
    fills = page.locator(selector).evaluate_all("all => all.map(one => getComputedStyle(one).fill)")
    boxes = page.locator(selector).evaluate_all("all => all.map(one => one.getBoundingClientRect().width)")
    return bool(fills) and all(fill not in ("rgb(0, 0, 0)", "none") for fill in fills) and min(boxes) > 0


def test_a_log_line_is_docked_from_its_mark(person: Watched, appliance: Appliance) -> None:
    callid = send(appliance, two_legs(random.Random(3), 0.2))
    eventually(lambda: len(appliance.search(f"callid:{links.value(callid)}", "logs")) >= 2)
    page = person.open(links.call(callid))
    page.locator("#ladder a.mark.log .hit").first.click(force=True)
    expect(page.locator("#dock .raw")).to_contain_text("INFO")
    page.keyboard.press("j")
    expect(page.locator("#dock .raw")).not_to_contain_text("INFO: <script>: INVITE")
    page.goto(links.call(callid, "logs"))
    expect(page.locator(".log-lines li")).to_have_count(2)


def test_without_javascript_all_is_there(without_script: Page, callid: str) -> None:
    without_script.goto(links.call(callid, "quality"))
    assert without_script.locator("svg.f-mos a").count() >= 8
    without_script.goto("/quality")
    assert without_script.get_by_role("heading", name="Worst calls").count() == 1


def test_a_part_of_a_chart_comes_closer_by_dragging(person: Watched, callid: str) -> None:
    page = person.open(links.call(callid, "quality"))
    box = page.locator("svg.f-mos").first.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.5)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.95, box["y"] + box["height"] * 0.5, steps=4)
    page.mouse.up()
    expect(page.get_by_role("link", name="Whole time")).to_be_visible()
    page.get_by_role("link", name="Whole time").click()
    expect(page.get_by_role("link", name="Whole time")).to_have_count(0)
