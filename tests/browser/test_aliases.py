"""A person names an address in the browser, and finds the name where the address was."""

import pytest
from playwright.sync_api import expect

from appliance.web import links
from tests.browser.conftest import Watched
from tests.browser.traffic import CALLID

pytestmark = [pytest.mark.browser, pytest.mark.appliance, pytest.mark.timeout(300)]

CALLER = "192.0.2.1"


def test_an_address_is_named_searched_by_its_name_and_forgotten(person: Watched) -> None:
    page = person.open(f"/admin/aliases?address={CALLER}")
    page.get_by_label("Name", exact=True).last.fill("Desk 7")
    page.get_by_label("Group").last.fill("desks")
    page.get_by_label("Colour").last.select_option("teal")
    page.get_by_role("button", name="Save").last.click()
    expect(page.get_by_role("link", name="Desk 7")).to_be_visible()
    page.goto(links.call(CALLID))
    expect(page.locator("#ladder .heads text").get_by_text("Desk 7", exact=True)).to_be_visible()
    page.locator("#q").fill('src:"Desk')
    expect(page.get_by_role("option", name="Desk 7")).to_be_visible()
    page.locator("#q").fill("group:desks")
    page.locator("#q").press("Enter")
    row = page.locator("table.rows tbody tr").first
    expect(row.get_by_text("Desk 7")).to_have_attribute("title", f"{CALLER} · desks")
    page.goto("/admin/aliases")
    page.locator("details.edit summary").first.click()
    page.get_by_role("button", name="Delete Desk 7").click()
    expect(page.get_by_text("None yet.")).to_be_visible()
    assert person.complaints == []
