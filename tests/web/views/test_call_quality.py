import csv

import pytest
from starlette.testclient import TestClient

from appliance.export.streams import Stream
from appliance.web import links
from tests.web.stored import BEGUN_US, REPORTED

CALL = links.call(REPORTED)


def test_the_streams_of_a_call_have_figures_charts_and_their_reports(alice: TestClient) -> None:
    page = alice.get(f"{CALL}/quality")
    assert page.status_code == 200
    assert page.text.count('class="card stream"') == 1
    for words in ("192.0.2.3", "192.0.2.1", "told by the receiver", "10.2", "E-model", "times in UTC", "worst"):
        assert words in page.text
    assert page.text.count('class="figure f-') == 3
    assert "Not reported: round trip." in page.text
    assert page.text.count('<tr class="worst">') == 1
    assert "1 of 2 intervals good, 1" in page.text


def test_each_point_block_and_row_leads_to_its_report(alice: TestClient) -> None:
    page = alice.get(f"{CALL}/quality").text
    report = page.split('<tr class="worst"><td class="k-time"><a href="')[1].split('"')[0]
    assert page.count(f'"{report}"') >= 5
    shown = alice.get(report)
    assert shown.status_code == 200
    assert "What it says" in shown.text and "fraction" in shown.text.lower()


def test_strips_and_marks_stand_by_the_ladder(alice: TestClient) -> None:
    page = alice.get(CALL).text
    assert "media-lines" in page and page.count('class="strip-of-blocks"') == 1
    assert page.count('class="mark report"') == 1 and page.count('class="mark log"') == 1
    assert page.count('class="arrow') == 7


def test_a_call_without_reports_says_what_to_do(alice: TestClient) -> None:
    page = alice.get("/calls/answered-1@192.0.2.1/quality")
    assert page.status_code == 200
    assert "No report of this call" in page.text and 'href="/agents"' in page.text
    assert "media-lines" not in alice.get("/calls/answered-1@192.0.2.1").text


def test_the_figures_are_a_file(alice: TestClient) -> None:
    rows = list(csv.DictReader(alice.get(f"{CALL}/quality.csv").text.splitlines()))
    assert [row["direction"] for row in rows] == ["received", "received"]
    answer = alice.get(f"{CALL}/quality.json")
    assert "attachment" in answer.headers["content-disposition"]
    assert [row["callid"] for row in answer.json()["quality"]] == [REPORTED, REPORTED]


def test_a_script_takes_the_files_with_a_token(client: TestClient, token: dict[str, str]) -> None:
    assert client.get(f"{CALL}/quality.json", headers=token).status_code == 200


@pytest.mark.parametrize("tab", ["quality", "quality.csv", "logs"])
def test_an_unknown_call_is_not_found(alice: TestClient, tab: str) -> None:
    assert alice.get(f"/calls/nobody@nowhere/{tab}").status_code == 404


def test_a_part_of_the_time_is_drawn_closer(alice: TestClient) -> None:
    since = BEGUN_US + 7_000_000
    page = alice.get(f"{CALL}/quality?since={since}&until={since + 2_000_000}").text
    assert "Whole time" in page
    assert page.count('<a class="point') == 3
    for wrong in ("since=x&until=1", "since=5&until=2", f"since={'9' * 40}&until=1"):
        assert "Whole time" not in alice.get(f"{CALL}/quality?{wrong}").text


def test_the_worst_report_is_looked_for_once_a_stream_however_many_there_are(
    alice: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    worst, asked = Stream.worst.fget, list[Stream]()  # type: ignore[attr-defined]

    def counted(stream: Stream) -> object:
        asked.append(stream)
        return worst(stream)

    monkeypatch.setattr(Stream, "worst", property(counted))
    page = alice.get(f"{CALL}/quality").text
    assert (len(asked), page.count('<tr class="worst">')) == (1, 1)


def test_clock_and_r_factor_stand_beside_the_figures(alice: TestClient) -> None:
    page = alice.get(f"{CALL}/quality").text
    assert "at 8000 Hz, assumed, as no codec is told" in page
    assert 'title="R factor of the worst interval (ITU-T G.107)">R ' in page
    rows = alice.get(f"{CALL}/quality.json").json()["quality"]
    assert [(row["clock_rate_hz"], row["codec_from"]) for row in rows] == [(8000, None)] * 2
    assert rows[0]["r_factor"] > rows[1]["r_factor"]
