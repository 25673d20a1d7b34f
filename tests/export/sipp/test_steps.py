import pytest

from appliance.export.prepared import in_order
from appliance.export.sipp.steps import Flow, NoScenario, flow
from tests.calls.made import flow as made
from tests.export.sipp.made import call, reply, request


def brief(found: Flow) -> list[str]:
    return [("> " if step.by_caller else "< ") + step.row.method for step in found.steps]


def test_it_is_what_the_caller_sent_and_received() -> None:
    rows = made(
        "0 A>P INVITE", "1 P>A 100 INVITE", "2 P>B INVITE", "3 B>P 100 INVITE", "20 B>P 180 INVITE",
        "21 P>A 180 INVITE", "50 B>P 200 INVITE", "51 P>A 200 INVITE", "60 A>B ACK",
        "900 B>A BYE cseq=9 by=callee", "901 A>B 200 BYE cseq=9",
    )  # fmt: skip
    found = flow(rows)
    assert brief(found) == ["> INVITE", "< 100", "< 180", "< 200", "> ACK", "< BYE", "> 200"]
    assert [step.after_ms for step in found.steps] == [0, 1, 20, 30, 9, 840, 1]
    assert found.folded == 0


def test_what_sipp_cannot_send_is_no_step() -> None:
    rows = made("0 A>B INVITE", "5 A>B IN<VITE cseq=2", "6 B>A 042 INVITE", "7 B>A 799 INVITE", "9 B>A 486 INVITE")
    assert brief(flow(rows)) == ["> INVITE", "< 486"]


def test_other_legs_are_other_calls() -> None:
    rows = made("0 A>P INVITE", "50 P>A 486 INVITE", "60 A>P ACK")
    other = made("2 P>A INVITE id=x", "40 A>P 486 INVITE id=y", callid="c2@made")
    assert brief(flow(in_order([*rows, *other]))) == ["> INVITE", "< 486", "> ACK"]


def test_what_was_sent_again_is_there_once() -> None:
    rows = made(
        "0 A>B INVITE",
        "500 A>B INVITE",
        "520 B>A 180 INVITE",
        "900 B>A 486 INVITE",
        "950 A>B ACK",
        "1400 B>A 486 INVITE",
        "1401 A>B ACK",
    )
    found = flow(rows)
    assert (brief(found), found.folded) == (["> INVITE", "< 180", "< 486", "> ACK"], 3)


def test_what_was_sent_again_with_another_header_is_there_once_too() -> None:
    sent = [("A>B", request("INVITE")), ("A>B", request("INVITE", 1, "Timestamp: 2")), ("B>A", reply("486 Busy Here"))]
    assert brief(flow(call(*sent))) == ["> INVITE", "< 486"]


def test_two_phones_at_one_address_are_told_apart_by_their_ports() -> None:
    ends = {"caller": "source_port=5070", "callee": "destination_port=5080"}
    rows = made(
        f"0 A>P INVITE {ends['caller']}", f"1 P>A INVITE {ends['callee']}", "20 A>P 180 INVITE source_port=5080",
        "21 P>A 180 INVITE destination_port=5070",
    )  # fmt: skip
    assert brief(flow(rows)) == ["> INVITE", "< 180"]


def test_an_answer_to_nothing_is_left_out_and_counted() -> None:
    found = flow(made("0 A>B INVITE", "9 B>A 200 OPTIONS cseq=4", "20 B>A 486 INVITE"))
    assert (brief(found), found.unasked) == (["> INVITE", "< 486"], 1)


def test_it_begins_with_the_first_invite() -> None:
    found = flow(made("0 A>B OPTIONS", "9 B>A 200 OPTIONS", "20 A>B INVITE cseq=2", "30 B>A 100 INVITE cseq=2"))
    assert brief(found) == ["> INVITE", "< 100"]


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (["0 A>B BYE", "9 B>A 200 BYE"], "no INVITE of this call was captured"),
        (["0 A>B INVITE again=1", "9 B>A 200 INVITE"], "no INVITE of this call was captured"),
        ([], "no INVITE of this call was captured"),
        (["0 A>B INVITE", "500 A>B INVITE"], "only one side of this call was captured: nothing answers the INVITE"),
    ],
)
def test_a_call_without_both_sides_is_no_scenario(lines: list[str], sentence: str) -> None:
    with pytest.raises(NoScenario, match=sentence):
        flow(in_order(made(*lines)))
