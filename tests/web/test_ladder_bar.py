from dataclasses import replace

from appliance.calls.picture import WHOLE, Picture
from appliance.export.prepared import ladder_of
from appliance.model.kinds import Kind
from appliance.model.rows import MessageRow
from appliance.web.ladder_bar import Bar, bar
from appliance.web.picture_query import arguments, query_string
from tests.calls.made import flow

CALL = flow("0 A>P INVITE", "1 P>A 100 INVITE", "2 P>B INVITE", "3 A>P OPTIONS")
OTHER = [replace(row, callid="second", id=f"o{row.id}") for row in flow("5 P>B INVITE")]


def made(rows: list[MessageRow], picture: Picture = WHOLE) -> Bar:
    return bar(
        rows,
        ladder_of(rows, None, picture),
        rows[0].callid,
        WHOLE,
        lambda one: query_string(arguments(one, WHOLE, rows[0].callid)),
        {"at": "1"},
    )


def test_each_choice_is_a_link_and_the_key_goes_to_the_next() -> None:
    found = made(CALL)
    assert [(one.words, one.link, one.on, one.next) for one in found.times] == [
        ("Clock", "", True, False), ("Δ", "?time=delta", False, True), ("Since start", "?time=relative", False, False),
    ]  # fmt: skip
    assert (found.sdp.link, found.sdp.on, found.media.link, found.media.on) == ("?sdp=1", False, "?media=0", True)
    assert [one.next for one in made(CALL, replace(WHOLE, sdp=True)).colours] == [False, True, False]


def test_the_menu_has_what_the_call_has() -> None:
    log = replace(CALL[0], id="log", kind=Kind.LOG, method="", cseq_method="")
    found = made([*CALL, log], replace(WHOLE, hide=frozenset({"100", "BYE"})))
    assert [(box.value, box.count, box.on) for box in found.words] == [
        ("INVITE", 3, False), ("OPTIONS", 1, False), ("100", 1, True), ("BYE", 0, True),
        ("retransmissions", None, False), ("logs", 1, False),
    ]  # fmt: skip
    assert [(host.keys, host.count, host.hidden) for host in found.hosts][:2] == [
        ("10.0.0.1", 3, False), ("10.0.0.16", 4, False),
    ]  # fmt: skip


def test_what_is_hidden_is_counted_and_can_be_shown() -> None:
    found = made(CALL, replace(WHOLE, hide=frozenset({"INVITE"}), sdp=True))
    assert (found.hidden, found.show_all) == (3, "?sdp=1")


def test_merged_hosts_can_be_taken_apart() -> None:
    found = made(CALL, replace(WHOLE, merged_hosts=(("10.0.0.16", "10.0.0.2"),)))
    assert [(host.keys, host.apart) for host in found.hosts] == [("10.0.0.1", ""), ("10.0.0.16~10.0.0.2", "")]
    assert ("hosts", "10.0.0.16~10.0.0.2") in found.kept


def test_where_there_are_several_legs_they_can_be_all_or_one() -> None:
    assert made(CALL).legs is None
    both = made([*CALL, *OTHER]).legs
    assert both is not None and (both.link, both.on) == ("?legs=one", True)
    one = made([*CALL, *OTHER], replace(WHOLE, legs=("c1@made",)))
    assert one.legs is not None and (one.legs.link, one.legs.on, one.hidden) == ("", False, 1)


def test_a_form_keeps_each_leg() -> None:
    assert made([*CALL, *OTHER], replace(WHOLE, legs=("c1@made", "second"))).kept[1:] == [
        ("leg", "c1@made"), ("leg", "second"),
    ]  # fmt: skip


def test_what_came_in_can_be_compared_with_what_went_out() -> None:
    assert made(CALL).compare == f"/compare?a={CALL[0].id}&b={CALL[2].id}"
    assert made(flow("0 A>B INVITE")).compare == ""


def test_the_form_keeps_what_it_does_not_ask() -> None:
    kept = made(CALL, replace(WHOLE, sdp=True, hide=frozenset({"100"}))).kept
    assert kept == [("at", "1"), ("sdp", "1")]
