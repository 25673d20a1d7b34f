from dataclasses import replace

from appliance.model.quality import ReportKind, Told
from appliance.quality.scored import REPORTED, one_way_ms, scored, stream, tells_something, with_codec
from tests.quality.samples import HERE, THERE

EMPTY = stream(ReportKind.RTCP, Told.RECEIVED, (HERE, THERE))


def test_what_the_agent_reported_goes_before_the_model() -> None:
    assert scored(replace(EMPTY, mos=3.2, loss_percent=0.0)).mos == 3.2
    assert scored(replace(EMPTY, mos=3.2)).mos_model == REPORTED


def test_without_loss_there_is_no_score() -> None:
    one = scored(replace(EMPTY, jitter_ms=5.0, round_trip_ms=10.0))
    assert (one.mos, one.mos_model) == (None, "")


def test_of_no_packets_there_is_no_opinion() -> None:
    assert scored(replace(EMPTY, packets=0, lost=0, loss_percent=0.0)).mos is None


def test_delay_is_half_the_round_trip_and_a_buffer_of_twice_the_jitter() -> None:
    assert one_way_ms(replace(EMPTY, round_trip_ms=80.0, jitter_ms=10.0)) == 60.0
    assert one_way_ms(replace(EMPTY, jitter_ms=10.0)) is None


def test_a_codec_learned_later_changes_jitter_and_score() -> None:
    one = scored(replace(EMPTY, loss_percent=1.0, jitter_ms=60.0, clock_rate_hz=8000))
    told = with_codec(one, "OPUS")
    assert (told.jitter_ms, told.clock_rate_hz, told.codec) == (10.0, 48000, "OPUS")
    assert "OPUS" in told.mos_model
    assert with_codec(told, "PCMA") == told


def test_a_reported_score_and_a_jitter_in_milliseconds_stay() -> None:
    one = scored(replace(EMPTY, mos=4.0, jitter_ms=60.0))
    told = with_codec(one, "OPUS", 48000)
    assert (told.mos, told.mos_model, told.jitter_ms, told.clock_rate_hz) == (4.0, REPORTED, 60.0, None)


def test_a_stream_without_figures_tells_nothing() -> None:
    assert not tells_something(replace(EMPTY, ssrc=5, callid="x"))
    assert tells_something(replace(EMPTY, jitter_ms=0.0))
