import pytest

from appliance.capture.read import captured
from appliance.model.quality import Measured, ReportKind, Told
from appliance.quality.rtcp import Block, Part, parts
from appliance.quality.rtcp_streams import NTP_OF_UNIX_S, round_trip_ms, streams
from appliance.quality.senders import apart
from appliance.quality.xr import DLRR, SUMMARY, VOIP, Extended
from tests.captures import CAPTURES, load_json
from tests.quality.samples import HERE, THERE, fixture

ENDS = (HERE, THERE)


def of_block(**told: object) -> Measured:
    values = {"fraction_lost": 1, "lost": 1, "highest_sequence": 9, "jitter": 1, "lsr": 0, "dlsr": 0, **told}
    (one,) = streams([Part(201, 1, None, (Block(2, **values),))], ENDS)
    return one


def test_a_report_block_is_of_the_stream_that_its_sender_receives() -> None:
    (one,) = streams(parts(fixture("sip3-captain-sr")), ENDS)
    sent, received = apart(one)
    assert (sent.told, sent.source_ip, sent.source_port, sent.destination_ip) == (Told.SENT, *HERE, THERE[0])
    assert (sent.ssrc, sent.packets, sent.mos) == (27835875, 195, None)
    assert (received.told, received.source_ip, received.source_port) == (Told.RECEIVED, *THERE)
    assert (received.destination_ip, received.destination_port) == HERE
    assert (received.lost, received.loss_percent, received.jitter_ms) == (1, 1.172, 3.5)
    assert received.clock_rate_hz == 8000


def test_underflows_are_unknown() -> None:
    one = of_block(lost=0xFFFFFF, jitter=4294967295)
    assert (one.lost, one.jitter_ms, one.clock_rate_hz) == (None, None, None)
    assert of_block(lost=-1).lost is None
    assert of_block(fraction_lost=255, lost=0).loss_percent is None


def test_a_block_before_the_first_packet_is_no_clean_stream() -> None:
    assert streams([Part(201, 1, None, (Block(0, 0, 0, 0, 0, 5, 5),))], ENDS) == ()


def test_the_round_trip_needs_the_time_of_arrival() -> None:
    arrival_s, lsr_s, dlsr_s = 1_700_000_000.0, 1_699_999_998.9, 1.0
    lsr = int((lsr_s + NTP_OF_UNIX_S) * 65536) & 0xFFFFFFFF
    dlsr = int(dlsr_s * 65536)
    assert round_trip_ms(int(arrival_s * 1e6), lsr, dlsr) == pytest.approx(100, abs=0.1)
    assert round_trip_ms(None, lsr, dlsr) is None
    assert round_trip_ms(int(arrival_s * 1e6), 0, dlsr) is None
    assert round_trip_ms(int(arrival_s * 1e6), lsr, 2196173160) is None
    signed = lsr - 2**32 if lsr >= 2**31 else lsr
    assert round_trip_ms(int(arrival_s * 1e6), signed, dlsr) == pytest.approx(100, abs=0.1)


def extended(block_type: int, values: dict[str, int], at_us: int | None = None) -> tuple[Measured, ...]:
    return streams([Part(207, 1, extended=(Extended(block_type, values),))], ENDS, at_us)


def test_voip_metrics_bring_their_own_score_and_round_trip() -> None:
    told = {"ssrc": 5, "loss_rate": 64, "round_trip_delay": 80, "mos_lq": 42, "mos_cq": 40}
    (one,) = extended(VOIP, told)
    assert (one.kind, one.told, one.source_ip) == (ReportKind.RTCP_XR, Told.RECEIVED, THERE[0])
    assert (one.ssrc, one.loss_percent, one.round_trip_ms, one.mos, one.mos_model) == (5, 25.0, 80.0, 4.0, "reported")


def test_unavailable_scores_leave_the_model() -> None:
    (one,) = extended(VOIP, {"loss_rate": 0, "mos_lq": 127, "mos_cq": 127})
    assert one.mos == 4.41
    assert one.mos_model.startswith("E-model: G.711 assumed")


def test_a_summary_gives_loss_of_its_interval_if_its_flags_say_so() -> None:
    told = {"flags": 0xA0, "ssrc": 5, "begin_seq": 65500, "end_seq": 64, "lost_packets": 5, "mean_jitter": 80}
    (one,) = extended(SUMMARY, told)
    assert (one.lost, one.loss_percent, one.jitter_ms) == (5, 5.0, 10.0)
    assert extended(SUMMARY, {**told, "flags": 0}) == ()


def test_a_receivers_round_trip_is_of_the_way_there() -> None:
    now = 1_700_000_000 * 10**6
    told = {"ssrc": 5, "last_rr": ((1_700_000_000 + NTP_OF_UNIX_S) * 65536 - 6554) & 0xFFFFFFFF}
    (one,) = extended(DLRR, {**told, "delay_since_last_rr": 0}, now)
    assert (one.source_ip, one.round_trip_ms) == (HERE[0], pytest.approx(100, abs=0.1))
    assert extended(DLRR, {**told, "delay_since_last_rr": 0}) == ()


def test_a_fraction_of_zero_with_no_sequence_number_is_no_clean_stream() -> None:
    one = of_block(fraction_lost=0, lost=299, highest_sequence=0, jitter=0)
    assert (one.lost, one.loss_percent, one.mos) == (299, None, None)


def numbers(frame: dict[str, str], name: str) -> list[int]:
    return [int(value) for value in frame.get(name, "").split(",") if value]


@pytest.mark.parametrize("name", [name for name, frames in load_json("tshark_rtcp")["files"].items() if frames])
def test_every_recorded_compound_holds_what_tshark_sees(name: str) -> None:
    by_frame = {int(frame["frame.number"]): frame for frame in load_json("tshark_rtcp")["files"][name]}
    seen = [one for one in captured(CAPTURES / name) if one.frame in by_frame]
    assert {one.frame for one in seen} == set(by_frame)
    for one in seen:
        frame, read = by_frame[one.frame], parts(one.payload)
        assert ",".join(str(part.packet_type) for part in read) == frame["rtcp.pt"]
        blocks = [block for part in read for block in part.blocks]
        for column, values in (
            ("rtcp.ssrc.fraction", [block.fraction_lost for block in blocks]),
            ("rtcp.ssrc.cum_nr", [block.lost for block in blocks]),
            ("rtcp.ssrc.ext_high", [block.highest_sequence for block in blocks]),
            ("rtcp.ssrc.jitter", [block.jitter for block in blocks]),
            ("rtcp.ssrc.lsr", [block.lsr for block in blocks]),
            ("rtcp.ssrc.dlsr", [block.dlsr for block in blocks]),
            ("rtcp.sender.packetcount", [part.sender.packets for part in read if part.sender]),
            ("rtcp.sender.octetcount", [part.sender.octets for part in read if part.sender]),
        ):
            assert values == numbers(frame, column), (one.frame, column)
        ends = (one.source_ip, one.source_port), (one.destination_ip, one.destination_port)
        received = [found for found in streams(read, ends) if found.told is Told.RECEIVED]
        assert all((found.source_ip, found.source_port) == ends[1] for found in received)
        assert {found.jitter_ms for found in received} <= {value / 8 for value in numbers(frame, "rtcp.ssrc.jitter")}
