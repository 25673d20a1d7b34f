"""The main job with registrations: find a device, see when it was gone, open the REGISTER that was refused."""

import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from appliance.hep.encode import encode
from tests.appliance import Appliance, eventually
from tests.browser.conftest import SignIn
from tests.browser.test_accessibility import violations
from tests.registrations.made import told

pytestmark = [pytest.mark.browser, pytest.mark.appliance]

AOR = "dee@example.com"


@pytest.fixture(scope="module", autouse=True)
def registered(appliance: Appliance) -> None:
    """A device that registers, is refused twice, comes back, and sends markup as its user agent."""
    said = f"aor={AOR} agent=<b>Phone</b>"
    lines = []
    for number, (ms, code) in enumerate(((0, 200), (300_000, 200), (600_000, 403), (900_000, 403), (1_200_000, 200))):
        lines += [
            f"{ms} A>R REGISTER cseq={number + 1} {said}",
            f"{ms + 30} R>A {code} cseq={number + 1} for=400 {said}",
        ]
    begun = time.time_ns() // 1000 - 1_500_000_000
    appliance.send(*map(encode, told(*lines, callid="dee-1", from_us=begun)))
    eventually(lambda: [row["aor"] for row in appliance.search(f"aor:{AOR}", view="registrations")] == [AOR])


@pytest.fixture(params=[True, False], ids=["with scripts", "without"])
def page(
    request: pytest.FixtureRequest, appliance: Appliance, chromium: Browser, first_sign_in: SignIn
) -> Iterator[Page]:
    context = chromium.new_context(
        storage_state=first_sign_in.state, base_url=appliance.url, java_script_enabled=request.param
    )
    yield context.new_page()
    context.close()


def test_from_the_search_to_the_register_that_was_refused(page: Page) -> None:
    eventually_shown = f"/search?view=registrations&q=aor:{AOR}"
    page.goto(eventually_shown)
    expect(page.locator("tr[data-href]")).to_have_count(1)
    page.locator("tr[data-href] a").first.click()
    expect(page.get_by_role("heading", name=AOR)).to_be_visible()
    expect(page.locator(".what")).to_have_text(["returned", "rejected", "rejected", "refreshed", "registered"])
    expect(page.locator("svg rect.on")).to_have_count(2)
    expect(page.locator("svg line.m-bad")).to_have_count(2)
    page.get_by_role("row").filter(has_text="403").first.get_by_role("link").first.click()
    expect(page).to_have_url(re.compile(r"/calls/dee-1\?at="))
    expect(page.get_by_role("heading", level=1)).to_contain_text("dee")


def test_the_tab_and_the_page_have_nothing_serious(
    appliance: Appliance, chromium: Browser, first_sign_in: SignIn
) -> None:
    for scheme in ("light", "dark"):
        context = chromium.new_context(
            storage_state=first_sign_in.state,
            base_url=appliance.url,
            color_scheme=scheme,  # type: ignore[arg-type]
        )
        page = context.new_page()
        for address in ("/search?view=registrations", "/search?view=dialogs", f"/registrations/{AOR}"):
            page.goto(address)
            assert violations(page) == [], address
        context.close()
