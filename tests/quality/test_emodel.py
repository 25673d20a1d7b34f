import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.quality.emodel import mos, mos_of_r

LOSSES = (0, 0.5, 1, 2, 5, 10)
TABLE = {
    ("PCMA", True): ((4.41, 4.33), (4.37, 4.28), (4.33, 4.23), (4.23, 4.12), (3.92, 3.77), (3.41, 3.23)),
    ("PCMA", False): ((4.41, 4.33), (4.14, 4.01), (3.83, 3.67), (3.26, 3.07), (2.17, 1.99), (1.48, 1.35)),
    ("G729A", True): ((4.10, 3.97), (4.03, 3.88), (3.95, 3.80), (3.79, 3.63), (3.34, 3.16), (2.75, 2.56)),
}
"""Computed from G.107 and G.113 by hand: at 0 and 150 ms."""


@pytest.mark.parametrize(("codec", "plc"), TABLE)
def test_it_gives_the_scores_of_the_formula(codec: str, plc: bool) -> None:
    for loss, (at_once, at_150_ms) in zip(LOSSES, TABLE[codec, plc], strict=True):
        assert mos(codec, loss, 0, plc=plc).mos == pytest.approx(at_once, abs=0.011)  # type: ignore[union-attr]
        assert mos(codec, loss, 150, plc=plc).mos == pytest.approx(at_150_ms, abs=0.011)  # type: ignore[union-attr]


@pytest.mark.parametrize(("r_factor", "score"), [(93.2, 4.41), (80, 4.02), (70, 3.60), (60, 3.10), (50, 2.58)])
def test_r_becomes_mos_by_the_cubic(r_factor: float, score: float) -> None:
    assert mos_of_r(r_factor) == pytest.approx(score, abs=0.005)


def test_there_is_no_score_without_a_loss_figure() -> None:
    assert mos("PCMA", None, 20) is None
    assert mos("PCMA", 101) is None


def test_the_words_name_the_model_and_all_its_inputs() -> None:
    opinion = mos("G729", 1.2, 45, 2.0)
    assert opinion is not None
    assert opinion.model == "E-model: G729, loss 1.20 %, delay 45 ms, burst ratio 2"


def test_what_is_assumed_is_said() -> None:
    assert "G.711 assumed with PLC" in mos("", 0).model  # type: ignore[union-attr]
    assert "OPUS taken as G.711 with PLC" in mos("OPUS", 0).model  # type: ignore[union-attr]
    assert "delay not known" in mos("PCMU", 0).model  # type: ignore[union-attr]
    assert "delay not known" in mos("PCMU", 0, 5000).model  # type: ignore[union-attr]
    assert "AMR (GSM-EFR)" in mos("AMR", 0).model  # type: ignore[union-attr]


def test_losses_in_bursts_hurt_more() -> None:
    assert mos("PCMA", 5, burst_ratio=3).mos < mos("PCMA", 5).mos  # type: ignore[union-attr]


@given(
    st.sampled_from(["", "PCMA", "OPUS", "G729", "GSM", "G726-16", "X" * 32]),
    st.floats(0, 100),
    st.none() | st.floats(),
    st.booleans(),
)
def test_any_input_gives_a_score_and_words_that_fit_their_column(
    codec: str, loss: float, delay: float | None, plc: bool
) -> None:
    opinion = mos(codec, loss, delay, plc=plc)
    assert opinion is not None
    assert 1 <= opinion.mos <= 4.5
    assert len(opinion.model.encode()) <= 160
