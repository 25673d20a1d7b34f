from dataclasses import replace

from appliance.calls.precedence import constraints, transaction
from tests.calls.made import flow


def pairs(*lines: str) -> set[tuple[int, int]]:
    """Indices of the lines that come before others."""
    return {(before, later) for before, later, _ in constraints(flow(*lines))}


def test_a_request_comes_before_all_its_responses_always() -> None:
    found = set(constraints(flow("0 A>B INVITE", "1 B>A 100 INVITE", "2 B>A 486 INVITE")))
    assert {(0, 1, True), (0, 2, True), (1, 2, False)} <= found


def test_responses_to_another_cseq_or_host_are_not_its_own() -> None:
    assert pairs("0 A>B INVITE", "1 B>A 100 INVITE cseq=2", "2 C>A 100 INVITE", "3 B>A 200 CANCEL") == set()


def test_the_ack_of_a_2xx_belongs_to_its_cseq_and_tag() -> None:
    assert (1, 2) in pairs("0 A>B INVITE", "1 B>A 200 INVITE", "2 A>B ACK")
    assert (1, 2) not in pairs("0 A>B INVITE", "1 B>A 200 INVITE", "2 A>B ACK to_tag=other")


def test_100_and_the_ack_of_a_failure_are_not_relayed() -> None:
    found = pairs(
        "0 A>P INVITE", "1 P>B INVITE", "2 B>P 100 INVITE", "3 P>A 100 INVITE", "4 B>P 486 INVITE", "5 P>B ACK",
        "6 P>A 486 INVITE", "7 A>P ACK",
    )  # fmt: skip
    assert {(0, 1), (4, 6), (4, 5), (6, 7)} <= found
    assert not {(2, 3), (7, 5), (5, 7)} & found


def test_each_branch_of_a_fork_follows_what_was_received() -> None:
    assert {(0, 1), (0, 2)} <= pairs("0 A>P INVITE", "1 P>B INVITE", "2 P>C INVITE")


def test_a_retransmission_follows_the_first_and_nothing_else() -> None:
    found = pairs("0 A>B INVITE", "1 B>A 100 INVITE", "500 A>B INVITE")
    assert found == {(0, 1), (0, 2)}


def test_hosts_on_one_address_are_told_by_their_ports() -> None:
    one = "source_port=5080 destination_port=5060"
    other = "source_port=5060 destination_port=5070"
    assert pairs(f"0 A>A INVITE {one} via_branch=1", f"1 A>A INVITE {other} via_branch=2") == {(0, 1)}


def test_packets_that_are_no_sip_have_no_place_of_their_own() -> None:
    rows = [replace(row, method="", cseq_method="", id=str(n)) for n, row in enumerate(flow("0 A>B INVITE") * 3)]
    assert list(constraints(rows)) == []


def test_a_response_belongs_to_the_transaction_of_its_request() -> None:
    request, response = flow("0 A>B BYE", "1 B>A 200 BYE")
    assert transaction(request) == transaction(response)


def test_a_host_of_two_addresses_relays_by_via() -> None:
    received, relayed, answer, back = flow(
        "0 A>P INVITE via_branch=a", "1 Q>B INVITE via_branch=q", "2 B>Q 200 INVITE via_branch=q",
        "3 P>A 200 INVITE via_branch=a",
    )  # fmt: skip
    two = b"INVITE sip:b SIP/2.0\r\nVia: SIP/2.0/UDP q;branch=q\r\nVia: SIP/2.0/UDP a;branch=a\r\n\r\n"
    rows = [received, replace(relayed, raw=two), replace(answer, raw=two), back]
    assert {(0, 1, False), (2, 3, False)} <= set(constraints(rows))
    assert not {(0, 1, False), (2, 3, False)} & set(constraints(rows, vias=False))


def test_a_message_goes_through_a_host_whether_two_or_more_tell_of_it() -> None:
    two = pairs("0 A>P INVITE", "1 P>B INVITE")
    three = pairs("0 A>P INVITE", "1 P>B INVITE", "2 B>C INVITE")
    assert (two, three) == ({(0, 1)}, {(0, 1), (1, 2)})
    assert pairs("0 P>B INVITE", "1 A>P INVITE") == {(1, 0)}
