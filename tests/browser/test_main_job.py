"""A person's way: sign in, find a call by its number, read the ladder, open a message, take the files along."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn, Watched
from tests.browser.traffic import CALLID

pytestmark = [pytest.mark.browser, pytest.mark.appliance, pytest.mark.timeout(300)]


def test_the_first_password_has_to_be_changed(first_sign_in: SignIn) -> None:
    account, still, home = first_sign_in.addresses
    assert account.endswith("/account") and still.endswith("/account")
    assert re.fullmatch(r"http://[^/]+/", home)
    assert len(first_sign_in.refusals) == 2
    assert "old one" in first_sign_in.refusals[0] or "at least 8" in first_sign_in.refusals[0]
    assert "tried first" in first_sign_in.refusals[1]


def test_a_call_is_found_by_its_number_and_read(person: Watched, tmp_path: Path) -> None:
    page = person.open("/")
    page.keyboard.press("/")
    page.keyboard.type("to:+4930222")
    page.keyboard.press("Enter")
    row = page.locator("table[data-rows] tbody tr")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("completed")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("#ladder a.arrow")).to_have_count(7)
    expect(page.locator("#dock .raw")).to_contain_text("INVITE sip:+4930222@example.com SIP/2.0")
    page.locator("#ladder a.arrow").nth(2).click()
    expect(page.locator("#dock .raw")).to_contain_text("SIP/2.0 180 Ringing")
    assert "message=" in page.url
    page.keyboard.press("ArrowDown")
    expect(page.locator("#dock .raw")).to_contain_text("SIP/2.0 200 OK")
    for name, begin in (("PNG", b"\x89PNG"), ("pcap", None)):
        with page.expect_download() as download:
            page.locator(".downloads").get_by_role("link", name=name).click()
        file = tmp_path / download.value.suggested_filename
        download.value.save_as(file)
        assert file.stat().st_size > 500
        assert begin is None or file.read_bytes().startswith(begin)
    page.locator("#ladder a.arrow").nth(5).click()
    expect(page.locator("#dock .raw")).to_contain_text("BYE sip:")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Envelope")).to_be_visible()
    assert "/messages/" in page.url


def test_the_same_without_javascript(without_script: Page) -> None:
    page = without_script
    page.goto("/search")
    page.get_by_label("Search", exact=True).fill("to:+4930222")
    page.get_by_role("button", name="Search", exact=True).first.click()
    page.locator("table[data-rows] tbody tr a").first.click()
    arrows = page.locator("#ladder a.arrow")
    expect(arrows).to_have_count(7)
    arrows.nth(2).locator("text.halo").click()
    expect(page.locator("#dock .raw")).to_contain_text("SIP/2.0 180 Ringing")
    page.locator("#dock a[rel=next]").click()
    expect(page.locator("#dock .raw")).to_contain_text("SIP/2.0 200 OK")
    page.get_by_role("link", name="Open").click()
    expect(page.get_by_role("heading", name="Envelope")).to_be_visible()


def test_the_form_works_without_javascript(without_script: Page) -> None:
    without_script.goto("/search?form=1")
    without_script.get_by_label("To user").fill("+4930222")
    without_script.locator("#fields button").click()
    assert "q=to%3A%2B4930222" in without_script.url
    expect(without_script.locator("table[data-rows] tbody tr")).to_have_count(1)


def test_the_form_writes_the_line_while_it_is_filled(person: Watched) -> None:
    page = person.open("/search")
    page.keyboard.press("f")
    page.get_by_label("To user").fill("+4930222")
    expect(page.locator("#q")).to_have_value("to:+4930222")
    page.locator("#fields button").click()
    expect(page.locator("table[data-rows] tbody tr")).to_have_count(1)
    assert "q=to" in page.url


def test_the_other_view_comes_without_loading_the_page_anew(person: Watched) -> None:
    page = person.open(f"/search?q=callid:{CALLID}")
    page.evaluate("() => { window.stays = true }")
    page.get_by_role("link", name="Messages").click()
    expect(page.locator("table[data-rows] tbody tr")).to_have_count(7)
    assert page.evaluate("() => window.stays") and "view=messages" in page.url
    page.go_back()
    expect(page.locator("table[data-rows] tbody tr")).to_have_count(1)


def test_help_shows_the_keys(person: Watched) -> None:
    page = person.open("/search")
    page.keyboard.press("?")
    expect(page.get_by_role("heading", name="Keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name="Keys")).to_be_hidden()


def test_colours_are_chosen_at_once_and_kept(person: Watched) -> None:
    page = person.open("/search")
    page.locator(".menu.user summary").click()
    page.get_by_role("button", name="Dark").click()
    assert page.evaluate("() => getComputedStyle(document.documentElement).colorScheme") == "dark"
    page.reload()
    assert page.evaluate("() => document.documentElement.dataset.theme") == "dark"


def test_the_pointer_lights_the_whole_transaction(person: Watched) -> None:
    page = person.open(f"/calls/{CALLID}")
    page.locator("#ladder a.arrow").nth(5).hover()
    expect(page.locator("#ladder a.arrow.same")).to_have_count(2)
    page.locator("#ladder a.arrow").nth(0).hover()
    expect(page.locator("#ladder a.arrow.same")).to_have_count(4)
    expect(page.locator("#ladder a.arrow.related")).to_have_count(1)
