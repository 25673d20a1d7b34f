from dataclasses import replace

from appliance.model.ids import HOUR_US
from appliance.model.registrations import BindingHour, RegistrationRow
from appliance.registrations.fold import fold
from appliance.registrations.merge import merge
from tests.registrations.made import HOUR, START_US, at, seen, told

END_US = START_US + 4 * HOUR_US
SECOND = 1000


def hours(*lines: str, callid: str = "r1@made") -> list[BindingHour]:
    packets = seen(told(*lines, callid=callid))
    return [row for hour in range(HOUR, HOUR + 4) for row in fold(packets, hour)]


def merged(*lines: str, as_of_us: int = END_US) -> RegistrationRow:
    return merge(hours(*lines), as_of_us)


def every(seconds: int, times: int, granted: int = 3600) -> list[str]:
    """A device that refreshes."""
    lines = []
    for number in range(times):
        ms = number * seconds * SECOND
        lines += [f"{ms} A>R REGISTER cseq={number + 1}", f"{ms + 9} R>A 200 cseq={number + 1} for={granted}"]
    return lines


def test_refreshes_are_counted_over_the_edges_of_hours() -> None:
    row = merged(*every(1800, 7))
    assert len(hours(*every(1800, 7))) > 2
    assert (row.refreshes, row.flaps, row.state) == (6, 0, "registered")
    assert (row.started, row.ended) == (at(0), at(6 * 1800 * SECOND + 9))


def test_it_expires() -> None:
    row = merged(*every(1800, 2), as_of_us=at(5401 * SECOND))
    assert (row.state, row.expires_at) == ("expired", at(5400 * SECOND + 9))
    assert merged(*every(1800, 2), as_of_us=at(5399 * SECOND)).state == "registered"


def test_what_expired_between_hours_and_came_back_flaps() -> None:
    assert (merged(*every(3000, 3, granted=600)).flaps, merged(*every(3000, 3)).flaps) == (2, 0)


def test_a_device_that_moved_between_hours_flaps() -> None:
    moved = "3600000 A>R REGISTER cseq=2 port=6000 instance=7", "3600009 R>A 200 cseq=2 port=6000 instance=7 for=9000"
    row = merged("0 A>R REGISTER instance=7", "9 R>A 200 instance=7 for=9000", *moved)
    assert (row.flaps, row.refreshes, row.source_port) == (1, 0, 6000)


def test_removed_in_one_hour_and_back_in_the_next_flaps() -> None:
    row = merged("0 A>R REGISTER", "9 R>A 200 for=9000", "100 A>R REGISTER cseq=2 expires=0", "109 R>A 200 cseq=2",
                 "3600000 A>R REGISTER cseq=3", "3600009 R>A 200 cseq=3 for=99000")  # fmt: skip
    assert (row.flaps, row.state) == (1, "registered")


def test_another_dialogs_star_takes_the_binding_away() -> None:
    star = hours("60000 A>R REGISTER contact=* expires=0", "60009 R>A 200 contact=none", callid="r2@made")
    row = merge([*hours(*every(1800, 1)), *star], END_US)
    assert (row.state, row.expires_at, row.contact) == ("removed", None, "sip:alice@10.0.0.1:5060")
    back = hours("70000 A>R REGISTER", "70009 R>A 200 for=90000", callid="r3@made")
    row = merge([*hours(*every(1800, 1)), *star, *back], END_US)
    assert (row.state, row.callid) == ("registered", "r3@made")


def test_a_refused_refresh_keeps_what_was_granted() -> None:
    row = merged(*every(1800, 1, granted=9000), "3600000 A>R REGISTER cseq=2", "3600009 R>A 403 cseq=2")
    assert (row.state, row.status, row.rrd_ms) == ("rejected", 403, 9)
    assert row.expires_at == at(9000 * SECOND + 9)


def test_the_order_of_hours_does_not_count() -> None:
    rows = hours(*every(1800, 7))
    assert merge(rows[::-1], END_US) == merge(rows, END_US)
    assert merge([replace(rows[0])], END_US).refreshes == rows[0].refreshes
