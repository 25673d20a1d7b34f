"""The query line in Chromium: completion by keyboard and mouse, and a page that explains it without JavaScript."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import Watched

pytestmark = [pytest.mark.browser, pytest.mark.appliance, pytest.mark.timeout(300)]


def test_a_field_and_its_value_are_chosen_by_keys(person: Watched) -> None:
    page = person.open("/search")
    page.keyboard.press("/")
    line = page.get_by_role("combobox", name="Search")
    expect(line).to_be_focused()
    page.keyboard.type("fr")
    expect(line).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Tab")
    expect(line).to_have_value("from:")
    page.keyboard.type("+49301")
    expect(page.locator("#completion [role=option]", has_text="+4930111")).to_be_visible()
    page.keyboard.press("ArrowDown")
    chosen = page.locator("#completion [aria-selected=true]")
    expect(chosen).to_have_count(1)
    assert line.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    page.keyboard.press("Enter")
    expect(line).to_have_value(re.compile(r"^from:\+4930\d+ $"))
    page.keyboard.press("Escape")
    expect(line).to_have_attribute("aria-expanded", "false")
    expect(line).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/search\?q=from%3A%2B4930"))
    expect(line).to_have_attribute("aria-expanded", "false")


def test_enter_searches_while_nothing_is_chosen_and_escape_only_closes(person: Watched) -> None:
    page = person.open("/search")
    line = page.get_by_role("combobox", name="Search")
    line.click()
    expect(line).to_have_attribute("aria-expanded", "true")
    page.keyboard.type("from:nobody")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"q=from%3Anobody"))
    expect(page.locator("#completion")).to_be_hidden()


def test_a_value_is_chosen_by_mouse_and_the_caret_stays_in_the_line(person: Watched) -> None:
    page = person.open("/search")
    line = page.get_by_role("combobox", name="Search")
    line.fill("state: to:x")
    line.evaluate("input => { input.setSelectionRange(6, 6); input.dispatchEvent(new Event('input')) }")
    page.locator("#completion [role=option]", has_text="busy").click()
    expect(line).to_have_value("state:busy to:x")
    expect(line).to_be_focused()
    assert line.evaluate("input => input.selectionStart") == len("state:busy")


def test_tab_leaves_an_empty_line(person: Watched) -> None:
    page = person.open("/search")
    line = page.get_by_role("combobox", name="Search")
    line.click()
    expect(line).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Tab")
    expect(line).not_to_be_focused()
    expect(page.locator("#completion")).to_be_hidden()


def test_a_search_is_saved_from_the_bar_and_found_in_the_empty_line(person: Watched) -> None:
    page = person.open("/search?q=from:%2B4930*&from=-3h")
    menu = page.locator("#searches")
    line = page.get_by_role("combobox", name="Search")
    line.fill("from:+49* status:2xx")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("status%3A2xx"))
    menu.locator("summary").click()
    menu.get_by_label("Name").fill("Good calls")
    menu.get_by_role("button", name="Save this search").click()
    expect(page.get_by_role("link", name="Good calls")).to_have_attribute(
        "href", "/search?q=from%3A%2B49%2A+status%3A2xx&from=-3h&view=calls"
    )
    page.locator("#searches summary").click()
    expect(page.locator("#searches-menu").get_by_role("link", name="Good calls")).to_be_visible()
    page.keyboard.press("Escape")
    page.goto("/search")
    line.click()
    expect(page.locator("#completion .title").first).to_have_text("Saved searches")
    page.locator("#completion [role=option]", has_text="from:+49* status:2xx").last.click()
    expect(page).to_have_url(re.compile("status%3A2xx"))


def test_the_form_keeps_what_it_cannot_say(person: Watched) -> None:
    page = person.open("/search?form=1")
    line = page.get_by_role("combobox", name="Search")
    line.fill("to:+4930222 (status:2xx OR dur:<3s)")
    page.keyboard.press("Enter")
    expect(page.get_by_label("To user")).to_have_value("+4930222")
    expect(page.get_by_label("Any party")).to_have_value("status:2xx OR dur:<3s")
    expect(page.locator("#form-note")).to_contain_text("more than the fields can")
    expect(page.locator("#meaning")).to_contain_text("Calls whose To user is “+4930222”")


def test_a_field_of_the_form_is_completed_and_writes_the_line(person: Watched) -> None:
    page = person.open("/search?form=1")
    field = page.get_by_label("From user")
    field.click()
    field.press_sequentially("+49301")
    page.get_by_role("option", name="+4930111").click()
    expect(field).to_have_value("+4930111")
    expect(page.get_by_role("combobox", name="Search")).to_have_value("from:+4930111")
    page.get_by_label("State of the call").fill("bus")
    expect(page.get_by_role("option", name="busy")).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("option", name="busy")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page.get_by_label("State of the call")).to_have_value("busy")
    found = Axe().run(page).response["violations"]
    assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("from%3A%2B4930111"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_open_list_is_accessible(person: Watched, scheme: str) -> None:
    page = person.page
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.goto("/search")
    line = page.get_by_role("combobox", name="Search")
    line.click()
    line.fill("stat")
    expect(page.locator("#completion [role=option]").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    found = Axe().run(page).response["violations"]
    assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []


def test_without_javascript_a_search_is_saved_and_asked(without_script: Page) -> None:
    without_script.goto("/search?q=from:%2B49*&view=messages")
    without_script.locator("#searches summary").click()
    without_script.locator("#searches").get_by_label("Name").fill("Of Germany")
    without_script.get_by_role("button", name="Save this search").click()
    without_script.get_by_role("link", name="Of Germany").click()
    expect(without_script).to_have_url(re.compile(r"q=from%3A%2B49%2A&view=messages"))


def test_without_javascript_a_fold_lists_the_fields(without_script: Page) -> None:
    without_script.goto("/search")
    without_script.get_by_text("How to write it").click()
    expect(without_script.get_by_role("definition").filter(has_text="Post-dial delay")).to_be_visible()
    without_script.get_by_role("link", name="status:5xx").click()
    expect(without_script).to_have_url(re.compile(r"q=status%3A5xx"))
