from dataclasses import replace

from appliance.calls.picture import WHOLE
from appliance.export.prepared import ladder_of, prepared
from appliance.model.quality import Measured, QualityRow, ReportKind, Told
from tests.calls.made import brief, flow, seen_by


def test_messages_are_folded_sorted_and_laid_out() -> None:
    rows = flow("3 A>P INVITE", "1 P>A 100 INVITE")
    ready = prepared([*reversed(rows), *seen_by(rows, "other")], {"10.0.0.1": "Phone"})
    assert brief(ready.messages) == ["A>P INVITE", "P>A 100 INVITE"]
    assert [arrow.id for arrow in ready.ladder.arrows] == [row.id for row in ready.messages]
    assert (ready.ladder.arrows[0].label.copies, ready.ladder.hosts[0].lines) == (2, ("Phone",))


SDP = b"INVITE sip:a SIP/2.0\r\n\r\nv=0\r\nc=IN IP4 %s\r\nm=audio %d RTP/AVP 8\r\n"


def test_a_ladder_has_its_media_and_how_it_was_heard() -> None:
    rows = flow("0 A>P INVITE", "1 P>A 200 INVITE")
    rows = [replace(rows[0], raw=SDP % (b"10.0.0.1", 4000)), replace(rows[1], raw=SDP % (b"10.0.0.16", 6000))]
    measured = Measured(ReportKind.RTCP, Told.RECEIVED, "10.0.0.16", 6000, "10.0.0.1", 4000, mos=4.2, loss_percent=0.0)
    (media,) = ladder_of(rows, quality=[QualityRow("q", 1, "c1@made", "tap", measured)]).media
    assert media.session.there is None
    assert media.session.back is not None and media.session.back.mos == 4.2
    assert ladder_of(rows, None, replace(WHOLE, media=False)).media == ()
