from dataclasses import replace

from appliance.model.kinds import Kind
from appliance.web.call_reports import logs_of, media_of
from appliance.web.found_call import FoundCall
from tests.calls.made import flow

OFFER = (
    b"INVITE sip:b SIP/2.0\r\nContent-Type: application/sdp\r\n\r\n"
    b"v=0\r\nc=IN IP4 10.0.0.9\r\nm=audio 4000 RTP/AVP 8\r\nm=video 0 RTP/AVP 31\r\n"
)
ROWS = flow("0 A>P INVITE", "10 P>A 200 INVITE")


def test_media_addresses_are_those_of_the_sdp_that_are_in_use() -> None:
    offered = replace(ROWS[0], raw=OFFER)
    assert media_of([offered, replace(ROWS[1], raw=b"\x00m=\xff"), offered]) == [("10.0.0.9", 4000)]


def test_log_lines_are_in_order_of_time_and_keep_odd_octets() -> None:
    late = replace(ROWS[1], kind=Kind.LOG, raw=b"late \xff", method="")
    early = replace(ROWS[0], kind=Kind.WEBRTC, raw=b"{}", method="")
    found = FoundCall("c1", None, (late, early, replace(ROWS[0], kind=Kind.RTCP)), 3, (), False)
    assert [(row.kind, row.text) for row in logs_of(found)] == [(Kind.WEBRTC, "{}"), (Kind.LOG, "late \udcff")]
