import re
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from appliance.model.kinds import Kind
from appliance.model.quality import Measured, ReportKind, Told
from appliance.quality.scored import scored
from appliance.storage.bundle import fields_of
from appliance.storage.daily_tables import create_sql
from appliance.storage.media_ends import end_key
from appliance.storage.reports import MOST_PARTS, Origin, ends_of, lines_of, reports
from appliance.storage.rows import QUALITY_COLUMNS
from tests.storage.measured import STREAM, stream
from tests.storage.search.stored import NOON

COLUMNS = re.findall(r"^  (\w+) +(?:BIGINT|INT|SMALLINT|VARBINARY)", create_sql("quality_20261123"), re.MULTILINE)
"""In the order of the table."""
ORIGIN = Origin(Kind.RTCP, NOON, None, b"", b"node")


def fields(measured: Measured, origin: Origin = ORIGIN) -> dict[str, bytes | None]:
    (line,) = lines_of(NOON, 7, reports(origin, [measured]))
    return dict(zip(COLUMNS, fields_of(line), strict=True))


def test_the_packet_comes_before_the_body_in_saying_whose_it_is() -> None:
    assert fields(stream(callid="body"))["callid"] == b"body"
    assert fields(stream(callid="body"), Origin(Kind.RTCP, NOON, None, b"packet", b"node"))["callid"] == b"packet"


def test_figures_lie_in_whole_units() -> None:
    found = fields(stream(sent_ssrc=7, sent_packets=501))
    names = ("ssrc", "codec", "clock_rate_hz", "packets", "lost", "loss_milli_percent", "jitter_us", "round_trip_us")
    assert [found[name] for name in names] == [
        b"3735928559", b"PCMA", b"8000", b"500", b"15", b"3000", b"12125", b"40500",
    ]  # fmt: skip
    assert (found["mos_hundredths"], found["sent_ssrc"], found["sent_packets"]) == (b"385", b"7", b"501")


def test_a_reported_r_factor_is_kept_and_a_computed_one_made_again() -> None:
    assert fields(stream(mos_model="reported", r_factor=80.25))["r_tenths"] == b"802"
    assert fields(stream(mos=None, mos_model="", r_factor=80.0))["r_tenths"] == b"800"
    computed = fields(scored(stream(mos=None, mos_model="")))
    assert (computed["r_tenths"], computed["mos_model"]) == (None, b"E-model")


def test_only_reports_of_unknown_calls_are_sought_by_their_ends() -> None:
    keys = sorted(end_key(ip, port, NOON) or 0 for ip, port in (("10.0.0.2", 40000), ("10.0.0.1", 30000)))
    known = Origin(Kind.RTCP, NOON, None, b"a-call", b"node", calls={b"a-call"})
    assert reports(known, [STREAM, STREAM]).ends == ()
    found = reports(known._replace(callid=b"PJSIP/alice-1"), [stream(source_port=0), STREAM])
    assert sorted(found.ends) == [(0, end_key("10.0.0.1", 30000, NOON)), *((1, key) for key in keys)]
    assert ends_of(NOON, 7, found)[0] == b"%d\t%d\t7\t0\n" % (found.ends[0][1], NOON)


def test_what_no_column_holds_is_unknown() -> None:
    odd = stream(ssrc=1 << 32, packets=-1, lost=1 << 70, loss_percent=float("nan"), jitter_ms=float("inf"), mos=-1.0)
    names = ("ssrc", "packets", "lost", "loss_milli_percent", "jitter_us", "mos_hundredths")
    assert [fields(odd)[name] for name in names] == [None] * 6
    assert fields(stream(source_port=70000))["source_port"] == b"0"


def test_no_packet_has_more_rows_than_may_be() -> None:
    lines = lines_of(NOON, 7, reports(ORIGIN, [STREAM] * 1000))
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


def test_every_column_that_is_read_is_written() -> None:
    assert {*QUALITY_COLUMNS, "callid_key"} == set(COLUMNS)


@given(
    st.builds(
        Measured,
        st.sampled_from(ReportKind), st.sampled_from(Told), _texts, st.integers(), _texts, st.integers(),
        _numbers, _texts, _numbers, _numbers, _numbers, _floats, _floats, _floats, _floats, _texts,
    )
)  # fmt: skip
def test_whatever_a_report_says_it_is_one_line_of_as_many_fields(measured: Measured) -> None:
    (line,) = lines_of(NOON, 7, reports(ORIGIN, [measured]))
    assert line.count(b"\n") == 1
    assert len(fields_of(line)) == len(COLUMNS)
