from dataclasses import replace

from appliance.export.descriptions import descriptions
from appliance.model.kinds import Kind
from tests.calls.made import flow
from tests.calls.recorded import recorded

SDP = (
    b"INVITE sip:a SIP/2.0\r\nCall-ID: x\r\n\r\nv=0\r\nc=IN IP4 10.0.0.1\r\nm=audio 4000 RTP/AVP 8 0\r\na=sendonly\r\n"
)


def test_a_message_tells_its_media_lines() -> None:
    row = replace(flow("0 A>B INVITE")[0], raw=SDP)
    assert descriptions([row])[row.id].words == "hold (sendonly) PCMA PCMU 10.0.0.1:4000"


def test_what_tells_of_no_media_is_left_out() -> None:
    row = flow("0 A>B INVITE")[0]
    others = (replace(row, raw=None), replace(row, raw=b"m="), replace(row, kind=Kind.LOG, raw=SDP))
    assert all(descriptions([other]) == {} for other in others)


def test_the_messages_of_a_recorded_call_tell_the_same_as_wireshark_shows() -> None:
    found = descriptions(recorded("NormB-sipnab/tests/pcap-samples/sip-proxy.pcap"))
    assert found and all(description.lines[0].end[1] for description in found.values())
