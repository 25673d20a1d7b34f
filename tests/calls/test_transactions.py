from dataclasses import replace

from appliance.calls.transactions import transactions
from tests.calls.made import flow


def exchanges(*lines: str) -> list[int]:
    return [one.exchange for one in transactions(flow(*lines))]


def hops(*lines: str) -> list[int]:
    return [one.transaction for one in transactions(flow(*lines))]


RELAYED = ("0 A>P INVITE", "1 P>B INVITE", "2 B>P 180 INVITE", "3 P>A 180 INVITE", "4 A>P BYE cseq=2")


def test_a_request_and_its_answers_are_one_exchange_over_all_hops() -> None:
    assert exchanges(*RELAYED) == [0, 0, 0, 0, 1]


def test_a_transaction_is_that_of_one_hop() -> None:
    assert hops(*RELAYED) == [0, 1, 1, 0, 2]


def test_the_ack_of_a_failure_and_the_cancel_go_with_their_invite() -> None:
    lines = ("0 A>P INVITE", "1 A>P CANCEL", "2 P>A 200 CANCEL", "3 P>A 487 INVITE", "4 A>P ACK")
    assert exchanges(*lines) == [0] * 5
    assert hops(*lines) == [0, 1, 1, 0, 0]


def test_the_ack_of_an_answer_is_a_transaction_of_its_own() -> None:
    assert hops("0 A>P INVITE", "1 P>A 200 INVITE", "2 A>P ACK via_branch=z9hG4bK-other") == [0, 0, 1]


def test_the_same_number_of_the_callee_is_another_exchange() -> None:
    assert exchanges("0 A>P INVITE", "9 P>A BYE by=callee", "10 A>P BYE") == [0, 1, 2]


def test_without_a_branch_the_hop_tells() -> None:
    rows = [replace(row, via_branch="") for row in flow(*RELAYED)]
    assert [one.transaction for one in transactions(rows)] == [0, 1, 1, 0, 2]
