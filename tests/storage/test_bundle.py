from hypothesis import given
from hypothesis import strategies as st

from appliance.model.kinds import DailyTable, Kind
from appliance.storage.bundle import NewRow, fields_of, line_of, note_line, tail_of
from tests.daily_database import DAY

HARD = st.binary(max_size=20) | st.sampled_from([b"\\", b"\\N", b"\t", b"\n", b"\\t", b"a\\\\n", b"\\\t\\\n"])


def row(tail: bytes, own_ts: int | None = None) -> NewRow:
    return NewRow(DailyTable(DAY, Kind.CALL), 100, 200, own_ts, 300, tail, b"")


@given(st.lists(HARD | st.none(), min_size=1, max_size=8))
def test_columns_of_any_octets_come_back_from_a_line(columns: list[bytes | None]) -> None:
    line = line_of(row(tail_of(columns)), 7)
    assert line.endswith(b"\n") and line.count(b"\n") == 1
    assert fields_of(line) == [b"100", b"7", b"200", None, b"300", *columns]


def test_a_time_of_its_own_is_a_column_of_its_own() -> None:
    assert line_of(row(b"x", 99), 7) == b"100\t7\t200\t99\t300\tx\n"


def test_the_settler_is_told_the_time_that_the_packet_claimed() -> None:
    assert note_line(row(b"x", 99)) == b"100\t99\t300\tx"
    assert note_line(row(b"x")) == b"100\t100\t300\tx"
