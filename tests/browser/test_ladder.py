"""The ladder in Chromium: every key, the mouse, a finger, without a script, 2,100 messages, hostile text, axe."""

import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from appliance.web import links
from tests.appliance import Appliance, eventually
from tests.browser.conftest import SignIn, Watched, watched
from tests.browser.ladder_traffic import DRAWN, LONG, LONG_MESSAGES, WIDE, drawn, long, wide
from tests.browser.traffic import CALLID

pytestmark = [pytest.mark.browser, pytest.mark.appliance, pytest.mark.timeout(300)]

MESSAGES = 15
FLOW = links.call(DRAWN)


@pytest.fixture(scope="module", autouse=True)
def calls(appliance: Appliance) -> None:
    datagrams = [*drawn(), *wide(), *long()]
    for start in range(0, len(datagrams), 50):
        appliance.send(*datagrams[start : start + 50])
        time.sleep(0.02)
    for callid, count in ((DRAWN, MESSAGES), (LONG, LONG_MESSAGES), (WIDE, 2)):
        query = f"callid:{callid} NOT method:nothing"
        eventually(lambda q=query, n=count: len(appliance.search(q, "messages", limit=5000)) >= n, 60)  # type: ignore[misc]


def arrows(page: Page) -> Locator:
    return page.locator("#ladder a.arrow")


def chosen(page: Page) -> int:
    """Number of the chosen arrow, from 1."""
    return int(page.locator("#ladder a.chosen .number").text_content() or 0)


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def opened(person: Watched, address: str = FLOW) -> Page:
    page = person.open(address)
    expect(page.locator("#splitter")).to_have_count(1)
    expect(page.locator("#ladder a.chosen")).to_have_count(1)
    return page


def test_the_keys_walk_over_the_messages_and_the_docked_one_follows(person: Watched) -> None:
    page = opened(person)
    expect(arrows(page)).to_have_count(MESSAGES)
    for keys, number, words in (
        (("j", "j"), 3, "P-Asserted-Identity"),
        (("k",), 2, "100 Trying"),
        (("ArrowDown", "ArrowDown", "ArrowUp"), 3, "P-Asserted-Identity"),
        (("End",), MESSAGES, "2 BYE"),
        (("Home",), 1, "INVITE sip:"),
        (("PageDown",), None, ""),
        (("PageUp", "PageUp"), 1, "INVITE sip:"),
    ):
        press(page, *keys)
        if number is None:
            assert chosen(page) > 5
            continue
        assert chosen(page) == number
        expect(page.locator("#dock .raw")).to_contain_text(words)
    assert f"message={arrows(page).first.get_attribute('data-message')}" in page.url


def test_enter_opens_the_message(person: Watched) -> None:
    page = opened(person)
    press(page, "j", "j")
    expect(page.locator("#dock .raw")).to_contain_text("P-Asserted-Identity")
    press(page, "Enter")
    expect(page.get_by_role("heading", name="Envelope")).to_be_visible()


def test_space_marks_and_space_on_another_compares(person: Watched) -> None:
    page = opened(person)
    press(page, "Space")
    expect(page.locator("#ladder a.marked")).to_have_count(1)
    press(page, "Space")
    expect(page.locator("#ladder a.marked")).to_have_count(0)
    press(page, "Space", "j", "j")
    expect(page.locator("#dock .to-mark")).to_be_visible()
    expect(page.locator("#dock .comparing")).to_contain_text("+2.0 ms since it")
    press(page, "Space")
    expect(page.get_by_role("heading", level=1)).to_contain_text("against")
    expect(page.locator(".compared").nth(1)).to_contain_text("P-Asserted-Identity")
    page.get_by_role("link", name="Swap").click()
    expect(page.locator(".p-left")).to_contain_text("P-Asserted-Identity")
    page.get_by_role("link", name="Show what every hop changes").click()
    expect(page.locator("tr.noise")).to_have_count(0)
    page.go_back()


def test_the_letters_change_what_the_ladder_shows_and_the_choice_is_kept(person: Watched) -> None:
    page = opened(person)
    press(page, "j", "j")
    press(page, "d")
    expect(page.locator("#ladder .told").first).to_contain_text("PCMA 198.51.100.10:4000")
    assert chosen(page) == 3
    press(page, "w")
    expect(arrows(page).nth(1).locator(".time")).to_have_text("+1.0 ms")
    press(page, "w", "c")
    expect(arrows(page).nth(2).locator(".time")).to_have_text("+2.0 ms")
    expect(arrows(page).first).to_have_class(re.compile("own-0"))
    expect(page.locator("#ladder g.media")).to_have_count(1)
    press(page, "m")
    expect(page.locator("#ladder g.media")).to_have_count(0)
    assert {"sdp=1", "time=relative", "colour=transaction", "media=0"} <= set(page.url.partition("?")[2].split("&"))
    opened(person, links.call(CALLID))
    expect(arrows(page).nth(1)).to_have_class(re.compile("own-0"))
    expect(page.locator(".choices a.on")).to_have_text(["Since start", "SDP", "Transaction"])
    page.context.clear_cookies(name="ladder")


def test_f_hides_and_nothing_goes_silently(person: Watched) -> None:
    page = opened(person)
    press(page, "f")
    page.get_by_role("checkbox", name="100 1", exact=True).check()
    page.get_by_role("checkbox", name="ACK 1", exact=True).check()
    page.locator("#hide-menu").get_by_role("button", name="Apply").click()
    expect(page.locator(".hidden-words")).to_contain_text("2 messages are hidden")
    expect(arrows(page)).to_have_count(MESSAGES - 2)
    assert "hide=" in page.url
    page.locator(".hidden-words a").click()
    expect(arrows(page)).to_have_count(MESSAGES)
    press(page, "f", "Escape")
    expect(page.locator("#hide-menu .popover")).to_be_hidden()


def test_help_opens_and_closes_and_the_line_is_one_key_away(person: Watched) -> None:
    page = opened(person)
    press(page, "?")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("on another message: compare the two")
    press(page, "Escape")
    expect(dialog).to_be_hidden()
    page.locator("[data-help]").click()
    expect(dialog).to_be_visible()
    press(page, "Escape", "/")
    expect(page.locator("#q")).to_be_focused()
    press(page, "j", "Escape", "Escape", "j")  # the first closes what the line offers
    assert chosen(page) == 2


def test_the_raw_message_is_made_larger_away_and_back_by_keys(person: Watched) -> None:
    page = opened(person)
    before = page.locator("#dock").bounding_box()
    press(page, "r")
    after = page.locator("#dock").bounding_box()
    assert before and after and after["width"] > before["width"]
    press(page, "t")
    expect(page.locator("#dock")).to_be_hidden()
    page.reload()
    expect(page.locator("#dock")).to_be_hidden()
    press(page, "t")
    expect(page.locator("#dock")).to_be_visible()
    page.evaluate("() => localStorage.clear()")


def test_the_splitter_is_dragged_and_kept(person: Watched) -> None:
    page = opened(person)
    box = page.locator("#splitter").bounding_box()
    assert box
    page.mouse.move(box["x"] + 2, box["y"] + 200)
    page.mouse.down()
    page.mouse.move(500, box["y"] + 200, steps=4)
    page.mouse.up()
    dock = page.locator("#dock").bounding_box()
    assert dock and abs(dock["x"] - 500) < 12
    page.reload()
    kept = page.locator("#dock").bounding_box()
    assert kept and abs(kept["x"] - dock["x"]) < 12
    page.locator("#splitter").focus()
    press(page, "ArrowRight", "ArrowRight")
    smaller = page.locator("#dock").bounding_box()
    assert smaller and smaller["width"] < kept["width"]
    page.evaluate("() => localStorage.clear()")


def test_a_head_dragged_onto_another_makes_them_one_column(person: Watched) -> None:
    page = opened(person)
    heads = page.locator("#ladder .hosts")
    expect(heads).to_have_count(4)
    one, other = heads.nth(3).bounding_box(), heads.nth(2).bounding_box()
    assert one and other
    page.mouse.move(one["x"] + 20, one["y"] + 15)
    page.mouse.down()
    page.mouse.move(other["x"] + 20, other["y"] + 15, steps=5)
    expect(heads.nth(2)).to_have_class(re.compile("target"))
    page.mouse.up()
    expect(page.locator("#ladder .hosts")).to_have_count(3)
    assert "hosts=" in page.url
    press(page, "f")
    page.locator("#hide-menu").get_by_role("link", name="apart").click()
    expect(page.locator("#ladder .hosts")).to_have_count(4)


def test_the_pointer_lights_the_transaction_and_less_so_its_other_hops(person: Watched) -> None:
    page = opened(person)
    arrows(page).nth(2).hover()
    expect(page.locator("#ladder a.same")).to_have_count(3)
    expect(page.locator("#ladder a.related")).to_have_count(9)
    arrows(page).nth(13).hover()
    expect(page.locator("#ladder a.same")).to_have_count(2)


def test_hints_explain_headers_on_hover_and_on_focus(person: Watched) -> None:
    page = opened(person)
    via = page.locator("#dock .tip", has_text="Via").first
    shown = "(element) => getComputedStyle(element, '::after').content"
    assert via.evaluate(shown) == "none"
    via.hover()
    assert "RFC 3261 20.42" in via.evaluate(shown)
    page.mouse.move(0, 0)
    page.locator("#dock .tip").first.focus()
    press(page, "Tab")
    focused = page.locator("#dock .tip:focus")
    assert "RFC" in focused.evaluate(shown)


def test_an_unfolded_body_stays_unfolded_for_the_next_message(person: Watched) -> None:
    page = opened(person)
    expect(page.locator("#dock .part-text")).to_be_hidden()
    expect(page.locator("#dock .part summary")).to_contain_text("audio PCMA telephone-event 198.51.100.10:4000")
    page.locator("#dock .part summary").click()
    expect(page.locator("#dock .part-text")).to_be_visible()
    press(page, "j", "j")
    expect(page.locator("#dock .raw")).to_contain_text("P-Asserted-Identity")
    expect(page.locator("#dock .part-text")).to_be_visible()
    page.context.clear_cookies(name="body")


def test_everything_works_without_a_script(without_script: Page) -> None:
    page = without_script
    page.goto(FLOW)
    expect(arrows(page)).to_have_count(MESSAGES)
    expect(page.locator("#splitter")).to_be_hidden()
    page.locator(".choices").get_by_role("link", name="SDP").click()
    expect(page.locator("#ladder .told").first).to_contain_text("PCMA")
    page.locator(".choices").get_by_role("link", name="Δ").click()
    expect(arrows(page).nth(1).locator(".time")).to_have_text("+1.0 ms")
    page.locator("#hide-menu summary").click()
    page.get_by_label("INVITE").check()
    page.get_by_label("Make 198.51.100.21 one column with others").check()
    page.get_by_label("Make 192.0.2.10 one column with others").check()
    page.locator("#hide-menu").get_by_role("button", name="Apply").click()
    expect(page.locator(".hidden-words")).to_be_visible()
    expect(page.locator("#ladder .hosts").nth(1)).to_contain_text("+ 1")
    assert "sdp=1" in page.url and "time=delta" in page.url
    page.locator(".hidden-words a").click()
    expect(arrows(page)).to_have_count(MESSAGES)
    page.locator(".choices").get_by_role("link", name="Raw").click()
    expect(page.locator("#flow")).to_have_class(re.compile("raw-wide"))
    page.locator("#dock").get_by_role("link", name="Mark").click()
    expect(page.locator("#ladder a.marked")).to_have_count(1)
    arrows(page).nth(2).locator("text.halo").first.click()
    page.locator("#dock").get_by_role("link", name="Compare with the marked message").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("against")
    page.locator(".unchanged summary").first.click()


def test_a_finger_chooses_scrolls_and_drags(appliance: Appliance, chromium: Browser, first_sign_in: SignIn) -> None:
    context = chromium.new_context(
        storage_state=first_sign_in.state,
        viewport={"width": 390, "height": 844},
        has_touch=True,
        is_mobile=True,
        base_url=appliance.url,
    )
    found = watched(context, appliance.url)
    page = found.open(FLOW)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
    page.locator("#flow").scroll_into_view_if_needed()
    page.locator(".choices").get_by_role("link", name="Δ").tap()
    expect(arrows(page).nth(1).locator(".time")).to_have_text("+1.0 ms")
    arrows(page).nth(1).locator("text.halo").tap()
    expect(page.locator("#dock .raw")).to_contain_text("100 Trying")
    page.evaluate("() => document.querySelector('#splitter').scrollIntoView({block: 'center'})")
    box = page.locator("#splitter").bounding_box()
    before = page.locator("#dock").bounding_box()
    assert box and before
    _swipe(page, box["x"] + 100, box["y"] + 6, -120)
    after = page.locator("#dock").bounding_box()
    assert after and after["height"] > before["height"] + 80
    context.close()
    assert found.complaints == []


def _swipe(page: Page, x: float, y: float, by: float) -> None:
    session = page.context.new_cdp_session(page)
    session.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for step in range(1, 6):
        point = {"x": x, "y": y + by * step / 5}
        session.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_two_thousand_messages_are_readable_and_the_rest_is_a_page_away(person: Watched) -> None:
    begun = time.monotonic()
    answer = person.page.context.request.get(links.call(LONG))
    taken = time.monotonic() - begun
    assert answer.ok and taken < 2.5, f"{taken:.2f} s on a machine that does much else"
    page = opened(person, links.call(LONG))
    expect(arrows(page)).to_have_count(2000)
    press(page, "End")
    expect(page.locator("#dock .raw")).to_contain_text("1000 INFO")
    assert chosen(page) == 2000
    page.locator(".pages").get_by_role("link", name="2").click()
    expect(arrows(page)).to_have_count(LONG_MESSAGES - 2000)
    expect(arrows(page).first.locator(".number")).to_have_text("2001")


def test_hostile_text_is_text_and_the_layout_holds(person: Watched) -> None:
    page = opened(person, links.call(WIDE))
    press(page, "j")
    expect(page.locator("#dock .raw")).to_contain_text("X-Big")
    page.wait_for_timeout(200)
    assert page.title() != "run"
    assert page.locator("script:not([src])").count() == 0 and page.locator("main img").count() == 0
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 1440
    for selector in ("#ladder", "#dock", ".choices"):
        box = page.locator(selector).bounding_box()
        assert box and box["x"] >= 0 and box["x"] + box["width"] <= 1441 and box["height"] > 20
    expect(page.locator("#dock .long summary").first).to_be_visible()
    text = page.locator("#dock").inner_text()
    assert "\x1b" not in text and "\u202e" not in text
    picture = page.context.request.get(links.call(WIDE, "flow.png"))
    assert picture.ok and picture.body().startswith(b"\x89PNG")
    ids = [arrow.get_attribute("data-message") or "" for arrow in arrows(page).all()]
    page = person.open(links.compare(ids[0], ids[1]))
    expect(page.locator(".compared").first).to_be_visible()
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 1440
    assert page.title() != "run"


def violations(page: Page) -> list[str]:
    found: list[dict[str, Any]] = Axe().run(page).response["violations"]
    return [
        f"{violation['id']}: {node['html'][:160]}: {node['failureSummary']}"
        for violation in found
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]


@pytest.fixture(params=[("light", 1440), ("dark", 1440), ("light", 390), ("dark", 390)], ids=str)
def reader(
    request: pytest.FixtureRequest, appliance: Appliance, chromium: Browser, first_sign_in: SignIn
) -> Iterator[Watched]:
    scheme, width = request.param
    context = chromium.new_context(
        storage_state=first_sign_in.state,
        viewport={"width": width, "height": 900},
        base_url=appliance.url,
        color_scheme=scheme,
    )
    found = watched(context, appliance.url)
    yield found
    context.close()
    assert found.complaints == []


def test_axe_finds_nothing_serious_in_any_look(reader: Watched) -> None:
    page = reader.open(f"{FLOW}?sdp=1&colour=transaction&hide=100&body=open")
    ids = [arrow.get_attribute("data-message") or "" for arrow in arrows(page).all()]
    assert violations(page) == []
    page.locator("#hide-menu summary").click()
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    assert violations(page) == []
    for address in (links.compare(ids[0], ids[1]), links.compare(ids[0], ids[1], noise="1"), links.message(ids[0])):
        assert violations(reader.open(address)) == []
        assert page.evaluate("() => document.documentElement.scrollWidth") <= page.viewport_size["width"]  # type: ignore[index]
