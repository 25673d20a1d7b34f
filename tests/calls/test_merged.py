from dataclasses import replace

from appliance.calls import merged
from appliance.calls.order import ordered
from appliance.model.rows import MessageRow
from tests.calls.joins.traffic import Habits, pairs_of
from tests.calls.made import brief, flow, seen_by


def two(gap_ms: float = 0) -> list[MessageRow]:
    """A call through the B2BUA B: legs `a` from A, `b` to C; everything of one leg `gap_ms` after the other."""
    a = flow("0 A>B INVITE", f"{40 + gap_ms} B>A 180 INVITE", f"{90 + gap_ms} B>A 200 INVITE", "100 A>B ACK",
             "200 A>B BYE", "201 B>A 200 BYE", callid="a")  # fmt: skip
    b = flow(f"{gap_ms} B>C INVITE", "40 C>B 180 INVITE", "90 C>B 200 INVITE", f"{100 + gap_ms} B>C ACK",
             f"{200 + gap_ms} B>C BYE", "202 C>B 200 BYE", callid="b")  # fmt: skip
    return [replace(row, id=f"{row.callid}{row.id}") for row in (*a, *b)]


WANTED = [
    "A>B INVITE", "B>C INVITE", "C>B 180 INVITE", "B>A 180 INVITE", "C>B 200 INVITE", "B>A 200 INVITE",
    "A>B ACK", "B>C ACK", "A>B BYE", "B>C BYE", "B>A 200 BYE", "C>B 200 BYE",
]  # fmt: skip


def test_legs_are_in_the_order_of_the_clock() -> None:
    assert brief(merged.in_order(two(0.5))) == WANTED


def test_of_one_stamp_requests_go_on_and_responses_come_back() -> None:
    assert brief(merged.in_order(two())) == WANTED


def test_one_leg_alone_is_ordered_as_ever() -> None:
    rows = [row for row in two() if row.callid == "a"]
    assert merged.in_order(rows) == ordered(rows)


def test_copies_are_folded_and_each_leg_keeps_its_own_order() -> None:
    for number, (one, other) in enumerate(pairs_of(Habits(calls=20))):
        found = merged.in_order([*one, *other, *seen_by(one, "core", 300)])
        assert len(found) == len(one) + len(other), number
        for leg in (one, other):
            assert [row.id for row in found if row.callid == leg[0].callid] == [row.id for row in ordered(leg)]
        assert [row.callid for row in found[:2]] == [one[0].callid, other[0].callid]
