"""Every page by axe-core, light and dark: nothing serious, nothing asked from elsewhere, no error on the console."""

import random
import time
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from appliance.capture.demo import traffic
from appliance.hep.encode import encode
from appliance.web import links
from tests.appliance import Appliance, eventually
from tests.browser.conftest import SignIn, Watched, watched
from tests.browser.traffic import CALLID, HOSTILE_CALLID

pytestmark = [pytest.mark.browser, pytest.mark.appliance, pytest.mark.timeout(300)]

FIRST_PAGE_OCTETS = 150_000
REFUSED = "the server responded with a status of 4"
"""What Chromium's console calls an error, and what a page here says in a sentence."""
SERIOUS = {"serious", "critical"}
STATES = {"completed", "busy", "noanswer", "cancelled", "rejected", "failed"}
PAGES = {
    "account": "/account",
    "dashboard": "/",
    "calls": "/search",
    "form": "/search?form=1&q=from:%2B4930111",
    "messages": "/search?view=messages",
    "over time": "/search?counted=1&columns=started:90,state,callid&sort=-started",
    "nothing found": "/search?q=from:nobody",
    "wrong line": "/search?q=form:x",
    "odd line": "/search?form=1&q=from:%5E49%20OR%20dur:%3E3s",
    "searches": "/searches?q=status:5xx",
    "flow": links.call(CALLID),
    "hostile flow": links.call(HOSTILE_CALLID),
    "texts": links.call(CALLID, "messages"),
    "export": links.call(CALLID, "export"),
    "why": links.call(CALLID, "why"),
    "hostile why": links.call(HOSTILE_CALLID, "why"),
    "no quality": links.call(CALLID, "quality"),
    "no logs": links.call(CALLID, "logs"),
    "quality reports": "/search?view=quality",
    "log lines": "/search?view=logs",
    "registrations": "/search?view=registrations",
    "dialogs": "/search?view=dialogs",
    "quality of many": "/quality",
    "hostile quality": links.call(HOSTILE_CALLID, "quality"),
    "hostile logs": links.call(HOSTILE_CALLID, "logs"),
    "health": "/health",
    "live": "/live",
    "live calls": "/live?view=calls",
    "live quality": "/live?view=quality",
    "live logs": "/live?view=logs",
    "wrong live line": "/live?q=state:busy",
    "statistics": "/statistics?by=user_agent",
    "statistics by hour": "/statistics?by=hour",
    "wrong statistics": "/statistics?q=form:x",
    "aliases": "/admin/aliases?address=10.0.0.1",
    "users": "/admin/users",
    "audit trail": "/admin/audit",
    "agents": "/agents?program=kamailio",
    "not found": "/nothing",
}


@pytest.fixture(scope="module", autouse=True)
def demo(appliance: Appliance) -> None:
    """Calls of many states, so that their colours are on the pages."""
    begun = time.time_ns() // 1000 - 120_000_000
    appliance.send(*(encode(packet) for packet in traffic(random.Random(5), begun, 12, 5)))
    eventually(lambda: {row["state"] for row in appliance.search()} >= STATES)


@pytest.fixture(params=["light", "dark"])
def scheme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def reader(appliance: Appliance, chromium: Browser, first_sign_in: SignIn, scheme: str) -> Iterator[Watched]:
    """As `person`, in either scheme."""
    context = chromium.new_context(
        storage_state=first_sign_in.state,
        viewport={"width": 1440, "height": 900},
        base_url=appliance.url,
        color_scheme=scheme,  # type: ignore[arg-type]
    )
    found = watched(context, appliance.url)
    yield found
    context.close()
    assert [each for each in found.complaints if REFUSED not in each] == []


def violations(page: Page) -> list[str]:
    """What axe calls serious or critical: rule, elements, and why."""
    found: list[dict[str, Any]] = Axe().run(page).response["violations"]
    return [
        f"{violation['id']}: {node['html'][:160]}: {node['failureSummary']}"
        for violation in found
        if violation["impact"] in SERIOUS
        for node in violation["nodes"]
    ]


@pytest.mark.parametrize("name", PAGES)
def test_nothing_serious_is_found(reader: Watched, name: str) -> None:
    assert violations(reader.open(PAGES[name])) == []


def test_nothing_serious_is_found_on_the_page_of_a_message(reader: Watched) -> None:
    page = reader.open(links.call(CALLID))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Envelope")).to_be_visible()
    assert violations(page) == []


def test_nothing_serious_is_found_in_what_opens(reader: Watched) -> None:
    page = reader.open("/search")
    page.locator(".range.menu summary").click()
    assert violations(page) == []
    page.locator(".menu.user summary").click()
    assert violations(page) == []
    page.locator("#columns summary").click()
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("?")
    assert violations(page) == []


def test_nothing_serious_is_found_before_signing_in(appliance: Appliance, chromium: Browser, scheme: str) -> None:
    context = chromium.new_context(base_url=appliance.url, color_scheme=scheme)  # type: ignore[arg-type]
    found = watched(context, appliance.url)
    assert violations(found.open("/login")) == []
    found.page.get_by_label("Name").fill("nobody")
    found.page.get_by_label("Password").fill("nothing")
    found.page.get_by_role("button", name="Sign in").click()
    expect(found.page.get_by_role("alert")).to_be_visible()
    assert violations(found.page) == []
    assert [each for each in found.complaints if REFUSED not in each] == []
    context.close()


@pytest.mark.parametrize("path", ["/login", "/", "/search"])
def test_the_first_page_is_small(appliance: Appliance, chromium: Browser, first_sign_in: SignIn, path: str) -> None:
    state = None if path == "/login" else first_sign_in.state
    context = chromium.new_context(base_url=appliance.url, storage_state=state)
    page = context.new_page()
    requests: list[Any] = []
    page.on("requestfinished", lambda request: requests.append(request))
    page.goto(path, wait_until="networkidle")
    sizes = [request.sizes() for request in requests]
    octets = sum(each["responseBodySize"] + each["responseHeadersSize"] for each in sizes)
    context.close()
    assert len(requests) >= 3
    assert octets < FIRST_PAGE_OCTETS
