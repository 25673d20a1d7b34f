from dataclasses import replace

from appliance.model.kinds import Kind
from appliance.web.call_reports import logs_of
from appliance.web.found_call import FoundCall
from tests.calls.made import flow

ROWS = flow("0 A>P INVITE", "10 P>A 200 INVITE")


def test_log_lines_are_in_order_of_time_and_keep_odd_octets() -> None:
    late = replace(ROWS[1], kind=Kind.LOG, raw=b"late \xff", method="")
    early = replace(ROWS[0], kind=Kind.WEBRTC, raw=b"{}", method="")
    found = FoundCall("c1", None, (late, early, replace(ROWS[0], kind=Kind.RTCP)), 3, (), False)
    assert [(row.kind, row.text) for row in logs_of(found)] == [(Kind.WEBRTC, "{}"), (Kind.LOG, "late \udcff")]
