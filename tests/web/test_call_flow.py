from dataclasses import replace

import pytest

from appliance.calls.layout import layout
from appliance.calls.picture import WHOLE
from appliance.model.kinds import Kind
from appliance.web.call_flow import MOST_DRAWN, Flow, anchored, page_of, shown_order
from tests.calls.made import flow

MANY = [
    replace(row, id=f"{n:05}", payload_hash=n, ts=row.ts + n, filed_ts=row.filed_ts + n)
    for n, row in enumerate(flow("0 A>B INFO") * (MOST_DRAWN + 5))
]
LADDER = layout(MANY)
FLOW = Flow("c/1", "77", WHOLE, WHOLE, "normal", "")


def test_an_address_has_the_choices_and_what_belongs_to_the_page() -> None:
    assert FLOW.address() == "/calls/~Yy8x?at=77"
    assert (
        FLOW.address(replace(WHOLE, sdp=True), "m", 2, "wide") == "/calls/~Yy8x?at=77&sdp=1&raw=wide&page=2&message=m"
    )
    assert FLOW.file("flow.png", page="2") == "/calls/~Yy8x/flow.png?at=77&page=2"


def test_a_file_says_whatever_is_usual_in_the_browser() -> None:
    usual = replace(FLOW, usual=replace(WHOLE, sdp=True), picture=replace(WHOLE, sdp=True))
    assert usual.file("flow.txt") == "/calls/~Yy8x/flow.txt?at=77&sdp=1"


def test_a_form_sends_along_what_is_no_choice() -> None:
    marked = replace(FLOW, raw="off", picture=replace(WHOLE, mark="m1"))
    assert marked.kept("m2") == {"at": "77", "raw": "off", "message": "m2", "mark": "m1"}


@pytest.mark.parametrize(
    ("wanted", "message", "number", "arrows"),
    [
        ("", "", 1, MOST_DRAWN),
        ("2", "", 2, 5),
        ("9", "", 1, MOST_DRAWN),
        ("x", "02003", 2, 5),
        ("1", "02003", 1, MOST_DRAWN),
    ],
)
def test_a_long_ladder_has_pages(wanted: str, message: str, number: int, arrows: int) -> None:
    found = page_of(LADDER, wanted, message)
    assert (found.number, found.of, len(found.ladder.arrows)) == (number, 2, arrows)


def test_a_short_ladder_is_one_page() -> None:
    found = page_of(layout(MANY[:3]), "2", "")
    assert (found.number, found.of) == (1, 1)


def test_an_anchor_is_added_to_any_address() -> None:
    assert anchored("/calls/x", "m") == "/calls/x?message=m#m-m"
    assert anchored("/calls/x?at=1", "m") == "/calls/x?at=1&message=m#m-m"


def test_one_steps_over_what_is_hidden() -> None:
    log = replace(MANY[0], id="log", kind=Kind.LOG, method="")
    rows = [*flow("0 A>B INVITE", "1 B>A 100 INVITE"), log]
    assert [row.id for row in shown_order(rows, WHOLE)] == [row.id for row in rows]
    hidden = replace(WHOLE, hide=frozenset({"100", "logs"}))
    assert [row.method for row in shown_order(rows, hidden)] == ["INVITE"]
