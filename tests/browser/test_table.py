"""The result table as a person handles it: columns, order, time, refresh, cancel; and the same without JavaScript."""

import random
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

import pymysql
import pytest
from playwright.sync_api import Locator, Page, expect

from appliance.capture.demo import traffic
from appliance.hep.encode import encode
from appliance.model.kinds import calls_table, day_of
from appliance.query.times import time_us
from tests.appliance import Appliance, eventually
from tests.browser.conftest import Watched
from tests.browser.traffic import datagram, sip

pytestmark = [pytest.mark.browser, pytest.mark.appliance, pytest.mark.timeout(300)]

CALLS = 130
RANGE = "from=-30m"


@pytest.fixture(scope="module", autouse=True)
def calls(appliance: Appliance) -> None:
    """More than a page of calls within the last ten minutes."""
    begun = time.time_ns() // 1000 - 600_000_000
    packets = [encode(packet) for packet in traffic(random.Random(7), begun, CALLS / 120, 180)]
    for start in range(0, len(packets), 200):
        appliance.send(*packets[start : start + 200])
        time.sleep(0.05)
    eventually(lambda: len(appliance.search()) > 105, seconds=40)
    time.sleep(3)


def heads(page: Page) -> list[str]:
    return [str(head.get_attribute("data-column")) for head in page.locator("#results thead th[data-column]").all()]


def head(page: Page, name: str) -> Locator:
    return page.locator(f"#results thead th[data-column='{name}']")


def stays(page: Page) -> None:
    """From here on the page must not be loaded anew."""
    page.evaluate("() => { window.stays = true }")


def stayed(page: Page) -> bool:
    return bool(page.evaluate("() => window.stays === true"))


def defaults(page: Page) -> None:
    page.locator("#columns summary").click()
    page.get_by_role("button", name="Defaults").click()
    expect(head(page, "callid")).to_be_visible()


def test_columns_are_moved_by_drag_and_key_and_kept(person: Watched) -> None:
    page = person.open(f"/search?{RANGE}")
    stays(page)
    first = heads(page)
    head(page, "state").locator("a").drag_to(head(page, "started"), target_position={"x": 4, "y": 10})
    expect(page.locator("#results thead th[data-column]").first).to_have_attribute("data-column", "state")
    head(page, "state").locator("a").focus()
    page.keyboard.press(">")
    expect(page.locator("#results thead th[data-column]").nth(1)).to_have_attribute("data-column", "state")
    expect(head(page, "state").locator("a")).to_be_focused()
    page.keyboard.press(">")
    expect(page.locator("#results thead th[data-column]").nth(2)).to_have_attribute("data-column", "state")
    assert stayed(page)
    page.reload()
    assert heads(page) == [first[0], first[2], "state", *first[3:]]
    defaults(page)
    assert heads(page) == first


def test_columns_are_sized_by_drag_and_key_and_fitted(person: Watched) -> None:
    page = person.open(f"/search?{RANGE}")
    grip = head(page, "from_user").locator(".grip").bounding_box()
    assert grip is not None
    x, y = grip["x"] + grip["width"] / 2, grip["y"] + 10
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 60, y, steps=4)
    with page.expect_request("**/search/columns"):
        page.mouse.up()
    expect(head(page, "from_user")).to_have_class(r"k-wire c-from_user sized")
    narrow = head(page, "from_user").bounding_box()
    page.wait_for_timeout(200)
    page.reload()
    kept = head(page, "from_user").bounding_box()
    assert narrow is not None and kept is not None and abs(narrow["width"] - kept["width"]) < 3
    head(page, "from_user").locator("a").focus()
    with page.expect_request("**/search/columns"):
        page.keyboard.press("+")
    wider = head(page, "from_user").bounding_box()
    assert wider is not None and wider["width"] > kept["width"] + 8
    with page.expect_request("**/search/columns"):
        head(page, "from_user").locator(".grip").dblclick(force=True)
    expect(head(page, "from_user")).to_have_class(r"k-wire c-from_user")
    page.wait_for_timeout(200)
    defaults(page)


def test_columns_of_an_address_are_not_taken_for_ones_own(person: Watched) -> None:
    page = person.open(f"/search?{RANGE}&columns=started,state,callid")
    head(page, "state").locator("a").focus()
    page.keyboard.press("+")
    page.wait_for_function("() => location.search.includes('state%3A')")
    assert len(heads(person.open(f"/search?{RANGE}"))) == 20


def test_a_head_sorts_and_says_so(person: Watched) -> None:
    page = person.open(f"/search?{RANGE}")
    stays(page)
    head(page, "started").locator("a").click()
    expect(head(page, "started")).to_have_attribute("aria-sort", "ascending")
    head(page, "setup_ms").locator("a").click()
    expect(head(page, "setup_ms")).to_have_attribute("aria-sort", "descending")
    assert "sort=-setup_ms" in page.url and stayed(page)
    assert page.locator("#results tbody tr").count() > 105


def names(page: Page) -> list[str]:
    return [str(row.get_attribute("data-name")) for row in page.locator("#results tbody tr").all()]


@pytest.mark.parametrize("sort", ["", "&sort=started"])
def test_pages_reach_the_end_without_a_gap_while_calls_arrive(person: Watched, appliance: Appliance, sort: str) -> None:
    page = person.open(f"/search?{RANGE}&limit=30{sort}")
    total = int(page.locator(".foot [role=status]").first.inner_text().split(" of ")[1].split()[0])
    found = names(page)
    while page.locator("a.older").count():
        now = time.time_ns() // 1000
        appliance.send(datagram(sip("INVITE sip:+1@example.com SIP/2.0", f"late-{now}", "1 INVITE"), now))
        before = page.url
        page.locator("a.older").click()
        page.wait_for_url(lambda address, before=before: address != before)  # type: ignore[misc]
        found += names(page)
    # calls of before that were settled meanwhile may have come in between
    assert len(found) == len(set(found)) >= total > 105


def test_a_bar_of_time_narrows_and_the_line_follows(person: Watched) -> None:
    page = person.open(f"/search?{RANGE}")
    stays(page)
    bar = page.locator("svg.over-time a:has(rect:not(.hit))").first
    bar.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**from=20*")
    assert stayed(page)
    expect(page.locator(".range-words")).to_contain_text("–")
    assert page.locator("#line input[name=from]").input_value().startswith("20")
    expect(page.locator("svg.over-time")).to_be_visible()


def asked(page: Page) -> tuple[int, int]:
    """The range of the address, microseconds."""
    page.wait_for_url("**from=20*")
    query = parse_qs(urlsplit(page.url).query)
    return time_us(query["from"][0], 0, "from"), time_us(query["to"][0], 0, "to")


def test_dragging_over_the_bars_narrows(person: Watched) -> None:
    page = person.open("/search?from=-1h")
    box = page.locator("svg.over-time").bounding_box()
    assert box is not None
    whole = [int(str(page.locator("svg.over-time").get_attribute(f"data-{end}"))) for end in ("from", "to")]
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.75, box["y"] + 20, steps=5)
    page.mouse.up()
    start, end = asked(page)
    assert abs(start - (whole[0] + whole[1]) // 2) < 20_000_000
    assert abs(end - start - 900_000_000) < 20_000_000


def test_bars_are_walked_and_stretched_by_keys(person: Watched) -> None:
    page = person.open("/search?from=-1h")
    bars = page.locator("svg.over-time a")
    bars.first.focus()
    for key in ("ArrowRight", "ArrowRight", "Shift+ArrowRight", "Shift+ArrowRight"):
        page.keyboard.press(key)
    expect(page.locator("svg.over-time a.within")).to_have_count(3)
    wanted = bars.nth(2).get_attribute("data-from"), bars.nth(4).get_attribute("data-to")
    page.keyboard.press("Enter")
    assert asked(page) == (int(str(wanted[0])), int(str(wanted[1])))


def test_it_refreshes_in_place_and_waits_while_a_row_is_chosen(person: Watched, appliance: Appliance) -> None:
    page = person.open(f"/search?{RANGE}")
    stays(page)
    page.locator("#refresh").select_option("5")
    page.locator("#rows").evaluate("rows => { rows.scrollTop = 600 }")
    seen = page.evaluate("() => document.elementFromPoint(300, 600).closest('tr').dataset.name")
    now = time.time_ns() // 1000
    appliance.send(datagram(sip("INVITE sip:+2@example.com SIP/2.0", f"fresh-{now}", "1 INVITE"), now))
    row = page.locator(f"#results tbody tr[data-callid='fresh-{now}']")
    expect(row).to_have_count(1, timeout=20_000)
    expect(row).to_have_class("st-setup new")
    assert page.evaluate("() => document.elementFromPoint(300, 600).closest('tr').dataset.name") == seen
    assert stayed(page) and page.url.endswith(RANGE)
    page.locator("#results tbody tr").nth(25).locator("td").nth(2).click()
    expect(page.locator("#refreshed")).to_contain_text("a row is chosen")
    later = time.time_ns() // 1000
    appliance.send(datagram(sip("INVITE sip:+3@example.com SIP/2.0", f"fresh-{later}", "1 INVITE"), later))
    page.wait_for_timeout(6500)
    waiting = page.locator(f"#results tbody tr[data-callid='fresh-{later}']")
    expect(waiting).to_have_count(0)
    page.keyboard.press("Escape")
    expect(waiting).to_have_count(1, timeout=20_000)
    page.locator("#refresh").select_option("")


@contextmanager
def held(appliance: Appliance) -> Iterator[pymysql.Connection]:  # type: ignore[type-arg]
    """Whoever reads today's calls waits."""
    connection = pymysql.connect(unix_socket=str(appliance.data_dir / "run" / "mysql.sock"), user="hepbox", db="hepbox")
    with connection, connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLES `{calls_table(day_of(time.time_ns() // 1000))}` WRITE")
        yield connection
        cursor.execute("UNLOCK TABLES")


def waiting(connection: pymysql.Connection) -> int:  # type: ignore[type-arg]
    """Statements of searches that wait for the table."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW FULL PROCESSLIST")
        return sum("max_statement_time" in str(row[7] or "") for row in cursor.fetchall())


def test_cancel_ends_a_search_in_the_database(person: Watched, appliance: Appliance) -> None:
    page = person.open(f"/search?{RANGE}")
    expect(page.locator("svg.over-time")).to_be_visible()
    rows = page.locator("#results tbody tr").count()
    with held(appliance) as connection:
        page.locator("#q").fill("from:nobody")
        page.keyboard.press("Enter")
        expect(page.locator("#running button")).to_be_visible()
        eventually(lambda: waiting(connection) > 0)
        page.locator("#running button").click()
        eventually(lambda: waiting(connection) == 0, seconds=5)
    expect(page.locator("#running")).to_contain_text("Cancelled")
    assert page.locator("#results tbody tr").count() == rows


def test_a_newer_search_ends_the_older(person: Watched, appliance: Appliance) -> None:
    page = person.open(f"/search?{RANGE}")
    expect(page.locator("svg.over-time")).to_be_visible()
    with held(appliance) as connection:
        page.locator("#q").fill("from:nobody")
        page.keyboard.press("Enter")
        eventually(lambda: waiting(connection) > 0)
        page.get_by_role("link", name=re.compile("^Logs")).click()
        page.wait_for_url("**view=logs*")
    expect(page.locator("#results a[aria-current=page]")).to_contain_text("Logs")


def test_rows_are_walked_marked_and_opened_by_keys(person: Watched) -> None:
    page = person.open(f"/search?{RANGE}")
    for key in ("j", "j", "j", "k"):
        page.keyboard.press(key)
    expect(page.locator("#results tbody tr").nth(1)).to_have_attribute("aria-selected", "true")
    page.keyboard.press(" ")
    page.keyboard.press("j")
    page.keyboard.press(" ")
    expect(page.locator("#marked")).to_contain_text("2 marked")
    page.locator("#marked a").click()
    expect(page.locator("#results tbody tr")).to_have_count(2)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/calls/**")


def test_rows_of_the_page_are_sifted(person: Watched) -> None:
    page = person.open(f"/search?{RANGE}")
    page.locator("#sift").fill("BUSY")
    expect(page.locator("#sifted")).to_contain_text("of these")
    visible = page.locator("#results tbody tr:visible")
    assert 0 < visible.count() < 100
    expect(visible.first).to_contain_text("busy")


def test_times_are_shown_and_typed_in_a_persons_zone(person: Watched) -> None:
    page = person.open("/account")
    page.locator("select[name=zone]").select_option("Asia/Kathmandu")
    page.locator("#zone button").click()
    expect(page.locator("p[role=status]")).to_contain_text("Asia/Kathmandu")
    page.goto(f"/search?{RANGE}")
    expect(page.locator("#results tbody time").first).to_have_attribute("title", _zoned("+0545 (UTC+05:45)"))
    page.locator(".range.menu summary").click()
    page.locator("#line input[name=from]").fill("2026-11-23T10:00")
    page.locator("#line input[name=to]").fill("2026-11-23T11:00")
    page.locator(".range.menu button").click()
    page.wait_for_url("**from=2026-11-23T04*")
    expect(page.locator(".range-words")).to_have_text("2026-11-23 10:00 – 2026-11-23 11:00")
    page.goto("/account")
    page.locator("select[name=zone]").select_option("")
    page.locator("#zone button").click()


def _zoned(end: str) -> "re.Pattern[str]":
    return re.compile(re.escape(end) + "$")


def test_the_same_without_javascript(without_script: Page) -> None:
    page = without_script
    page.goto(f"/search?{RANGE}&limit=50")
    page.locator("#columns summary").click()
    page.locator("#columns input[value=causes]").uncheck()
    page.locator("#columns input[name='place.state']").fill("0")
    page.locator("#columns input[name='width.from_user']").fill("90")
    page.get_by_role("button", name="Show these").click()
    assert heads(page)[0] == "state" and "causes" not in heads(page)
    box = head(page, "from_user").bounding_box()
    assert box is not None and abs(box["width"] - 90) < 20
    defaults(page)
    head(page, "started").locator("a").click()
    expect(head(page, "started")).to_have_attribute("aria-sort", "ascending")
    seen = names(page)
    while page.locator("a.older").count():
        page.locator("a.older").click()
        seen += names(page)
    assert len(seen) == len(set(seen)) > 105
    page.goto("/search?from=-1h")
    page.get_by_role("link", name="Count over time").click()
    page.locator("svg.over-time a:has(rect:not(.hit)) rect.hit").first.click()
    assert "from=20" in page.url
    expect(page.locator("svg.over-time")).to_be_visible()
    page.locator(".range.menu summary").click()
    page.locator("#line input[name='from.at']").fill("2026-11-23T10:00")
    page.locator(".range.menu button").click()
    assert "from=2026-11-23T10" in page.url
