from hypothesis import given
from hypothesis import strategies as st

from appliance.quality.rtcp import parts
from appliance.quality.xr import MAX_BLOCKS, VOIP, extended
from tests.quality.samples import fixture, fixtures


def test_all_seven_block_types_in_one_packet() -> None:
    expected = fixtures()["pion-xr-all-block-types"]["expected"]["xr"]
    (part,) = parts(fixture("pion-xr-all-block-types"))
    assert part.ssrc == expected["ssrc"]
    assert [one.block_type for one in part.extended] == expected["block_types"]
    assert part.extended[-1].values == expected["voip_metrics"]


def test_receivers_round_trips_and_the_summary_are_read() -> None:
    (part,) = parts(fixture("pion-xr-all-block-types"))
    assert part.extended[4].values == {"ssrc": 0x88888888, "last_rr": 0x12345678, "delay_since_last_rr": 0x99999999}
    summary = part.extended[5].values
    assert (summary["begin_seq"], summary["end_seq"], summary["lost_packets"]) == (0x1234, 0x5678, 0x11111111)


def test_a_block_that_is_too_short_holds_no_figures() -> None:
    (one,) = extended(bytes([VOIP, 0, 0, 8]) + bytes(10))
    assert one.values == {}


@given(st.binary())
def test_any_octets_give_blocks(octets: bytes) -> None:
    assert len(extended(octets)) <= MAX_BLOCKS
