from dataclasses import fields, replace
from types import SimpleNamespace
from typing import Any

import pytest

from appliance.export.answer import row as as_json
from appliance.model.dialogs import DialogRow
from appliance.model.kinds import Kind
from appliance.model.quality import LogRow, Measured, QualityRow, ReportKind, Told
from appliance.model.registrations import RegistrationRow, RegistrationState
from appliance.model.rows import MessageRow
from appliance.web import cells, columns, links
from appliance.web.columns import Column
from appliance.web.render import environment
from appliance.web.sorting import newest_first
from tests.storage.search.stored import A_CALL, a_call

MEASURED = Measured(ReportKind.RTCP, Told.RECEIVED, "10.0.0.1", 4000, "10.0.0.2", 0, codec="PCMA", by_sdp=True)
REPORT = QualityRow("r-1", 5, "c1", "edge", MEASURED)
LOG = LogRow(5, "c1", "10.0.0.1", "edge", Kind.LOG, "routed", "l-1")
MESSAGE = MessageRow("m-1", Kind.CALL, 5, 5, 5, "c1", "10.0.0.1", 5060, "10.0.0.2", 5060, "udp", "edge", "", 1, 2, 1)
BINDING = RegistrationRow("a@x", "sip:a@b", "", 1, "", "10.0.0.1", 5060, "udp", "Snom", 9, RegistrationState.EXPIRED,
                          200, 12, 3, 0, "c1", 1, 5, ("edge",), 60)  # fmt: skip
DIALOG = DialogRow("c1", "OPTIONS", "", 1, 5, 200, "OK", 3, "a", "b", "10.0.0.1", "10.0.0.2", 4, ("edge",), 2, 1)
ROWS = {
    "calls": A_CALL,
    "messages": MESSAGE,
    "registrations": BINDING,
    "dialogs": DIALOG,
    "quality": REPORT,
    "logs": LOG,
}


@pytest.mark.parametrize("view", ROWS)
def test_every_column_has_the_value_that_the_api_gives(view: str) -> None:
    given = as_json(ROWS[view])  # type: ignore[arg-type]
    for column in columns.all_of(view):
        value = cells.value(ROWS[view], column.name)  # type: ignore[arg-type]
        shown = list(value) if isinstance(value, tuple) else value
        assert (shown or None) == (given[column.name] or None), column.name


def test_a_row_leads_to_its_call_or_its_message() -> None:
    assert cells.address(A_CALL) == links.call(A_CALL.callid, at=A_CALL.started)
    assert cells.address(MESSAGE) == links.message("m-1")
    assert cells.of_call(MESSAGE) == links.call("c1", at=5, message="m-1")
    assert cells.of_call(REPORT) == links.call("c1", "quality", at=5)
    assert cells.of_call(LOG) == links.call("c1", "logs", at=5)
    assert cells.address(BINDING, {"from": "1"}) == links.registration(BINDING, {"from": "1"})
    assert cells.of_call(BINDING) == cells.address(DIALOG) == links.call("c1", at=5)


def test_folded_options_say_how_many_were_answered() -> None:
    outcome = next(column for column in columns.DIALOGS if column.look == "outcome")
    assert cells.classes(outcome, DIALOG, False) == "k-text final many"
    assert cells.classes(outcome, replace(DIALOG, dialogs=1), False) == "k-text final rc-2"


def test_colours_say_what_they_say_everywhere() -> None:
    by_name = {column.name: column for column in columns.all_of("calls")}
    assert cells.classes(by_name["status"], a_call("x", status=486), False) == "k-text rc-4 final"
    assert cells.drawn([by_name["callid"], by_name["mos"]], {"callid": 90})[0][1:] == ("callid", "k-wire long sized")
    assert cells.drawn([by_name["mos"]], {})[0][1:] == ("mos", "")
    assert cells.classes(by_name["legs"], A_CALL, False) == "k-number faint"
    assert cells.classes(by_name["callid"], A_CALL, True) == "k-wire long sized"
    assert cells.row_class(a_call("x", state="busy")) == "st-busy"
    assert cells.classes(Column("mos", "MOS", "", "number", "mos"), REPORT, False) == "k-number g-unknown"


def test_an_end_of_a_stream_has_its_port() -> None:
    assert cells.end(REPORT, "source_ip") == ("10.0.0.1", 4000)
    assert cells.value(REPORT, "destination_port") is None


def broken(row: Any) -> Any:
    """The row with an octet that is no UTF-8 in each of its texts."""
    texts = {field.name: "\udcff\x1b" for field in fields(row) if isinstance(getattr(row, field.name), str)}
    kept = {"state", "kind", "id", "told"}
    return replace(row, **{name: value for name, value in texts.items() if name not in kept})


@pytest.mark.parametrize("view", ROWS)
def test_whatever_came_off_the_wire_can_be_sent(view: str) -> None:
    row = broken(ROWS[view])
    if view == "quality":
        row = replace(row, measured=broken(MEASURED))
    shown = (
        environment()
        .get_template("parts/_rows.html")
        .render(
            path="/search",
            asked=SimpleNamespace(view=view, sort=newest_first(view), absolute={}, q=""),
            columns=columns.all_of(view),
            widths={},
            query={},
            found=SimpleNamespace(rows=[row]),
        )
    )
    assert "\x1b" not in shown and shown.encode()
