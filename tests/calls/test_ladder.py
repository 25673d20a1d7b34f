from dataclasses import replace

from appliance.calls.copies import fold_copies
from appliance.calls.heads import NARROWEST
from appliance.calls.labels import cells
from appliance.calls.ladder import CHAR, ROW, Ladder, pages
from appliance.calls.layout import layout
from appliance.calls.order import ordered
from appliance.model.rows import MessageRow
from tests.calls.made import flow, seen_by
from tests.calls.recorded import recorded


def ladder(rows: list[MessageRow]) -> Ladder:
    return layout(ordered(fold_copies(rows)))


CALL = ("0 A>P INVITE content_type=application/sdp", "1 P>A 100 INVITE", "2 P>B INVITE", "2000 B>P 200 INVITE")


def test_hosts_stand_in_the_order_in_which_they_appear() -> None:
    found = ladder(flow(*CALL))
    assert [host.lines for host in found.hosts] == [("10.0.0.1",), ("10.0.0.16",), ("10.0.0.2",)]
    assert [host.ports for host in found.hosts] == [":5060"] * 3
    assert [host.x for host in found.hosts] == sorted(host.x for host in found.hosts)


def test_arrows_go_from_host_to_host_row_by_row() -> None:
    found = ladder(flow(*CALL))
    xs = [host.x for host in found.hosts]
    assert [(arrow.x1, arrow.x2) for arrow in found.arrows] == [
        (xs[0], xs[1]), (xs[1], xs[0]), (xs[1], xs[2]), (xs[2], xs[1]),
    ]  # fmt: skip
    assert [arrow.y - found.arrows[0].y for arrow in found.arrows] == [0, ROW, 2 * ROW, 3 * ROW]
    assert [arrow.number for arrow in found.arrows] == [1, 2, 3, 4]
    assert found.body_height >= 4 * ROW


def test_an_arrow_says_what_it_is() -> None:
    first, trying, _, answer = ladder(flow(*CALL)).arrows
    assert (first.label.text, first.kind, first.sent) == (
        "INVITE (SDP)",
        "request",
        "10.0.0.1:5060 -> 10.0.0.16:5060 udp",
    )
    assert (trying.kind, answer.kind) == ("r1", "r2")
    assert (answer.delta_us, answer.since_us) == (1_998_000, 2_000_000)
    assert first.anchor == f"m-{first.id}"


def test_retransmissions_and_copies_are_marked() -> None:
    rows = flow("0 A>P INVITE", "500 A>P INVITE")
    found = ladder([*rows, *seen_by(rows, "other")])
    assert [(arrow.retransmission, arrow.label.text) for arrow in found.arrows] == [
        (False, "INVITE ×2"), (True, "INVITE ×2"),
    ]  # fmt: skip


def test_a_message_to_oneself_has_one_column_and_room_for_its_label() -> None:
    found = ladder(flow("0 P>P INVITE"))
    (arrow,) = found.arrows
    assert arrow.to_itself
    assert found.width > arrow.label_x + cells(arrow.label.text) * CHAR


def test_labels_fit_between_their_hosts() -> None:
    found = layout(ordered(recorded("irontec-sngrep/tests/ipv6frag.pcap")))
    for arrow in found.arrows:
        assert cells(arrow.label.text) * CHAR < abs(arrow.x2 - arrow.x1)
    assert [len(host.lines) for host in found.hosts] == [2, 2, 2]


def test_heads_never_overlap() -> None:
    address = "2001:db8:1234:5678:9abc:def0:1:"
    rows = [
        replace(row, source_ip=f"{address}{n:x}", id=str(n), payload_hash=n)
        for n, row in enumerate(flow("0 A>B INVITE") * 12)
    ]
    found = ladder(rows)
    for one, other in zip(found.hosts, found.hosts[1:], strict=False):
        assert one.x + one.width / 2 < other.x - other.width / 2


def test_aliases_stand_in_the_heads_with_the_address_in_the_title() -> None:
    found = layout(flow("0 A>B INVITE"), {"10.0.0.1": "Edge proxy"})
    assert found.hosts[0].lines == ("Edge proxy",)
    assert found.hosts[0].title == "Edge proxy 10.0.0.1 :5060"


def test_thirty_hosts_stand_beside_each_other() -> None:
    rows = [replace(row, source_ip=f"10.1.0.{n}", destination_ip=f"10.1.0.{n + 1}", id=f"{n:03}", payload_hash=n)
            for n, row in enumerate(flow("0 A>B OPTIONS") * 29)]  # fmt: skip
    found = ladder(rows)
    assert len(found.hosts) == 30
    assert found.width < 30 * NARROWEST + 400


def test_two_thousand_messages_are_cut_into_pages_with_their_own_numbers_and_heads() -> None:
    rows = [
        replace(row, id=f"{n:05}", payload_hash=n, ts=row.ts + n) for n, row in enumerate(flow("0 A>B INFO") * 2000)
    ]
    cut = pages(layout(rows))
    assert [len(page.arrows) for page in cut] == [200] * 10
    assert [page.arrows[0].number for page in cut][:3] == [1, 201, 401]
    assert {page.arrows[0].y for page in cut} == {cut[0].arrows[0].y}
    assert {page.hosts for page in cut} == {cut[0].hosts}


def test_a_call_without_messages_has_an_empty_ladder() -> None:
    empty = layout([])
    assert (empty.hosts, empty.arrows, pages(empty)) == ((), (), [empty])


def test_legs_are_numbered() -> None:
    rows = [*flow("0 A>P INVITE"), *(replace(row, id="b") for row in flow("1 P>B INVITE", callid="c2@made"))]
    found = ladder(rows)
    assert (found.callids, [arrow.leg for arrow in found.arrows]) == (("c1@made", "c2@made"), [0, 1])
