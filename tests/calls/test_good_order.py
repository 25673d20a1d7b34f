import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.calls.copies import all_differ, timed
from appliance.calls.good_order import in_good_order
from appliance.calls.precedence import constraints
from appliance.model.rows import MessageRow
from tests.calls.made import flow
from tests.calls.recorded import by_callid, recorded
from tests.calls.test_fold import messages
from tests.calls.test_recorded_calls import AAA, B2BUA, FAX, SIPNAB

THROUGH_A_PROXY = (
    "0 A>P INVITE", "1 P>A 407 INVITE", "2 A>P ACK", "3 A>P INVITE cseq=2", "4 P>A 100 INVITE cseq=2",
    "5 P>B INVITE cseq=2", "6 B>P 100 INVITE cseq=2", "80 B>P 180 INVITE cseq=2", "82 P>A 180 INVITE cseq=2",
    "2000 B>P 200 INVITE cseq=2", "2003 P>A 200 INVITE cseq=2", "2010 A>P ACK cseq=2", "2011 P>B ACK cseq=2",
    "62003 B>P BYE by=callee", "62005 P>A BYE by=callee", "62010 A>P 200 BYE by=callee", "62011 P>B 200 BYE by=callee",
)  # fmt: skip
CANCELLED = (
    "0 A>P INVITE", "1 P>B INVITE", "2 B>P 180 INVITE", "3 P>A 180 INVITE", "4 A>P CANCEL", "5 P>A 200 CANCEL",
    "6 P>B CANCEL", "7 B>P 200 CANCEL", "8 B>P 487 INVITE", "9 P>B ACK", "10 P>A 487 INVITE", "11 A>P ACK",
)  # fmt: skip


def held_back(rows: list[MessageRow]) -> bool:
    return any(before > later for before, later, _ in constraints(rows, vias=False))


@pytest.mark.parametrize("lines", [THROUGH_A_PROXY, CANCELLED, ("0 A>P INVITE", "9 P>A 404 INVITE", "10 A>P ACK")])
def test_the_usual_calls_are_in_good_order(lines: tuple[str, ...]) -> None:
    assert in_good_order(flow(*lines))


@pytest.mark.parametrize("lines", [THROUGH_A_PROXY, CANCELLED])
@given(random_=st.randoms(use_true_random=False), swaps=st.integers(1, 6))
@settings(max_examples=200, deadline=None)
def test_what_a_constraint_holds_back_is_never_in_good_order(
    lines: tuple[str, ...], random_: random.Random, swaps: int
) -> None:
    rows = flow(*lines)
    for _ in range(swaps):
        one, other = random_.randrange(len(rows)), random_.randrange(len(rows))
        rows[one], rows[other] = rows[other], rows[one]
    assert not (in_good_order(rows) and held_back(rows))


@given(messages())
@settings(max_examples=500, deadline=None)
def test_whatever_was_stored_is_held_back_by_nothing_when_it_is_in_good_order(stored: list[MessageRow]) -> None:
    rows = list({row.payload_hash: row for row in timed(stored)[0]}.values())
    assert not (in_good_order(rows) and held_back(rows))


@pytest.mark.parametrize("name", [AAA, B2BUA, FAX, f"{SIPNAB}/pcap-samples/sip-proxy.pcap"])
def test_recorded_calls_in_good_order_are_held_back_by_nothing(name: str) -> None:
    for found in by_callid(recorded(name)).values():
        rows, _ = timed(found)
        assert not all_differ(rows) or not in_good_order(rows) or not held_back(rows)
