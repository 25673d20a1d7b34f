from hypothesis import given

from appliance.model.quality import Told
from appliance.quality.agent_reports import horaclifix, is_horaclifix, rtp_agent
from appliance.quality.scored import REPORTED
from tests.quality.samples import HERE, THERE
from tests.quality.test_raw import JSON

FULL = {
    "CORRELATION_ID": "a@b",
    "RTP_SIP_CALL_ID": "leg@b",
    "JITTER": 0.017,
    "TOTAL_PK": 1511,
    "EXPECTED_PK": 1512,
    "PACKET_LOSS": 1,
    "MOS": 4.032,
    "SRC_IP": "198.51.100.1",
    "SRC_PORT": 26872,
    "DST_IP": "198.51.100.2",
    "DST_PORT": "51354",
    "CODEC_PT": 9,
    "CODEC_NAME": "g722",
    "TYPE": "PERIODIC",
}
IPFIX = {
    "NAME": "sbc",
    "INC_ID": "in@b",
    "INC_MOS": 420,
    "INC_RTP_PK": 4988,
    "INC_RTP_PK_LOSS": 12,
    "INC_RTP_AVG_JITTER": 8,
    "INC_RTCP_AVG_LAT": 30,
    "CALLER_SRC_IP": "198.51.100.1",
    "CALLER_SRC_PORT": 4000,
    "CALLER_DST_IP": "198.51.100.2",
    "CALLER_DST_PORT": 5000,
    "OUT_ID": "out@b",
    "OUT_MOS": 0,
    "OUT_RTP_PK": 5000,
    "OUT_RTP_PK_LOSS": 0,
}


def test_a_full_report_names_its_stream_and_its_call() -> None:
    (one,) = rtp_agent(FULL, (HERE, THERE))
    assert (one.told, one.source_ip, one.source_port) == (Told.OBSERVED, "198.51.100.1", 26872)
    assert (one.destination_ip, one.destination_port, one.codec) == ("198.51.100.2", 51354, "G722")
    assert (one.packets, one.lost, one.loss_percent, one.jitter_ms) == (1511, 1, 0.066, 0.017)
    assert (one.mos, one.mos_model, one.callid, one.clock_rate_hz) == (4.03, REPORTED, "leg@b", None)


def test_a_short_report_has_the_addresses_of_hep_and_its_name() -> None:
    short = {"CORRELATION_ID": "a@b", "MOS": 4.409, "REPORT_NAME": "192.0.2.2", "TYPE": "FINAL"}
    (one,) = rtp_agent(short, (HERE, THERE))
    assert (one.source_ip, one.source_port, one.destination_ip) == (*THERE, HERE[0])
    assert (one.mos, one.callid) == (4.41, "a@b")
    (one,) = rtp_agent({**short, "REPORT_NAME": "203.0.113.9:7000"}, (HERE, THERE))
    assert (one.source_ip, one.source_port, one.destination_ip) == ("203.0.113.9", 7000, THERE[0])


def test_reports_of_rtcp_by_the_same_probes() -> None:
    told = {"CORRELATION_ID": "a@b", "INTERARRIVAL_JITTER": "3.5", "CUM_PACKET_LOSS": 7, "PERCENTAGE_LOSS": 1.5}
    (one,) = rtp_agent(told, (HERE, THERE))
    assert (one.lost, one.loss_percent, one.jitter_ms) == (7, 1.5, 3.5)
    assert one.mos is not None


def test_horaclifix_tells_of_both_legs() -> None:
    assert is_horaclifix(IPFIX)
    incoming, outgoing = horaclifix(IPFIX)
    assert (incoming.callid, incoming.mos, incoming.loss_percent) == ("in@b", 4.2, 0.24)
    assert (incoming.source_ip, incoming.source_port, incoming.round_trip_ms) == ("198.51.100.1", 4000, 30.0)
    assert (outgoing.callid, outgoing.lost, outgoing.source_ip) == ("out@b", 0, "")
    assert outgoing.mos_model.startswith("E-model")


def test_other_json_tells_nothing() -> None:
    assert rtp_agent({"type": 1, "event": {}}, (HERE, THERE)) == ()


@given(JSON)
def test_any_value_in_any_place_is_read_or_unknown(value: object) -> None:
    rtp_agent({**FULL, **dict.fromkeys(FULL, value)}, (HERE, THERE))
    for name in FULL:
        rtp_agent({**FULL, name: value, "REPORT_NAME": value}, (HERE, THERE))
    horaclifix(dict.fromkeys(IPFIX, value))
