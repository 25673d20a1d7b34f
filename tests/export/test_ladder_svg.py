from dataclasses import replace
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.calls.picture import WHOLE, Colours, Times
from appliance.export.hues import hue_of
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


def test_a_ladder_without_arrows_has_no_day() -> None:
    assert "1970" not in svg(prepared([]).ladder) + svg_file(prepared([]).ladder)


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
    second = arrows(svg(prepared(ROWS, None, replace(WHOLE, time=Times(times))).ladder))[1]
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
    drawing = svg(prepared([*ROWS, other]).ladder)
    assert f"leg-{hue_of('c1@made')}" in drawing and f"leg-{hue_of('second')}" in drawing
    assert [element.text for element in parsed(drawing).findall(f".//{SVG}text[@class='leg-number']")] == list("11211")


def test_a_call_without_messages_is_drawn() -> None:
    assert parsed(svg_file(prepared([]).ladder)).get("width")


SDP = b"INVITE sip:a SIP/2.0\r\n\r\nv=0\r\nc=IN IP4 %s\r\nm=audio %d RTP/AVP 8\r\n"
TALK = flow("0 A>P INVITE", "1 P>A 200 INVITE")
TALK = [replace(TALK[0], raw=SDP % (b"10.0.0.1", 4000)), replace(TALK[1], raw=SDP % (b"10.0.0.16", 6000))]


def texts(drawing: str) -> str:
    return "\n".join(parsed(drawing).itertext())


def test_media_is_a_double_arrow_with_its_codec() -> None:
    drawing = svg(prepared(TALK).ladder)
    assert "PCMA · :4000 ↔ :6000" in texts(drawing)
    (media,) = [group for group in parsed(drawing).iter(f"{SVG}g") if "media" in (group.get("class") or "").split()]
    tip = next(path for path in media.iter(f"{SVG}path") if path.get("class") == "tip")
    assert (tip.get("d") or "").count("Z") == 2
    assert "PCMA" not in texts(svg(prepared(TALK, None, replace(WHOLE, media=False)).ladder))


def test_descriptions_stand_under_their_arrows_when_they_are_asked_for() -> None:
    assert "PCMA 10.0.0.1:4000" in texts(svg(prepared(TALK, None, replace(WHOLE, sdp=True)).ladder))


def test_transactions_have_colours_of_their_own() -> None:
    drawing = svg(prepared(ROWS, None, replace(WHOLE, colour=Colours.TRANSACTION)).ladder)
    assert [(arrow.get("class") or "").split()[1] for arrow in arrows(drawing)] == ["own-0", "own-0", "own-0", "own-1"]
    assert [arrow.get("data-e") for arrow in arrows(drawing)] == ["0", "0", "0", "1"]


def test_a_file_says_how_many_messages_it_hides() -> None:
    ladder = prepared(ROWS, None, replace(WHOLE, hide=frozenset({"INFO"}))).ladder
    assert "1 more messages are hidden." in texts(svg_file(ladder))
    assert "hidden" not in texts(svg_file(prepared(ROWS).ladder))


def test_the_letter_of_a_fork_stands_on_its_arrows() -> None:
    rows = flow("0 A>P INVITE", "1 P>A 180 INVITE to_tag=b", "2 P>A 180 INVITE to_tag=c")
    assert "[A]" in texts(svg(prepared(rows).ladder)) and "[B]" in texts(svg(prepared(rows).ladder))
