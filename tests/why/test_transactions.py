from dataclasses import replace

from appliance.calls.clock import times
from appliance.model.rows import MessageRow
from appliance.why.seen import Seen
from appliance.why.transactions import Transaction, transactions
from tests.calls.made import flow
from tests.why.written import written


def of(rows: list[MessageRow]) -> tuple[list[Transaction], list[Seen]]:
    at_us = times(rows)
    return transactions([Seen(row, place, at_us[row.id]) for place, row in enumerate(rows)])


PROXIED = ("0 A>P INVITE", "1 P>A 100 INVITE", "5 P>B INVITE", "90 B>P 180 INVITE", "95 P>A 180 INVITE")


def test_a_transaction_is_one_hop_with_its_answers() -> None:
    found, acks = of(written(*PROXIED, "400 B>P 486 INVITE", "401 P>B ACK", "405 P>A 486 INVITE", "406 A>P ACK"))
    assert [(one.method, one.client[0], one.server[0], one.status) for one in found] == [
        ("INVITE", "10.0.0.1", "10.0.0.16", 486),
        ("INVITE", "10.0.0.16", "10.0.0.2", 486),
    ]
    assert [len(one.acks) for one in found] == [1, 1] and acks == []
    assert [seen.status for seen in found[0].provisional] == [100, 180]


def test_what_a_proxy_relays_is_a_child_by_its_via() -> None:
    first, second = of(written(*PROXIED))[0]
    assert second.parent is first and first.children == [second] and first.parent is None


def test_where_vias_are_hidden_the_address_tells_the_parent() -> None:
    first, second = of(written("0 A>P INVITE", "5 P>B INVITE via=1"))[0]
    assert second.parent is first


def test_rows_without_octets_are_related_by_address() -> None:
    rows = [replace(row, raw=None) for row in flow("0 A>P INVITE", "5 P>B INVITE", "9 B>P 200 INVITE")]
    first, second = of(rows)[0]
    assert second.parent is first and second.accepted


def test_the_ack_of_an_answer_is_no_part_of_its_transaction() -> None:
    found, acks = of(written("0 A>B INVITE", "50 B>A 200 INVITE", "55 A>B ACK"))
    assert len(found) == 1 and [ack.row.method for ack in acks] == ["ACK"]


def test_what_is_sent_again_is_counted_and_what_differs_is_not() -> None:
    (one, _) = of(written("0 A>B INVITE", "500 A>B INVITE", "600 B>A 486 INVITE", "900 B>A 486 INVITE",
                          "950 B>A 486 INVITE phrase=Other", "990 A>B INVITE cseq=2"))[0]  # fmt: skip
    assert len(one.sends) == 2 and one.final is not None and len(one.repeats(one.final)) == 2


def test_an_answer_counts_more_than_an_earlier_failure() -> None:
    (one,) = of(written("0 A>B INVITE", "50 B>A 486 INVITE totag=x", "60 B>A 200 INVITE totag=y"))[0]
    assert one.status == 200


def test_a_cancel_belongs_to_its_invite_even_with_another_branch() -> None:
    invite, cancel = of(written("0 A>B INVITE", "50 A>B CANCEL branch=z9hG4bK-other"))[0]
    assert [seen.row.method for seen in invite.cancels] == ["CANCEL"] and cancel.method == "CANCEL"


def test_branches_of_old_clients_are_told_apart_by_address() -> None:
    found, _ = of(written("0 A>B INVITE branch=1", "5 C>B INVITE branch=1", "9 B>A 486 INVITE"))
    assert [(one.client[0], one.status) for one in found] == [("10.0.0.1", 486), ("10.0.0.3", 0)]


def test_initial_and_later_invites_are_told_apart() -> None:
    first, again = of(written("0 A>B INVITE", "50 B>A 200 INVITE", "900 A>B INVITE again=1 cseq=2"))[0]
    assert first.initial and not first.in_dialog and again.in_dialog and not again.initial
