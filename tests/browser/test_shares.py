"""A link made in two clicks and opened by a browser that nobody signed in: what it shows, hides, and that it ends."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from appliance.web import links
from tests.appliance import Appliance
from tests.browser.conftest import Watched, watched
from tests.browser.traffic import CALLID
from tests.export.sharks import frames

pytestmark = [pytest.mark.browser, pytest.mark.appliance, pytest.mark.timeout(300)]

SECRETS = ("4930111", "4930222", "30111", "192.0.2.1", "192.0.2.2")
SERIOUS = ("serious", "critical")


@pytest.fixture(params=[("light", 1440), ("dark", 390)], ids=["light and wide", "dark and narrow"])
def stranger(request: pytest.FixtureRequest, appliance: Appliance, chromium: Browser) -> Iterator[BrowserContext]:
    """A browser that has never been here."""
    scheme, width = request.param
    context = chromium.new_context(
        viewport={"width": width, "height": 844}, color_scheme=scheme, base_url=appliance.url, accept_downloads=True
    )
    yield context
    context.close()


def made(page: Page) -> str:
    """Two clicks from the call to the link."""
    page.goto(links.call(CALLID))
    page.get_by_role("link", name="Share", exact=True).click()
    page.get_by_role("button", name="Make the link").click()
    return page.get_by_role("textbox", name="The link").input_value()


def test_a_link_shows_the_call_hides_its_numbers_and_ends_when_revoked(
    person: Watched, stranger: BrowserContext, appliance: Appliance, tmp_path: Path
) -> None:
    url = made(person.page)
    found = watched(stranger, appliance.url)
    page = found.open(url)
    expect(page.get_by_text("Shared by admin until")).to_be_visible()
    expect(page.locator(".shared-ladder a.arrow")).to_have_count(page.locator("ol.texts .raw").count())
    page.locator(".shared-ladder a.arrow .hit").nth(1).click(force=True)
    assert page.url.endswith("#t-2")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    told = [page.content(), page.inner_text("body")]
    for file in ("flow.svg", "flow.txt", "messages.txt", "messages.pcap"):
        told.append(stranger.request.get(f"{url}/{file}").body().decode("latin-1"))
    assert not [secret for secret in SECRETS for text in told if secret in text]
    capture = tmp_path / "shared.pcap"
    capture.write_bytes(stranger.request.get(f"{url}/messages.pcap").body())
    assert frames(capture)
    assert not [frame.fault for frame in frames(capture) if frame.fault]
    assert stranger.cookies() == []
    assert found.complaints == []
    for inside in (links.call(CALLID), "/search", "/admin/shares"):
        page.goto(inside)
        assert "/login" in page.url
    token = url.rpartition("/")[2]
    assert not [log for log in appliance.data_dir.rglob("*.log") if token in log.read_text(errors="replace")]
    person.page.goto("/admin/shares")
    person.page.get_by_role("button", name="Revoke").first.click()
    answer = page.goto(url)
    assert answer is not None
    assert answer.status == 404
    expect(page.get_by_role("heading", name="This link shows nothing")).to_be_visible()


def test_its_pages_are_for_everybody(person: Watched, stranger: BrowserContext) -> None:
    page, theirs = person.page, stranger.new_page()
    url = made(page)
    theirs.goto(url)
    for one, address in ((theirs, url), (page, links.call(CALLID, "share")), (page, "/admin/shares")):
        one.goto(address)
        found = Axe().run(one).response["violations"]
        assert not [(rule["id"], rule["nodes"][0]["html"]) for rule in found if rule["impact"] in SERIOUS]


def test_a_link_with_a_password_opens_after_it(person: Watched, stranger: BrowserContext) -> None:
    page = person.page
    page.goto(links.call(CALLID, "share"))
    page.get_by_label("Password, if any").fill("a quiet violet owl")
    page.get_by_role("button", name="Make the link").click()
    theirs = stranger.new_page()
    theirs.goto(page.get_by_role("textbox", name="The link").input_value())
    expect(theirs.locator("ol.texts .raw")).to_have_count(0)
    theirs.get_by_label("Password").fill("a quiet violet owl")
    theirs.get_by_role("button", name="Show the call").click()
    expect(theirs.locator("ol.texts .raw").first).to_be_visible()
    assert [cookie["path"] for cookie in stranger.cookies()] == [theirs.url[theirs.url.index("/s/") :]]


def test_the_preview_is_seen_before_the_link_is_made(person: Watched) -> None:
    page = person.page
    page.goto(links.call(CALLID, "share"))
    page.get_by_label("All", exact=False).last.check()
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="Preview").click()
    expect(opened.value.get_by_text("This is a preview")).to_be_visible()
    assert "30111" not in opened.value.content()


def test_the_link_is_copied_by_a_button(person: Watched) -> None:
    made(person.page)
    person.page.get_by_role("button", name="Copy").click()
    expect(person.page.get_by_role("button", name="Copied")).to_be_visible()


def test_notes_and_pins_work_without_javascript(without_script: Page) -> None:
    page = without_script
    page.goto(links.call(CALLID))
    page.get_by_text("Add a note").click()
    page.get_by_placeholder("For whoever opens this call next").fill("seen by the night shift")
    page.get_by_role("button", name="Keep the note").click()
    expect(page.get_by_text("seen by the night shift").first).to_be_visible()
    page.locator("summary", has_text="Pin").click()
    page.get_by_role("button", name="Pin").click()
    expect(page.get_by_text("Pinned until")).to_be_visible()
    page.get_by_role("button", name="Let go").click()
    expect(page.get_by_text("Pinned until")).to_have_count(0)
    page.locator("summary", has_text="Edit").click()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("seen by the night shift")).to_have_count(0)


def test_a_link_is_made_without_javascript(without_script: Page) -> None:
    assert "/s/" in made(without_script)
    expect(without_script.get_by_role("button", name="Copy")).to_have_count(0)
