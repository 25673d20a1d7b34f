from dataclasses import replace

from appliance.calls.media import Session
from appliance.export.heard import with_heard
from appliance.export.streams import Stream
from appliance.model.quality import Measured, QualityRow, ReportKind, Told

A, B = ("10.0.0.1", 4000), ("10.0.0.2", 6000)
SESSION = Session("m", (A, B), "audio", "PCMA", False, "", "c", 1, 0, (A, B))


def stream(
    source: tuple[str, int], destination: tuple[str, int], mos: float | None, told: Told = Told.RECEIVED
) -> Stream:
    measured = Measured(ReportKind.RTCP, told, *source, *destination, mos=mos, loss_percent=0.0)
    return Stream((QualityRow("id", 1, "c", "n", measured),))


def test_each_way_has_its_own_figure() -> None:
    (found,) = with_heard([SESSION], [stream(A, B, 4.3), stream(B, A, 2.1)])
    assert found.there is not None and (found.there.mos, found.there.grade) == (4.3, "good")
    assert found.back is not None and (found.back.mos, found.back.grade) == (2.1, "bad")


def test_the_ports_of_rtcp_and_unknown_ones_belong_to_it_too() -> None:
    for ends in (((A[0], 4001), (B[0], 6001)), ((A[0], 0), (B[0], 0))):
        (found,) = with_heard([SESSION], [stream(*ends, 4.0)])
        assert found.there is not None and found.back is None
    assert with_heard([SESSION], [stream((A[0], 4002), B, 4.0)]) == [SESSION]


def test_of_several_the_worst_counts() -> None:
    (found,) = with_heard([SESSION], [stream(A, B, 4.3), stream(A, B, 3.0)])
    assert found.there is not None and found.there.mos == 3.0


def test_what_senders_say_of_themselves_and_what_nobody_measured_is_not_heard() -> None:
    assert with_heard([SESSION], [stream(A, B, 4.3, Told.SENT), stream(A, B, None)]) == [SESSION]
    other = replace(SESSION, ends=(A, ("10.0.0.3", 1)))
    assert with_heard([other], [stream(A, B, 4.3)]) == [other]
