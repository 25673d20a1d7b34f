from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from appliance.model.kinds import Kind
from appliance.model.quality import Measured, ReportKind, Told
from appliance.storage.bundle import fields_of
from appliance.storage.reports import MOST_PARTS, Origin, lines_of, reports
from tests.storage.measured import STREAM, stream
from tests.storage.search.stored import NOON

ORIGIN = Origin(Kind.RTCP, NOON, None, b"", b"node")


def fields(measured: Measured, origin: Origin = ORIGIN) -> list[bytes | None]:
    (line,) = lines_of(NOON, 7, reports(origin, [measured]).tails)
    return fields_of(line)


def test_the_packet_comes_before_the_body_in_saying_whose_it_is() -> None:
    assert fields(stream(callid="body"))[8] == b"body"
    assert fields(stream(callid="body"), Origin(Kind.RTCP, NOON, None, b"packet", b"node"))[8] == b"packet"


def test_figures_lie_in_whole_units() -> None:
    assert fields(STREAM)[15:22] == [b"3735928559", b"PCMA", b"8000", b"500", b"15", b"3000", b"12125"]
    assert fields(STREAM)[22:24] == [b"40500", b"385"]


def test_what_no_column_holds_is_unknown() -> None:
    odd = stream(ssrc=1 << 32, packets=-1, lost=1 << 70, loss_percent=float("nan"), jitter_ms=float("inf"), mos=-1.0)
    assert fields(odd)[15] is None
    assert fields(odd)[18:22] == [None, None, None, None]
    assert fields(odd)[23] is None
    assert fields(stream(source_port=70000))[12] == b"0"


def test_no_packet_has_more_rows_than_may_be() -> None:
    lines = lines_of(NOON, 7, reports(ORIGIN, [STREAM] * 1000).tails)
    assert [fields_of(line)[2] for line in lines] == [b"%d" % part for part in range(MOST_PARTS)]


def test_a_packet_tells_the_lowest_mos_of_each_call_that_it_names() -> None:
    told = [
        stream(mos=4.1, callid="in"),
        stream(mos=3.256, callid="in"),
        stream(mos=2.0, callid="out"),
        stream(mos=None),
    ]
    assert dict(reports(ORIGIN, told).opinions) == {b"in": 326, b"out": 200}
    assert reports(Origin(Kind.RTCP, NOON, None, b"packet", b""), told).opinions == ((b"packet", 200),)
    assert reports(ORIGIN, [stream(mos=1.0), stream(mos=None, callid="x")]).opinions == ()


_numbers: Any = st.none() | st.integers(-(1 << 70), 1 << 70)
_floats: Any = st.none() | st.floats()
_texts: Any = st.text()


@given(
    st.builds(
        Measured,
        st.sampled_from(ReportKind), st.sampled_from(Told), _texts, st.integers(), _texts, st.integers(),
        _numbers, _texts, _numbers, _numbers, _numbers, _floats, _floats, _floats, _floats, _texts,
    )
)  # fmt: skip
def test_whatever_a_report_says_it_is_one_line_of_as_many_fields(measured: Measured) -> None:
    (line,) = lines_of(NOON, 7, reports(ORIGIN, [measured]).tails)
    assert line.count(b"\n") == 1
    assert len(fields_of(line)) == 26
