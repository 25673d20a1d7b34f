"""What the network sent is text in every view, in a real browser: nothing runs, nothing is asked from elsewhere."""

import pytest
from playwright.sync_api import expect

from appliance.web import links
from tests.browser.conftest import Watched
from tests.browser.traffic import HOSTILE_CALLID

pytestmark = [pytest.mark.browser, pytest.mark.appliance, pytest.mark.timeout(300)]

PAGES = {
    "calls": "/search?q=status:486",
    "messages": "/search?view=messages&q=status:486",
    "malformed": "/search?view=messages&q=problems:*",
    "flow": links.call(HOSTILE_CALLID),
    "texts": links.call(HOSTILE_CALLID, "messages"),
    "quality": links.call(HOSTILE_CALLID, "quality"),
    "logs": links.call(HOSTILE_CALLID, "logs"),
    "quality reports": "/search?view=quality",
    "log lines": "/search?view=logs",
    "quality of many": "/quality",
    "statistics": "/statistics?by=user_agent",
    "audit trail": "/admin/audit",
    "export": links.call(HOSTILE_CALLID, "export"),
    "svg": links.call(HOSTILE_CALLID, "flow.svg"),
    "text": links.call(HOSTILE_CALLID, "flow.txt"),
    "health": "/health",
    "dashboard": "/",
}


@pytest.mark.parametrize("name", PAGES)
def test_nothing_runs(person: Watched, name: str) -> None:
    page = person.open(PAGES[name])
    page.wait_for_timeout(200)
    assert page.title() != "run"
    assert page.locator("script:not([src])").count() == 0 and page.locator("img[onerror]").count() == 0


def test_nothing_runs_on_the_page_of_a_message_or_in_the_dock(person: Watched) -> None:
    page = person.open(PAGES["flow"])
    page.locator("#ladder a.arrow").nth(1).click()
    expect(page.locator("#dock .raw")).to_contain_text("SIP/2.0 486 <img src=x")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Headers")).to_be_visible()
    assert page.title() != "run"


def test_what_is_typed_runs_neither(person: Watched) -> None:
    page = person.open("/search")
    page.locator("#q").fill('"><img src=x onerror=alert(1)>')
    page.locator("#q").press("Enter")
    expect(page.locator("#results")).to_be_visible()
    page.wait_for_timeout(200)
    person.complaints[:] = [each for each in person.complaints if "422" not in each]
