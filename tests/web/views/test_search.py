import re
import time
from urllib.parse import parse_qs

import pytest
from starlette.testclient import TestClient

from appliance.settings import Settings
from appliance.storage import audit
from appliance.storage.search import Limits
from appliance.web import links
from tests.web.conftest import in_database
from tests.web.stored import BEGUN_US, SCRIPT

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": "section#results"}


def test_it_shows_calls_as_rows_with_links(alice: TestClient) -> None:
    page = alice.get("/search?q=from:%2B4930111")
    assert page.status_code == 200
    assert "+4930222" in page.text and "completed" in page.text
    assert f'data-href="{links.call("answered-1@192.0.2.1")}?at=' in page.text
    assert "1 of 1 calls" in page.text


def test_it_shows_messages_with_homers_grid(alice: TestClient) -> None:
    page = alice.get("/search?q=callid:answered-1*&view=messages").text
    heads = ["Id", "Date", "Method", "Reason", "R-URI user", "From", "To", "Call-ID", "Other leg", "User agent"]
    heads += ["Source", "Port", "Destination", "Port", "Proto", "Node"]
    found = [part.split(">")[2].split("<")[0] for part in page.split('<th scope="col"')[1:]]
    assert found == heads
    assert "7 of 7 messages" in page


def test_the_tabs_count_both_views(alice: TestClient) -> None:
    page = alice.get("/search?q=callid:answered-1*")
    assert '<span class="count">1</span>' in page.text and '<span class="count">7</span>' in page.text


def test_it_pages_to_the_end_by_links(alice: TestClient) -> None:
    seen, address = [], "/search?q=method:OPTIONS&view=messages"
    for _ in range(3):
        page = alice.get(address).text
        seen += [part.split('"')[0] for part in page.split('<tr data-href="')[1:]]
        if 'rel="next" href="' not in page:
            break
        address = page.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert len(seen) == len(set(seen)) == 150


def test_it_pages_from_the_oldest_on_to_the_newest(alice: TestClient) -> None:
    seen, address = [], "/search?q=method:OPTIONS&view=messages&sort=ts&limit=40"
    while address:
        page = alice.get(address).text
        seen += [part.split('"')[0] for part in page.split('<tr data-href="')[1:]]
        assert 'aria-sort="ascending"' in page
        address = page.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&") if 'rel="next"' in page else ""
    newest = alice.get("/search?q=method:OPTIONS&view=messages&limit=1000").text
    assert seen == [part.split('"')[0] for part in newest.split('<tr data-href="')[1:]][::-1]
    assert len(seen) == 150


def test_by_another_column_a_page_is_long_and_says_when_it_is_not_all(alice: TestClient) -> None:
    page = alice.get("/search?q=method:OPTIONS&view=messages&sort=-callid").text
    assert "150 of 150 messages" in page and "in this order" not in page
    first = page.split("<tbody>")[1].split("</tr>")[0]
    assert "many-99" in first
    some = alice.get("/search?q=method:OPTIONS&view=messages&sort=-callid&limit=20").text
    assert "In this order are these 20 rows alone" in some or "in this order are these 20 rows alone" in some


def test_a_later_page_says_and_links_the_range_of_the_first(alice: TestClient) -> None:
    first = alice.get("/search?q=method:OPTIONS&view=messages&from=-7d&limit=100").text
    cursor = first.split("cursor=")[1].split('"')[0].split("&")[0]
    time.sleep(0.01)
    later = alice.get(f"/search?q=method:OPTIONS&view=messages&limit=100&cursor={cursor}").text
    assert "50 of 150 messages" in later
    assert range_of(later) == range_of(first) != ""
    assert parse_qs(permanent_link(later)) == parse_qs(permanent_link(first))


def range_of(page: str) -> str:
    """What the footer's title says."""
    return page.split(" UTC to ")[0].rsplit('"', 1)[1] + page.split(" UTC to ")[1].split('"')[0]


def test_times_that_were_typed_are_of_the_zone_that_the_form_says(alice: TestClient) -> None:
    alice.post("/account/zone", data={"zone": "Europe/Berlin"})
    assert '<input type="hidden" name="zone" value="Europe/Berlin">' in alice.get("/search").text
    answer = alice.get("/search?q=x&from=2026-11-23T10:00&to=&to.at=2026-11-23T11:30&zone=Europe/Berlin&from.at=")
    place = "/search?q=x&from=2026-11-23T09%3A00%3A00.000000Z&to=2026-11-23T10%3A30%3A00.000000Z"
    assert (answer.status_code, answer.headers["location"]) == (303, place)
    assert "2026-11-23 10:00 – 2026-11-23 11:30" in alice.get(place).text


def test_the_line_asks_in_the_same_columns_and_order(alice: TestClient) -> None:
    page = alice.get("/search?columns=state,started&sort=started&legs=apart").text
    for name, value in (("columns", "state,started"), ("sort", "started"), ("legs", "apart")):
        assert f'<input type="hidden" name="{name}" value="{value}" form="line">' in page


def test_htmx_gets_the_results_alone(alice: TestClient) -> None:
    part = alice.get("/search?q=from:%2B4930111", headers=HTMX)
    assert part.text.lstrip().startswith('<section id="results"')
    assert "HX-Request-Type" in part.headers["vary"]


def test_a_wrong_line_points_at_the_character_and_suggests(alice: TestClient) -> None:
    page = alice.get("/search?q=to:x form:%2B49*")
    assert page.status_code == 422
    assert "Character 6" in page.text
    assert "<code>to:x from:+49*</code>" in page.text
    assert 'value="to:x form:+49*"' in page.text


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("from=yesterday", "is not a time"),
        ("from=now&to=-1h", "ends before it begins"),
        ("view=nothing", "There is no view"),
        ("limit=0", "`limit` is a number"),
        ("limit=99999999999999999999", "`limit` is a number"),
        ("cursor=nonsense", "cursor"),
        ("legs=some", "legs"),
        ("options=some", "options"),
        ("q=aor:x", "Character 1"),
        ("q=" + "x" * 4097, "may have 4096 octets, this one has 4097"),
        ("q=" + "%C3%A4" * 2049, "this one has 4098"),
    ],
)
def test_bad_input_is_told_in_a_sentence(alice: TestClient, query: str, words: str) -> None:
    page = alice.get(f"/search?{query}")
    assert page.status_code == 422
    assert words in page.text


def test_nothing_found_says_what_to_do_next(alice: TestClient) -> None:
    page = alice.get("/search?q=from:nobody")
    assert page.status_code == 200
    assert "No calls fit this query" in page.text and "last 7 days" in page.text


def test_the_form_leads_to_its_line(alice: TestClient) -> None:
    answer = alice.get("/search?f.from=%2B49*&f.status=5xx&f.words=&from=-3h&to=&view=messages")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/search?q=from%3A%2B49%2A+status%3A5xx&from=-3h&view=messages"
    assert alice.get("/search/line?f.from=%2B49*&f.status=5xx").text == "from:+49* status:5xx"


def test_the_line_fills_the_form(alice: TestClient) -> None:
    page = alice.get("/search?q=ua:friendly* src:10.0.0.0/8").text
    assert 'name="f.ua" value="friendly*"' in page
    assert 'name="f.src" value="10.0.0.0/8"' in page


def test_the_permanent_link_holds_the_range(alice: TestClient) -> None:
    page = alice.get("/search?q=from:%2B4930111").text
    address = permanent_link(page)
    assert "from=20" in address and "to=20" in address
    assert "1 of 1 calls" in alice.get(address).text


def permanent_link(page: str) -> str:
    return page.split('title="The same rows tomorrow')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")


def test_a_search_that_took_too_long_names_what_was_not_looked_at(
    alice: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Limits, "of", lambda settings: Limits(seconds=0.0))
    page = alice.get("/search?from=-7d")
    assert page.status_code == 503
    assert "The time for a search was over; not looked at" in page.text
    assert " to 20" in page.text and "choose a shorter time." in page.text


def test_a_page_on_which_nothing_was_found_yet_reads_on(alice: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Limits, "of", lambda settings: Limits(text_messages=1))
    soon_after = f"{BEGUN_US / 1e6 + 3:.6f}"
    page = alice.get(f"/search?q=text:nobody-has-this&view=messages&from=-7d&to={soon_after}").text
    assert "Nothing yet." in page and "No messages" not in page
    assert "messages were read back to" in page
    further = page.split('<p hx-get="')[1].split('"')[0].replace("&amp;", "&")
    assert f'href="{further.replace("&", "&amp;")}"' in page
    monkeypatch.undo()
    assert "No messages fit this query" in alice.get(further).text


@pytest.mark.parametrize("view", ["calls", "messages"])
def test_what_the_network_sent_is_text(alice: TestClient, view: str) -> None:
    page = alice.get(f"/search?view={view}&q=status:486")
    assert page.status_code == 200
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text
    assert SCRIPT not in page.text


def test_what_was_typed_is_text(alice: TestClient) -> None:
    page = alice.get("/search", params={"q": f'from:"{SCRIPT}', "from": SCRIPT, "to": '"><b>'})
    assert SCRIPT not in page.text and '"><b>' not in page.text


def test_nobody_is_sent_to_sign_in(client: TestClient) -> None:
    assert client.get("/search?q=x").headers["location"] == "/login?next=/search%3Fq%3Dx"
    assert client.get("/search?q=x", headers=HTMX).headers["hx-redirect"] == "/login"
    assert client.get("/search.csv", headers={"accept": "*/*"}).status_code == 401


def test_a_wrong_method_is_told(alice: TestClient) -> None:
    assert alice.post("/search").status_code == 405


def test_a_search_is_written_down(alice: TestClient, settings: Settings) -> None:
    alice.get("/search?q=from:%2B4930111")
    entry = in_database(settings.mysql, audit.entries)[0]
    assert entry.action == "searched" and entry.object.endswith(" from:+4930111")


def test_registrations_are_rows_with_their_own_pages(alice: TestClient) -> None:
    page = alice.get("/search?view=registrations&q=aor:reg-1@example.com")
    assert page.status_code == 200
    assert 'href="/registrations/reg-1@example.com?binding=' in page.text
    assert "1 of 1 registrations" in page.text and 'class="state s-registered"' in page.text


def test_options_of_the_same_two_ends_are_one_row_unless_apart(alice: TestClient) -> None:
    page = alice.get("/search?view=dialogs&q=method:OPTIONS").text
    assert page.count("<tr data-href") == 1
    assert "0 ok" in page and "150 failed" in page
    assert "options=apart" in page and "OPTIONS apart" in page
    apart = alice.get("/search?view=dialogs&q=method:OPTIONS&options=apart").text
    assert apart.count("<tr data-href") == 100
    assert 'rel="next" href="' in apart and "Fold OPTIONS" in apart


@pytest.mark.parametrize("view", ["registrations", "dialogs"])
def test_what_the_network_sent_in_them_is_text(alice: TestClient, view: str) -> None:
    page = alice.get(f"/search?view={view}").text
    assert SCRIPT not in page
    assert ("&lt;script&gt;" in page) == (view == "registrations")


def test_of_many_dialogs_the_tab_says_how_many(alice: TestClient) -> None:
    page = alice.get("/search?q=method:OPTIONS").text
    assert re.search(r">Dialogs <span class=\"count\">(150|\d+\+)<", page), "all, or as many as there was time for"
    assert ">Registrations</a>" in page, "it cannot be asked for a method"
    assert '>Registrations <span class="count">1</span>' in alice.get("/search?q=reg-1@example.com").text
