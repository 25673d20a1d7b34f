from dataclasses import replace

from appliance.calls.copies import retransmitted
from appliance.calls.hiding import marks_shown, visible, words
from appliance.calls.hosts import Hosts
from appliance.calls.picture import WHOLE, Picture
from appliance.model.kinds import Kind
from tests.calls.made import flow

CALL = flow(
    "0 A>P INVITE", "1 P>A 100 INVITE", "2 P>B INVITE", "500 P>B INVITE", "600 B>P 180 INVITE", "700 A>P OPTIONS",
    "701 P>A 200 OPTIONS",
)  # fmt: skip


def left(picture: Picture) -> list[int]:
    return visible(CALL, Hosts(CALL, picture.merged_hosts), retransmitted(CALL), picture)


def test_all_of_it_stays_by_default() -> None:
    assert left(WHOLE) == list(range(7))


def test_a_method_goes_with_its_answers_and_a_code_alone() -> None:
    assert left(replace(WHOLE, hide=frozenset({"OPTIONS"}))) == [0, 1, 2, 3, 4]
    assert left(replace(WHOLE, hide=frozenset({"100"}))) == [0, 2, 3, 4, 5, 6]
    assert left(replace(WHOLE, hide=frozenset({"1xx", "OPTIONS"}))) == [0, 2, 3]


def test_retransmissions_can_go() -> None:
    assert left(replace(WHOLE, hide=frozenset({"retransmissions"}))) == [0, 1, 2, 4, 5, 6]


def test_a_host_goes_with_all_that_it_sent_or_got() -> None:
    assert left(replace(WHOLE, hidden_hosts=frozenset({"10.0.0.2"}))) == [0, 1, 5, 6]


def test_a_leg_goes() -> None:
    assert left(replace(WHOLE, legs=("other",))) == []


def test_it_says_what_there_is_to_hide() -> None:
    assert words(CALL) == [("INVITE", 5), ("OPTIONS", 2), ("100", 1), ("180", 1), ("200", 1)]
    assert words([replace(CALL[0], method="", cseq_method="")]) == []


def test_marks_go_by_their_family() -> None:
    rows = [replace(CALL[0], kind=kind, method="") for kind in (Kind.LOG, Kind.RTCP, Kind.WEBRTC)]
    shown = marks_shown(rows, replace(WHOLE, hide=frozenset({"logs", "events"})))
    assert [row.kind for row in shown] == [Kind.RTCP]
    assert marks_shown(rows, replace(WHOLE, legs=("other",))) == []
