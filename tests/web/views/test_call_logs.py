from starlette.testclient import TestClient

from appliance.model.kinds import Kind
from appliance.model.quality import LogRow
from appliance.web import links
from appliance.web.views.call_logs import MOST_CHARACTERS, shown_log
from tests.web.stored import REPORTED, SCRIPT


def row(text: str) -> LogRow:
    return LogRow(2_000_000, "c1", "10.0.0.1", "edge-1", Kind.LOG, text, "t1-log-1")


def test_lines_and_events_stand_in_order_of_time_as_text(alice: TestClient) -> None:
    page = alice.get(links.call(REPORTED, "logs")).text
    assert page.count('<li id="m-') == 2
    assert page.index("INFO:") < page.index("&#34;event&#34;")
    assert SCRIPT not in page and "&lt;script&gt;" in page
    assert "+1.500 s" in page and "edge-1" in page


def test_a_call_without_lines_says_what_to_do(alice: TestClient) -> None:
    page = alice.get("/calls/answered-1@192.0.2.1/logs")
    assert page.status_code == 200
    assert "No log line" in page.text and 'href="/agents"' in page.text


def test_json_stands_in_lines() -> None:
    found = shown_log(row('{"a": {"b": 1}}'), 500_000)
    assert found.text == '{\n  "a": {\n    "b": 1\n  }\n}'
    assert (found.lines, found.since_us, found.cut, found.words) == (5, 1_500_000, False, "log")


def test_a_very_long_line_is_cut_here() -> None:
    found = shown_log(row("x" * 70_000), 0)
    assert found.cut and len(found.text) == MOST_CHARACTERS
