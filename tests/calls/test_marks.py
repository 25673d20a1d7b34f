from dataclasses import replace

from appliance.calls.ladder import ROW, pages
from appliance.calls.layout import layout
from appliance.calls.marks import MOST_TOLD, marks, split
from appliance.model.kinds import Kind
from appliance.model.rows import MessageRow
from tests.calls.made import at, flow

CALL = flow("0 A>P INVITE", "10 P>A 200 INVITE", "9000 A>P BYE")


def beside(ms: float, kind: Kind, ip: str = "10.0.0.16", raw: bytes = b"INFO: a line", number: int = 0) -> MessageRow:
    blank = {"method": "", "cseq_method": "", "content_type": "", "reply_reason": ""}
    row = replace(CALL[0], id=f"{kind}{ms}{number}", kind=kind, ts=at(ms), filed_ts=at(ms), source_ip=ip, raw=raw)
    return replace(row, **blank)  # type: ignore[arg-type]


def test_logs_and_reports_stand_beside_the_arrows_at_their_time() -> None:
    rows = [*CALL, beside(20, Kind.LOG), beside(5000, Kind.RTCP), beside(5001, Kind.RTCP, number=1)]
    ladder = layout(rows)
    assert [arrow.label.name for arrow in ladder.arrows] == ["INVITE", "200 INVITE", "BYE"]
    assert [(mark.family, mark.after, len(mark.ids)) for mark in ladder.marks] == [("log", 2, 1), ("report", 2, 2)]
    proxy = ladder.hosts[1].x
    assert [mark.x for mark in ladder.marks] == [proxy, proxy + 13]


def test_a_host_without_a_column_has_its_marks_at_the_margin() -> None:
    ladder = layout([*CALL, beside(20, Kind.WEBRTC, "10.9.9.9")])
    (mark,) = ladder.marks
    assert mark.family == "event" and mark.x < ladder.hosts[0].x


def test_what_has_no_sip_at_all_is_drawn_as_arrows() -> None:
    rows = [beside(20, Kind.ISUP)]
    assert split(rows) == (rows, [])
    assert len(layout(rows).arrows) == 1 and layout(rows).marks == ()


def test_a_mark_tells_the_first_of_many() -> None:
    rows = [beside(n, Kind.LOG, number=n, raw=b"x\x1b[31m" * 100) for n in range(50)]
    (mark,) = marks(rows, [], {}, 7)
    assert len(mark.ids) == 50 and len(mark.lines) == MOST_TOLD and mark.x == 7
    assert mark.lines[0][1].startswith("log tap: x�[31m") and len(mark.lines[0][1]) < 130


def test_each_page_has_its_own_marks() -> None:
    rows = [*CALL, beside(-5, Kind.LOG), beside(20, Kind.LOG), beside(9500, Kind.LOG)]
    first, second = pages(layout(rows), 2)
    assert [mark.after for mark in first.marks] == [0, 2]
    assert [mark.after for mark in second.marks] == [1]
    assert second.body_height >= ROW
