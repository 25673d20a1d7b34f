from dataclasses import replace

from appliance.calls.clock import times
from tests.calls.made import at, flow

DAY_US = 86_400_000_000


def test_a_packets_own_time_counts() -> None:
    rows = [replace(row, arrival_ts=row.ts + 5_000_000) for row in flow("0 A>B INVITE", "7 B>A 180 INVITE")]
    assert list(times(rows).values()) == [at(0), at(7)]


def test_a_clock_far_off_is_moved_as_a_whole_to_where_its_packets_were_filed() -> None:
    sane = flow("0 A>P INVITE", "40 P>A 180 INVITE")
    absurd = [
        replace(row, id=f"far{row.id}", node="far", ts=row.ts - 9000 * DAY_US, filed_ts=row.ts + late_us)
        for row, late_us in zip(flow("10 P>B INVITE", "30 B>P 180 INVITE"), (900, 300), strict=True)
    ]
    found = times([*sane, *absurd])
    assert [found[row.id] for row in absurd] == [at(10) + 300, at(30) + 300]
    assert [found[row.id] for row in sane] == [at(0), at(40)]


def test_a_clock_that_does_not_run_is_not_used() -> None:
    rows = [replace(row, ts=0) for row in flow("0 A>B INVITE", "60000 B>A 180 INVITE")]
    assert list(times(rows).values()) == [at(0), at(60000)]
