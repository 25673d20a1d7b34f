from hypothesis import given

from appliance.quality.json_text import read_json
from appliance.quality.rtcp_json import is_rtcp, parts
from appliance.quality.xr import VOIP
from tests.quality.samples import samples
from tests.quality.test_raw import JSON

ASTERISK = (
    b'{"type":200,"ssrc":1814766290,"report_count":1,"report_blocks":[{"source_ssrc":-1640316609,"fraction_lost":0,'
    b'"packets_lost":0,"highest_seq_no":541,"lsr":"0","ia_jitter":57,"dlsr":0}],"sender_information":{"packets":137,'
    b'"ntp_timestamp_sec":"3373905462","ntp_timestamp_usec":"4286124543","rtp_timestamp":-210811367,"octets":2740}}'
)


def test_numbers_may_be_strings_and_signed() -> None:
    (part,) = parts(read_json(ASTERISK))
    assert (part.packet_type, part.ssrc, part.blocks[0].ssrc) == (200, 1814766290, 2654650687)
    assert part.sender is not None
    assert part.sender.ntp_seconds == "3373905462"


def test_every_block_is_read_whatever_the_type_and_the_count_say() -> None:
    (part,) = parts(read_json(samples()["rtcp-json-hepgen"]["payload"].encode()))
    assert (part.ssrc, part.blocks[0].lsr) == (451916597, -1097006646)
    (part,) = parts(read_json(samples()["rtcp-json-homer-qos"]["payload"].encode()))
    assert (part.packet_type, part.ssrc, len(part.blocks)) == (202, 797632257, 1)
    assert part.sender is not None
    assert (part.blocks[0].jitter, part.sender.packets) == (1, 118)


def test_blocks_may_be_one_object() -> None:
    (part,) = parts({"ssrc": 1, "report_blocks": {"source_ssrc": 2, "ia_jitter": 3}})
    assert part.blocks[0].jitter == 3


def test_extended_reports_of_heplify_and_captagent() -> None:
    heplify = {"type": 207, "voip_metrics": {"loss_rate": 5, "mos_lq": 41, "mos_cq": 40, "round_trip_delay": 80}}
    captagent = {"Extended_report_information": {"identifier": 7, "loss_rate": 5, "MOS_LQ": 41, "MOS_CQ": 127}}
    assert parts(heplify)[0].extended[0].values["mos_cq"] == 40
    assert parts(captagent)[0].extended[0].values == {"ssrc": 7, "loss_rate": 5, "mos_lq": 41, "mos_cq": 127}
    assert parts(captagent)[0].extended[0].block_type == VOIP


def test_an_extended_report_of_zeros_is_none() -> None:
    series = samples()["rtcp-json-real-out-leg"]["payload"]
    assert parts(series[0])[0].extended == ()


def test_a_list_of_reports_as_pion_writes_them() -> None:
    (part,) = parts([{"SSRC": 1, "PacketCount": 5, "Reports": [{"SSRC": 2, "FractionLost": 3, "Jitter": 4}]}])
    assert part.sender is not None
    assert (part.ssrc, part.sender.packets, part.blocks[0].fraction_lost) == (1, 5, 3)


def test_it_knows_what_is_no_rtcp() -> None:
    assert not is_rtcp({"MOS": 4})
    assert not is_rtcp([1, "x", None])


@given(JSON)
def test_any_json_in_any_place_gives_parts(value: object) -> None:
    parts(value)
    parts({"report_blocks": value, "sender_information": value, "type": value, "ssrc": value, "voip_metrics": value})
    parts({"report_blocks": [{"source_ssrc": value, "ia_jitter": value}], "report_blocks_xr": {"type": value}})
