from xml.etree import ElementTree

from appliance.export.quality_svg import (
    METRICS,
    MOST_BLOCKS,
    MOST_POINTS,
    Moment,
    chart,
    curve,
    figures,
    in_words,
    strip,
)
from appliance.export.streams import blocks, streams
from tests.export.reports import START_US, report

SVG = "{http://www.w3.org/2000/svg}"
MOS, LOSS, JITTER, ROUND_TRIP = METRICS
SPAN = (START_US, START_US + 60_000_000)


def parsed(drawing: str) -> ElementTree.Element:
    return ElementTree.fromstring(drawing.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))


def link(number: str) -> str:
    return f"/messages/{number}"


def test_each_report_is_a_titled_point_that_leads_to_it_and_the_worst_is_marked() -> None:
    (stream,) = streams([report(5, mos=4.4), report(10, mos=3.0), report(15, mos=4.2)])
    drawn = chart(stream, MOS, SPAN, link)
    points = parsed(drawn).findall(f"{SVG}a")
    assert [point.get("href") for point in points] == [f"/messages/t1-rtcp-{n}" for n in (5, 10, 15)]
    assert [point.get("class") for point in points] == ["point", "point worst", "point"]
    assert (points[1].findtext(f"{SVG}title") or "").startswith("Worst: 2026-11-23 10:11:22.000000 UTC\nMOS 3")
    assert "MOS over time, 3 reports, worst 3 at 10:11:22 UTC" in drawn


def test_what_nobody_told_is_not_drawn() -> None:
    (stream,) = streams([report(5, mos=4.4)])
    assert chart(stream, ROUND_TRIP, SPAN, link) == ""


def test_the_axis_of_mos_is_that_of_the_scale_and_others_begin_at_nothing() -> None:
    (stream,) = streams([report(5, mos=4.4, loss_percent=3.1), report(10, mos=4.0, loss_percent=0.0)])
    ticks = [text.text for text in parsed(chart(stream, MOS, SPAN, link)).findall(f"{SVG}text[@class='tick end']")]
    assert ticks == ["1", "2", "3", "4", "5"]
    ticks = [text.text for text in parsed(chart(stream, LOSS, SPAN, link)).findall(f"{SVG}text[@class='tick end']")]
    assert ticks == ["0", "2.5", "5"]


def test_a_long_call_keeps_its_worst_moments() -> None:
    rows = [report(n, jitter_ms=500.0 if n == 777 else 5.0) for n in range(1, 2001)]
    (stream,) = streams(rows)
    points = parsed(chart(stream, JITTER, (START_US, START_US + 2_000_000_000), link)).findall(f"{SVG}a")
    assert len(points) <= MOST_POINTS
    assert [point.get("href") for point in points if "worst" in (point.get("class") or "")] == ["/messages/t1-rtcp-777"]


def test_blocks_tell_by_height_and_in_words_what_they_tell_by_colour() -> None:
    (stream,) = streams([report(5, mos=4.4), report(10, mos=3.7), report(15, mos=2.0), report(20)])
    drawn = strip(blocks(stream), SPAN, "Quality from A to B", link)
    bars = parsed(drawn).findall(f"{SVG}a")
    heights = [rect.get("height") for bar in bars for rect in bar.findall(f"{SVG}rect") if rect.get("class") != "hit"]
    assert heights == ["8", "14", "20", "3"]
    assert "Quality from A to B: 1 of 4 intervals good, 1 fair, 1 bad, 1 unknown" in drawn
    assert (bars[2].findtext(f"{SVG}title") or "") == "10:11:22 – 10:11:27 UTC\nbad: MOS 2"


def test_a_strip_of_a_long_call_has_room_for_its_blocks() -> None:
    (stream,) = streams([report(n, mos=4.4) for n in range(1, 2001)])
    assert strip(blocks(stream), (START_US, START_US + 2_000_000_000), "x", link).count("<a ") <= MOST_BLOCKS


def test_what_the_network_sent_is_escaped() -> None:
    (stream,) = streams([report(5, mos=4.4, id_="<script>"), report(6, mos=4.3, id_="b")])
    for drawn in (chart(stream, MOS, SPAN, link), strip(blocks(stream), SPAN, "<script>", link)):
        assert "<script" not in drawn
        parsed(drawn)


def test_nothing_needs_a_style_inline() -> None:
    (stream,) = streams([report(5, mos=4.4)])
    assert "style" not in chart(stream, MOS, SPAN, link) + strip(blocks(stream), SPAN, "x", link)


def test_an_hourly_curve_names_its_days() -> None:
    hours = [Moment(START_US + n * 3_600_000_000, 4.0, "t", "/x") for n in range(40)]
    drawn = curve(MOS, hours, (START_US, START_US + 40 * 3_600_000_000), "MOS by hour", hourly=True)
    assert ">2026-11-24<" in drawn and ">12:00<" in drawn


def test_values_and_intervals_in_words() -> None:
    (stream,) = streams([report(5, mos=4.4), report(10, mos=4.4)])
    assert in_words(blocks(stream)) == "all 2 intervals good"
    assert in_words([]) == "no reports"
    assert figures(report(5, mos=4.4, loss_percent=0.4, jitter_ms=7.0).measured) == "MOS 4.4, loss 0.4 %, jitter 7 ms"
    assert figures(report(5).measured) == "no figures"
