from dataclasses import replace
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.export.ladder_svg import heads, svg, svg_file
from appliance.export.prepared import prepared
from appliance.model.octets import text
from tests.calls.made import flow
from tests.calls.recorded import recorded
from tests.captures import load_json

SVG = "{http://www.w3.org/2000/svg}"
ROWS = flow("0 A>P INVITE content_type=application/sdp", "1 P>A 100 INVITE", "500 A>P INVITE", "900 P>P INFO")


def parsed(drawing: str) -> ElementTree.Element:
    return ElementTree.fromstring(drawing)


def arrows(drawing: str) -> list[ElementTree.Element]:
    return parsed(drawing).findall(f".//{SVG}a")


def test_every_message_is_a_link_with_its_id_and_what_it_says() -> None:
    found = arrows(svg(prepared(ROWS).ladder))
    assert [arrow.get("href") for arrow in found] == [f"/messages/{row.id}" for row in ROWS]
    assert [arrow.get("data-message") for arrow in found] == [row.id for row in ROWS]
    assert [arrow.get("id") for arrow in found] == [f"m-{row.id}" for row in ROWS]
    title = found[0].findtext(f"{SVG}title") or ""
    assert title.splitlines() == [
        "1  INVITE (SDP)", "10.0.0.1:5060 -> 10.0.0.16:5060 udp", "2026-11-23 10:11:12.000000 UTC", "agent tap",
    ]  # fmt: skip


def test_classes_tell_the_kind_and_the_retransmission() -> None:
    again = replace(ROWS[0], id="again", ts=ROWS[0].ts + 500_000, filed_ts=ROWS[0].ts + 500_000)
    classes = [(arrow.get("class") or "").split() for arrow in arrows(svg(prepared([*ROWS[:2], again]).ladder))]
    assert classes == [["arrow", "request"], ["arrow", "r1", "odd"], ["arrow", "request", "again"]]


def test_nothing_needs_an_inline_style_or_a_script() -> None:
    for drawing in (svg(prepared(ROWS).ladder), heads(prepared(ROWS).ladder)):
        assert "style" not in drawing
        assert "<script" not in drawing
        assert "xlink" not in drawing


def test_the_heads_are_as_wide_as_the_body() -> None:
    ladder = prepared(ROWS).ladder
    assert parsed(heads(ladder)).get("width") == parsed(svg(ladder)).get("width") == str(ladder.width)


def test_the_file_stands_alone_in_light_and_dark_and_says_what_it_is() -> None:
    root = parsed(svg_file(prepared(ROWS).ladder, title="Call c1"))
    assert root.findtext(f"{SVG}title") == "Call c1"
    assert root.findtext(f"{SVG}desc") == "4 messages between 2 hosts, times in UTC"
    assert "prefers-color-scheme: dark" in (root.findtext(f"{SVG}style") or "")
    assert root.get("aria-labelledby") == "title desc"


@pytest.mark.parametrize(("times", "large", "small"), [
    ("absolute", "10:11:12.001000", "+1.0 ms"),
    ("delta", "+1.0 ms", "10:11:12.001000"),
    ("relative", "+1.0 ms", "+1.0 ms"),
])  # fmt: skip
def test_the_time_column_shows_what_is_asked_for(times: str, large: str, small: str) -> None:
    second = arrows(svg(prepared(ROWS).ladder, times=times))[1]  # type: ignore[arg-type]
    texts = {element.get("class"): element.text for element in second.findall(f"{SVG}text")}
    assert (texts["time"], texts["delta"]) == (large, small)


def test_links_go_where_the_page_says() -> None:
    assert arrows(svg(prepared(ROWS).ladder, link=lambda id_: f"#{id_[-1]}"))[0].get("href") == "#0"


def test_markup_from_the_network_is_text() -> None:
    evil = '"><script>alert(1)</script><x y="'
    row = replace(ROWS[1], reply_reason=evil, callid=evil, node=evil, source_ip=evil, id=evil, method="200")
    names = {"10.0.0.1": evil}
    for drawing in (svg(prepared([row], names).ladder), svg_file(prepared([row], names).ladder, title=evil)):
        assert "<script" not in drawing
        assert parsed(drawing).find(f".//{SVG}script") is None


@given(st.binary(max_size=60), st.binary(max_size=40))
@settings(max_examples=150, deadline=None)
def test_any_octets_give_well_formed_xml(reason: bytes, other: bytes) -> None:
    row = replace(ROWS[1], reply_reason=text(reason), cseq_method=text(other), source_ip=text(other), node=text(reason))
    ladder = prepared([row, ROWS[0]], {"10.0.0.1": text(other)}).ladder
    for drawing in (svg(ladder), heads(ladder), svg_file(ladder, title=text(reason))):
        parsed(drawing.encode("utf-8").decode("utf-8"))


@pytest.mark.parametrize("name", sorted(load_json("tshark_dialogs")["files"]))
def test_every_capture_is_drawn(name: str) -> None:
    ladder = prepared(recorded(name)).ladder
    assert len(arrows(svg_file(ladder))) == len(ladder.arrows)


def test_the_bars_of_legs_come_with_the_second_call_id() -> None:
    other = replace(flow("5 P>B INVITE")[0], callid="second", id="x")
    assert "leg-" not in svg(prepared(ROWS).ladder)
    assert "leg-1" in svg(prepared([*ROWS, other]).ladder)


def test_a_call_without_messages_is_drawn() -> None:
    assert parsed(svg_file(prepared([]).ladder)).get("width")
