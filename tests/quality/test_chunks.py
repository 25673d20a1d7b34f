from dataclasses import replace

import pytest

from appliance.model.quality import Measured, ReportKind, Told
from appliance.quality.chunks import JITTER, MOS, R_FACTOR, with_chunks
from appliance.quality.scored import REPORTED, scored, stream
from tests.quality.samples import HERE, THERE

ENDS = (HERE, THERE)
SENT = stream(ReportKind.RTCP, Told.SENT, ENDS, 1, 100)


def heard(**told: object) -> Measured:
    return scored(replace(stream(ReportKind.RTCP, Told.RECEIVED, (THERE, HERE)), **told))  # type: ignore[arg-type]


def extra(
    mos: int | None = None, r_factor: int | None = None, jitter: int | None = None
) -> list[tuple[int, int, bytes]]:
    told = ((MOS, mos, 2), (R_FACTOR, r_factor, 2), (JITTER, jitter, 4))
    return [(0, type_, value.to_bytes(size, "big")) for type_, value, size in told if value is not None]


def test_a_packet_without_figures_of_its_own_tells_a_stream_between_its_addresses() -> None:
    (one,) = with_chunks((), extra(403, 88, 12), ENDS)
    assert (one.kind, one.told, one.source_ip, one.destination_ip) == (ReportKind.HEP, Told.OBSERVED, HERE[0], THERE[0])
    assert (one.mos, one.mos_model, one.r_factor, one.jitter_ms) == (4.03, REPORTED, 88.0, 12.0)


def test_what_the_agent_computed_goes_before_the_model() -> None:
    sent, one = with_chunks((SENT, heard(loss_percent=1.0, jitter_ms=3.0)), extra(391, 8020, 12), ENDS)
    assert (sent.packets, sent.mos) == (100, None)
    assert (one.kind, one.mos, one.r_factor, one.jitter_ms) == (ReportKind.RTCP, 3.91, 80.2, 3.0)
    assert one.mos_model == REPORTED


def test_what_the_report_itself_says_stays() -> None:
    (one,) = with_chunks((heard(mos=3.0),), extra(391, 70), ENDS)
    assert (one.mos, one.r_factor) == (3.0, 70.0)


@pytest.mark.parametrize(
    "odd", [[], [(5, MOS, b"\1\2")], [(0, MOS, b"\1")], [(0, 0x22, b"\1\2")], extra(0, 60000, 1 << 31)]
)
def test_other_chunks_and_impossible_values_tell_nothing(odd: list[tuple[int, int, bytes]]) -> None:
    assert with_chunks((), odd, ENDS) == ()
    before = heard(loss_percent=1.0)
    assert with_chunks((replace(before),), odd, ENDS) == (before,)
