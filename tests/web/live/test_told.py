from dataclasses import replace

import pytest

from appliance.buffer.live import Channel
from appliance.model.kinds import Kind
from appliance.model.quality import LogRow
from appliance.query.parse import parse
from appliance.storage import announced, announced_reports
from appliance.storage.announced import Stored
from appliance.web.live import told
from tests.calls.made import flow
from tests.new_rows import INVITE, new_row, reporting
from tests.storage.measured import stream
from tests.storage.search.stored import a_call

(INVITED,) = flow("0 A>B INVITE")
LINE = replace(INVITED, id="log", kind=Kind.LOG, raw=b"denied\xff")


@pytest.mark.parametrize(
    ("line", "view", "channel"),
    [
        ("from:a", "messages", Channel.ROWS),
        ("text:a", "messages", Channel.TEXTS),
        ("", "logs", Channel.TEXTS),
        ("", "calls", Channel.CALLS),
        ("", "quality", Channel.REPORTS),
    ],
)
def test_a_query_hears_no_more_than_it_needs(line: str, view: str, channel: Channel) -> None:
    assert told.channel_of(parse(line).root, view) is channel


def test_each_channel_tells_rows_of_its_own() -> None:
    packets = [Stored(1, new_row(INVITE)), Stored(2, reporting(stream()))]
    rows = announced.encoded(2, packets, texts=False)
    calls = announced.encoded_calls(3, [a_call("one")])
    reports = announced_reports.encoded(*announced_reports.lines(packets, 9))
    bodies = ((Channel.ROWS, rows), (Channel.CALLS, calls), (Channel.REPORTS, reports))
    found = [told.decoded("hep1", channel, body) for channel, body in bodies]
    assert [(count, [type(row).__name__ for row in rows]) for count, rows in found] == [
        (2, ["MessageRow", "MessageRow"]), (3, ["CallRow"]), (1, ["QualityRow"]),
    ]  # fmt: skip


def test_the_view_logs_has_lines_alone_and_shows_them_as_such() -> None:
    fulfils = told.Fulfilment(parse("text:denied").root, "logs")
    assert fulfils(LINE) and not fulfils(replace(INVITED, raw=b"denied"))
    shown = told.shown(LINE, "logs")
    assert isinstance(shown, LogRow) and shown.text == "denied\udcff"
    assert told.shown(LINE, "messages") is LINE
