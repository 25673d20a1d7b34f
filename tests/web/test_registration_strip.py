from zoneinfo import ZoneInfo

from appliance.export.moments import shown_in
from appliance.registrations.exchanges import exchanges
from appliance.registrations.timeline import timeline
from appliance.web.registration_strip import MOST_MARKS, Strip, strip
from tests.registrations.made import at, seen, told

SECOND = 1000


def drawn(*lines: str, from_ms: int = 0, to_ms: int = 1000 * SECOND) -> Strip:
    found = timeline(exchanges(seen(told(*lines))), "alice@example.com", "sip:alice@10.0.0.1:5060", at(to_ms))
    return strip(found, at(from_ms), at(to_ms))


REGISTERED = "100000 A>R REGISTER", "100000 R>A 200 for=400"


def test_a_registration_is_a_bar_with_a_mark() -> None:
    found = drawn(*REGISTERED)
    assert [(bar.x, bar.width) for bar in found.bars] == [(100, 400)]
    assert [(mark.x, mark.kind) for mark in found.marks] == [(100, "good")]
    assert found.words == "Registered 40.0 % of this time, 1 × registered"
    assert [x for x, _ in found.ticks] == [166.67, 333.33, 500, 666.67, 833.33]


def test_its_clocks_are_those_of_the_page() -> None:
    with shown_in(ZoneInfo("Asia/Kathmandu")):
        found = drawn(*REGISTERED)
    assert found.bars[0].title == "registered 2026-11-23 15:57:52.000 to 2026-11-23 16:04:32.000 +0545"
    assert found.marks[0].title == "2026-11-23 15:57:52.000 +0545: registered 200"


def test_what_lies_outside_is_cut() -> None:
    found = drawn(*REGISTERED, from_ms=200 * SECOND, to_ms=300 * SECOND)
    assert [(bar.x, bar.width) for bar in found.bars] == [(0, 1000)]
    assert found.marks == ()
    assert found.words.startswith("Registered 100.0 %")


def test_steps_are_marked_by_what_they_came_to() -> None:
    lines = ["600000 A>R REGISTER cseq=2", "600009 R>A 200 cseq=2 for=9", "700000 A>R REGISTER cseq=3",
             "700009 R>A 403 cseq=3", "800000 A>R REGISTER cseq=4 expires=0", "800009 R>A 200 cseq=4"]  # fmt: skip
    assert [mark.kind for mark in drawn(*REGISTERED, *lines).marks] == ["good", "flap", "bad", "off"]


def test_of_very_many_the_latest_are_drawn() -> None:
    lines = [line for n in range(MOST_MARKS + 9)
             for line in (f"{n * 1000} A>R REGISTER cseq={n}", f"{n * 1000 + 9} R>A 200 cseq={n} for=60")]  # fmt: skip
    assert len(drawn(*lines).marks) == MOST_MARKS
