import pytest

from appliance.calls.fold import fold
from appliance.ingest import recall
from appliance.ingest.recall import Recall
from appliance.ingest.whole import home_of
from appliance.storage.bundle import CallChange, note_line
from tests.calls.made import START_US, flow
from tests.sip_packets import received, understood

CALL = flow("0 A>B INVITE", "50 B>A 180 INVITE", "90 B>A 200 INVITE")
LINES = [note_line(understood(received(row)).row) for row in CALL]
HOMES = [home_of(b"c1@made", record) for record in fold(CALL, START_US)]


def change(callid: bytes = b"c1@made", lines: int = 3) -> CallChange:
    return CallChange(callid, 1, 2, LINES[:lines])


def test_the_messages_of_several_notes_are_remembered_in_their_order() -> None:
    held = Recall()
    held.add(CallChange(b"c1@made", 1, 1, LINES[:1]))
    held.add(CallChange(b"c1@made", 2, 3, LINES[1:]))
    assert [row.method for row in held.of(b"c1@made").rows()] == ["INVITE", "180", "200"]
    assert not held.of(b"c1@made").is_whole, "its beginning may lie in the tables"


def test_what_was_never_noted_is_nothing() -> None:
    assert (list(Recall().of(b"x").rows()), Recall().of(b"x").homes) == ([], [])
    held = Recall()
    held.settled(b"x", HOMES, True)
    assert held.of(b"x").homes == []


def test_a_settled_call_is_remembered_only_while_it_is_whole() -> None:
    held = Recall()
    held.add(change())
    held.settled(b"c1@made", HOMES, True)
    assert held.of(b"c1@made").is_whole
    assert held.of(b"c1@made").homes == HOMES
    held.settled(b"c1@made", HOMES, False)
    assert list(held.of(b"c1@made").rows()) == []


def test_a_call_of_very_many_messages_is_left_to_the_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recall, "MOST_LINES_OF_A_CALL", 2)
    held = Recall()
    held.add(change())
    held.settled(b"c1@made", HOMES, True)
    assert list(held.of(b"c1@made").rows()) == []


def test_the_oldest_are_forgotten_first_and_none_that_is_still_to_be_settled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recall, "MOST_LINES", 12)
    held = Recall()
    for name in (b"needed", b"old", b"touched", b"new", b"newest"):
        held.add(change(name, 3 if name.startswith(b"new") else 2))
    held.add(change(b"touched", 2))
    held.shrink({b"needed"})
    kept = [name for name in (b"needed", b"old", b"touched", b"new", b"newest") if held.of(name).lines]
    assert kept == [b"needed", b"touched"]
    held.shrink(set())
    assert held.of(b"needed").lines


def test_within_its_bounds_nothing_is_forgotten() -> None:
    held = Recall()
    held.add(change())
    held.shrink(set())
    assert len(held.of(b"c1@made").lines) == 3
    held.clear()
    assert held.of(b"c1@made").lines == []


def test_more_messages_than_a_call_can_have_are_a_flood_however_they_come() -> None:
    recall = Recall()
    for _ in range(5):
        change = CallChange(b"flood", 1, 2, [b"line"] * 1000)
        assert not recall.is_flood(change)
        recall.add(change)
        recall.settled(b"flood", [], is_whole=True)
    assert recall.is_flood(CallChange(b"flood", 1, 2, [b"line"]))
    assert not recall.is_flood(CallChange(b"other", 1, 2, [b"line"]))
    assert Recall().is_flood(CallChange(b"at once", 1, 2, [b"line"] * 5001))
