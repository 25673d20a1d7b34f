from appliance.export.prepared import prepared
from tests.calls.made import brief, flow, seen_by


def test_messages_are_folded_sorted_and_laid_out() -> None:
    rows = flow("3 A>P INVITE", "1 P>A 100 INVITE")
    ready = prepared([*reversed(rows), *seen_by(rows, "other")], {"10.0.0.1": "Phone"})
    assert brief(ready.messages) == ["A>P INVITE", "P>A 100 INVITE"]
    assert [arrow.id for arrow in ready.ladder.arrows] == [row.id for row in ready.messages]
    assert (ready.ladder.arrows[0].label.copies, ready.ladder.hosts[0].lines) == (2, ("Phone",))
