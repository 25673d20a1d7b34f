from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.quality import figures

ANYTHING = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=30), st.lists(st.integers(), max_size=2)
)


@pytest.mark.parametrize("value", [-1, 0xFFFFFF, 0xFFFFFFFF, 0x800000, "-1", 1.5, None, True, "many", [], float("nan")])
def test_a_loss_below_zero_is_unknown_however_it_was_written(value: Any) -> None:
    assert figures.lost(value) is None


@pytest.mark.parametrize("value", [4294967295, 4294962322, 63125527, -1, "4294967295"])
def test_a_jitter_that_underflowed_is_unknown(value: Any) -> None:
    assert figures.jitter_of_units(value, 8000) is None


def test_jitter_is_turned_into_milliseconds_with_the_clock() -> None:
    assert figures.jitter_of_units(159, 8000) == 19.875
    assert figures.jitter_of_units("480", 48000) == 10.0


def test_shares_in_256ths_and_of_expected_packets() -> None:
    assert (figures.fraction_percent(64), figures.fraction_percent(256), figures.fraction_percent(-1)) == (
        25,
        None,
        None,
    )
    assert (figures.share_percent(1, 200), figures.share_percent(3, 2), figures.share_percent(0, 0)) == (
        0.5,
        None,
        None,
    )


def test_scores_outside_one_to_five_are_unknown() -> None:
    assert [figures.opinion_of(value, 10) for value in (42, 127, 0, 119)] == [4.2, None, None, None]
    assert figures.opinion_of(420, 100) == 4.2


def test_a_round_trip_of_zero_or_an_underflow_is_none() -> None:
    assert [figures.round_trip_ms(value) for value in (0, "45.5", 65535, -3)] == [None, 45.5, None, None]


def test_ssrcs_may_be_signed_or_hexadecimal() -> None:
    assert figures.ssrc(-1640316609) == 2654650687
    assert figures.hex_ssrc("0x1F634EA2") == figures.hex_ssrc("1f634ea2") == 526601890
    assert (figures.hex_ssrc("3744842397"), figures.hex_ssrc("zz")) == (3744842397, None)


def test_addresses_have_one_spelling() -> None:
    assert figures.address("[2001:DB8:0::1]") == "2001:db8::1"
    assert figures.address("::ffff:192.0.2.1") == "192.0.2.1"
    assert [figures.address(value) for value in ("10.0.3.321", "0.0.0.0", None, "x" * 100)] == ["", "", "", ""]


def test_texts_are_one_line_of_printable_characters() -> None:
    assert figures.words(" a\r\nb\0c ") == "abc"
    assert len(figures.words("x" * 5000)) == figures.TEXT_LENGTH
    assert figures.codec_name("<b>opus</b>") == "BOPUSB"


@given(ANYTHING)
def test_any_value_becomes_a_figure_in_range_or_none(value: Any) -> None:
    assert figures.lost(value) is None or 0 <= figures.lost(value) <= figures.MAX_LOST  # type: ignore[operator]
    for read, most in (
        (figures.percent, 100.0),
        (figures.fraction_percent, 100.0),
        (figures.jitter_ms, figures.MAX_JITTER_MS),
        (figures.round_trip_ms, figures.MAX_ROUND_TRIP_MS),
        (figures.opinion, 5.0),
        (figures.count, figures.MAX_COUNT),
        (figures.ssrc, 2**32 - 1),
    ):
        found = read(value)
        assert found is None or 0 <= found <= most
    assert 0 <= figures.port(value) <= 65535
    assert len(figures.codec_name(value)) <= figures.CODEC_LENGTH
