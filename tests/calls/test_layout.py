from dataclasses import replace

from appliance.calls.ladder import DESCRIBED, ROW, page
from appliance.calls.layout import layout
from appliance.calls.media import Description, Line, sessions
from appliance.calls.picture import WHOLE, Colours
from appliance.model.kinds import Kind
from tests.calls.made import flow

CALL = flow("0 A>P INVITE", "1 P>A 100 INVITE", "2 P>B INVITE", "900 B>P 200 INVITE", "901 P>A 200 INVITE")
OFFER = Description((Line("audio", ("10.0.0.1", 4000), ("PCMA",), "sendrecv"),))
ANSWER = Description((Line("audio", ("10.0.0.7", 6000), ("PCMA",), "sendrecv"),))
TOLD = {CALL[0].id: OFFER, CALL[2].id: OFFER, CALL[3].id: ANSWER, CALL[4].id: ANSWER}


def test_hidden_messages_keep_their_numbers_and_are_counted() -> None:
    found = layout(CALL, None, replace(WHOLE, hide=frozenset({"100"})))
    assert [arrow.number for arrow in found.arrows] == [1, 3, 4, 5]
    assert found.hidden == 1
    assert [arrow.delta_us for arrow in found.arrows] == [None, 2000, 898_000, 1000]


def test_a_column_goes_with_its_last_message() -> None:
    found = layout(CALL, None, replace(WHOLE, hidden_hosts=frozenset({"10.0.0.2"})))
    assert [host.lines for host in found.hosts] == [("10.0.0.1",), ("10.0.0.16",)]
    assert found.hidden == 2


def test_two_hosts_can_be_one_column() -> None:
    found = layout(CALL, None, replace(WHOLE, merged_hosts=(("10.0.0.16", "10.0.0.2"),)))
    assert [host.keys for host in found.hosts] == [("10.0.0.1",), ("10.0.0.16", "10.0.0.2")]
    assert found.arrows[2].to_itself


def test_addresses_of_one_alias_are_one_column_unless_they_are_to_stand_apart() -> None:
    names = {"10.0.0.16": "SBC", "10.0.0.2": "SBC"}
    assert [host.lines for host in layout(CALL, names).hosts] == [("10.0.0.1",), ("SBC + 1",)]
    assert len(layout(CALL, names, replace(WHOLE, apart=True)).hosts) == 3


def test_media_stands_behind_the_answer_between_its_ends_with_a_column_of_its_own() -> None:
    found = layout(CALL, None, WHOLE, TOLD, sessions(CALL, TOLD))
    (media,) = found.media
    assert media.after == 5 and media.top == 5 * ROW
    assert [host.lines[0] for host in found.hosts] == ["10.0.0.1", "10.0.0.16", "10.0.0.2", "10.0.0.7"]
    assert [host.media_only for host in found.hosts] == [False, False, False, True]
    assert (media.left, media.right, media.forward) == (0, 3, True)
    assert "PCMA" in media.label and "10.0.0.7:6000" in media.whole
    assert found.body_height > 6 * ROW


def test_without_media_there_is_neither_arrow_nor_column() -> None:
    found = layout(CALL, None, replace(WHOLE, media=False), TOLD, sessions(CALL, TOLD))
    assert found.media == () and len(found.hosts) == 3


def test_descriptions_make_their_rows_higher() -> None:
    found = layout(CALL, None, replace(WHOLE, sdp=True), TOLD)
    assert [arrow.height - ROW for arrow in found.arrows] == [DESCRIBED, 0, DESCRIBED, DESCRIBED, DESCRIBED]
    assert found.arrows[0].described == "PCMA 10.0.0.1:4000"
    assert found.arrows[1].top == ROW + DESCRIBED


def test_colours_tell_transactions_or_calls() -> None:
    other = replace(flow("5 A>P BYE cseq=2")[0], id="bye")
    by_class, by_exchange, by_call = (
        [arrow.colour for arrow in layout([*CALL, other], None, replace(WHOLE, colour=colour)).arrows]
        for colour in (Colours.CLASS, Colours.TRANSACTION, Colours.CALL)
    )
    assert set(by_class) == {None}
    assert by_exchange == [0, 0, 0, 0, 0, 1]
    assert len(set(by_call)) == 1


def test_the_marked_message_is_time_zero() -> None:
    found = layout(CALL, None, replace(WHOLE, mark=CALL[2].id))
    assert [arrow.since_us for arrow in found.arrows] == [-2000, -1000, 0, 898_000, 899_000]
    assert [arrow.marked for arrow in found.arrows] == [False, False, True, False, False]
    assert layout(CALL, None, replace(WHOLE, mark="unknown")).arrows[0].since_us == 0


def test_a_page_takes_its_media_along() -> None:
    found = layout(CALL, None, WHOLE, TOLD, sessions(CALL, TOLD))
    first, second = page(found, 0, 4), page(found, 4, 4)
    assert (len(first.media), len(second.media)) == (0, 1)
    assert (second.arrows[0].top, second.media[0].top) == (0, ROW)
    assert page(found, 99, 4).arrows == ()


def test_legs_widen_the_gutter_for_their_numbers() -> None:
    other = replace(CALL[0], callid="second", id="x")
    assert layout([*CALL, other]).gutter > layout(CALL).gutter


def test_a_picture_with_everything_hidden_is_empty_and_says_so() -> None:
    found = layout(CALL, None, replace(WHOLE, legs=("other",)), TOLD, sessions(CALL, TOLD))
    assert (found.arrows, found.hosts, found.media, found.hidden) == ((), (), (), 5)


def test_hidden_marks_are_counted_too() -> None:
    log = replace(CALL[0], id="log", kind=Kind.LOG, method="")
    found = layout([*CALL, log], None, replace(WHOLE, hide=frozenset({"logs", "100"})))
    assert (found.hidden, found.marks) == (2, ())
