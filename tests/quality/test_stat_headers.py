import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.model.quality import Told
from appliance.quality.stat_headers import HEADERS, MAX_PAIRS, measured, pairs
from tests.quality.samples import HEADER_OF, HERE, THERE, samples

ENDS = (HERE, THERE)


@pytest.mark.parametrize("name", [name for name, one in samples().items() if one["kind"] in HEADER_OF])
def test_every_sample_gives_its_expected_values(name: str) -> None:
    sample = samples()[name]
    found = dict(pairs(sample["payload"]))
    assert {key: found[key] for key in sample["expected"]} == {k: str(v) for k, v in sample["expected"].items()}


def test_x_rtp_stat_tells_of_both_directions_with_their_addresses() -> None:
    received, sent = measured([("x-rtp-stat", samples()["xrtp-1"]["payload"])], ENDS)
    assert (received.told, received.source_ip, received.source_port) == (Told.RECEIVED, "172.17.66.118", 21518)
    assert (received.destination_ip, received.destination_port) == ("172.29.208.227", 7078)
    assert (received.packets, received.lost, received.loss_percent) == (132118, 22, 0.017)
    assert (received.jitter_ms, received.round_trip_ms, received.codec) == (23.0, 34.0, "PCMA")
    assert (sent.told, sent.source_ip, sent.packets, sent.lost, sent.jitter_ms) == (
        Told.SENT, "172.29.208.227", 131918, 33, 111.0
    )  # fmt: skip


def test_ciscos_header_is_of_the_sips_hosts() -> None:
    received, sent = measured([("p-rtp-stat", "PS=300,OS=48000,PR=360,OR=58400,PL=40,JI=2,LA=60,DU=7")], ENDS)
    assert (received.source_ip, received.source_port, received.destination_ip) == (THERE[0], 0, HERE[0])
    assert (received.packets, received.lost, received.loss_percent) == (360, 40, 10.0)
    assert (received.jitter_ms, received.round_trip_ms) == (2.0, 60.0)
    assert (sent.packets, sent.lost, sent.mos) == (300, None, None)


def test_rx_and_tx_headers_belong_together() -> None:
    rx = 'Dur=13,Pkt=657,Oct=113004,LatePkt=0,LostPkt=3,AvgJit=1,VQMetrics="MLQK=4.5;MLQKav=4.4;CS=0"'
    received, sent = measured([("rtp-rxstat", rx), ("rtp-txstat", "Dur=13,Pkt=650,Oct=105280")], ENDS)
    assert (received.packets, received.lost, received.jitter_ms) == (657, 3, 1.0)
    assert (received.mos, received.mos_model) == (4.4, "reported")
    assert sent.packets == 650


def test_yealinks_names() -> None:
    rx = "Total_Rx_Pkts=99,Rx_Pkts=99,Rx_Pkts_Lost=1,Remote_Rx_Pkts_Lost=2"
    received, sent = measured([("rtp-rxstat", rx), ("rtp-txstat", "Total_Tx_Pkts=100,Tx_Pkts=100")], ENDS)
    assert (received.packets, received.lost, received.loss_percent) == (99, 1, 1.0)
    assert (sent.packets, sent.lost, sent.loss_percent) == (100, 2, 2.0)


def test_a_header_without_packets_tells_nothing() -> None:
    assert measured([("x-rtp-stat-add", samples()["xrtp-add-1"]["payload"])], ENDS) == ()


@given(st.sampled_from(sorted(HEADERS)), st.text(alphabet='PSRLJIX=,;:"0129.-', max_size=200) | st.text())
def test_any_value_is_read(name: str, value: str) -> None:
    measured([(name, value)], ENDS)
    assert len(pairs(value)) <= MAX_PAIRS
