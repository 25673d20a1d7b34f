"""The report of a call as somebody opens it from a mail: a file, without this appliance, on screen and on paper."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from appliance.export.report.page import html
from tests.browser.conftest import watched
from tests.calls.made import START_US
from tests.export.material import HOSTILE, reported, told

pytestmark = pytest.mark.browser


@pytest.fixture
def report(tmp_path: Path) -> str:
    file = tmp_path / "call.html"
    file.write_text(html(reported(why=told("The callee hung up.", HOSTILE)), START_US), encoding="utf-8")
    return file.as_uri()


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_read_by_everybody_and_asks_nobody(chromium: Browser, report: str, scheme: str, width: int) -> None:
    context = chromium.new_context(color_scheme=scheme, viewport={"width": width, "height": 900})  # type: ignore[arg-type]
    found = watched(context, report)
    page = found.open(report)
    expect(page.get_by_role("heading", name="Messages")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    worst = [one["id"] for one in Axe().run(page).response["violations"] if one["impact"] in ("serious", "critical")]
    context.close()
    assert (worst, found.complaints) == ([], [])


def test_an_arrow_leads_to_its_message(chromium: Browser, report: str) -> None:
    page = chromium.new_page()
    page.goto(report)
    page.locator("a.arrow[href='#message-2']").click()
    assert page.url.endswith("#message-2")
    expect(page.locator("#message-2")).to_be_in_viewport()
    page.close()


def test_on_paper_it_is_light_and_has_pages(chromium: Browser, report: str) -> None:
    context = chromium.new_context(color_scheme="dark")
    page = context.new_page()
    page.goto(report)
    paper = page.pdf(prefer_css_page_size=True, print_background=True)
    assert paper.startswith(b"%PDF") and paper.count(b"/Type /Page\n") + paper.count(b"/Type /Page ") >= 3
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"
    context.close()
