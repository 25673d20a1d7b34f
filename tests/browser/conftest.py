"""A running appliance with made-up and hostile calls, and Chromium that has signed in as a person would."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.appliance import Appliance, eventually, running
from tests.browser.traffic import hostile_datagrams, plain_datagrams

CHROMIUM = "/usr/bin/chromium"
expect.set_options(timeout=30_000)  # a page may be slow beside the other tests; what is there is seen at once
NEW_PASSWORD = "a heron on the pier"


@pytest.fixture(scope="package")
def appliance() -> Iterator[Appliance]:
    with running() as instance:
        instance.send(*plain_datagrams(), *hostile_datagrams())
        eventually(lambda: len(instance.search()) >= 2)
        yield instance


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()


@dataclass
class SignIn:
    """What happened on the way in, and the cookies at the end."""

    addresses: list[str] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    state: Any = None


@pytest.fixture(scope="package")
def first_sign_in(appliance: Appliance, chromium: Browser) -> SignIn:
    """admin/test123 signs in and is made to change it."""
    found = SignIn()
    context = chromium.new_context()
    page = context.new_page()
    page.goto(f"{appliance.url}/search?q=to:%2B4930222")
    page.get_by_label("Name").fill("admin")
    page.get_by_label("Password").fill("test123")
    page.get_by_role("button", name="Sign in").click()
    found.addresses.append(page.url)
    page.goto(f"{appliance.url}/health")
    found.addresses.append(page.url)
    for new in ("test123", "password123", NEW_PASSWORD):
        page.get_by_label("Present password").fill("test123")
        for label in ("New password again", "New password"):
            page.get_by_label(label, exact=True).evaluate("(input, text) => { input.value = text }", new)
        page.locator("form[action='/account/password']").evaluate("form => { form.noValidate = true }")
        page.get_by_role("button", name="Change").click()
        page.wait_for_load_state()
        alert = page.get_by_role("alert")
        found.refusals += alert.all_inner_texts()
    found.addresses.append(page.url)
    found.state = context.storage_state()
    context.close()
    return found


@dataclass
class Watched:
    """A page and everything it complained about or asked others for."""

    page: Page
    complaints: list[str] = field(default_factory=list)

    def open(self, address: str) -> Page:
        self.page.goto(address)
        return self.page


def watched(context: BrowserContext, home: str) -> Watched:
    page = context.new_page()
    found = Watched(page)
    page.on("console", lambda message: found.complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: found.complaints.append(str(error)))
    page.on("dialog", lambda dialog: (found.complaints.append(f"dialog {dialog.message}"), dialog.dismiss()))
    page.on(
        "request",
        lambda request: None if request.url.startswith((home, "data:")) else found.complaints.append(request.url),
    )
    return found


@pytest.fixture
def person(appliance: Appliance, chromium: Browser, first_sign_in: SignIn) -> Iterator[Watched]:
    """Somebody who signed in; at the end nothing may have been complained of."""
    context = chromium.new_context(
        storage_state=first_sign_in.state, viewport={"width": 1440, "height": 900}, base_url=appliance.url
    )
    found = watched(context, appliance.url)
    yield found
    context.close()
    assert found.complaints == []


@pytest.fixture
def without_script(appliance: Appliance, chromium: Browser, first_sign_in: SignIn) -> Iterator[Page]:
    """The same person with JavaScript turned off."""
    context = chromium.new_context(storage_state=first_sign_in.state, java_script_enabled=False, base_url=appliance.url)
    yield context.new_page()
    context.close()
