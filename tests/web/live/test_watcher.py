from dataclasses import replace

from appliance.buffer.live import Channel
from appliance.model.rows import CallState, MessageRow
from appliance.query.parse import parse
from appliance.web.live.watcher import LOOKED_BETWEEN_CLOCKS, MOST_WAITING, SHOWN_AT_ONCE, SHOWN_PER_SECOND, Watcher
from tests.calls.made import flow
from tests.storage.search.stored import NOON, a_call

(ROW,) = flow("0 A>B INVITE")


class Clock:
    """Goes on by `step` each time it is read."""

    def __init__(self, step: float = 0.0) -> None:
        self.now, self.step = 1000.0, step

    def __call__(self) -> float:
        self.now += self.step
        return self.now


def rows(count: int, **changes: object) -> list[MessageRow]:
    return [replace(ROW, id=f"{number}", filed_ts=number, **changes) for number in range(count)]  # type: ignore[arg-type]


def watcher(line: str, clock: Clock, view: str = "messages") -> Watcher:
    return Watcher(1, parse(line).root, view, clock)


def test_what_fits_is_shown_once_the_newest_first() -> None:
    clock = Clock()
    watching = watcher("method:INVITE", clock)
    watching.look(5, [*rows(3), *rows(1, method="BYE"), *rows(1, method="486")], clock.now)
    assert [row.filed_ts for row in watching.take()] == [2, 1, 0]
    assert watching.take() == []
    assert watching.rates.words == "showing 3 of 3/s · 5 messages/s"


def test_of_very_many_some_from_everywhere_are_shown_and_all_are_counted() -> None:
    clock = Clock()
    watching = watcher("", clock)
    shown = 0
    for _ in range(20):
        watching.look(950, rows(950), clock.now)
        taken = [row.filed_ts for row in watching.take()]
        assert taken[0] > 850 and taken[-1] < 100
        shown += len(taken)
        clock.now += 0.5
    assert shown == SHOWN_AT_ONCE + 19 * SHOWN_PER_SECOND // 2
    assert round(watching.rates.found) in (1900, 2090)
    assert not watching.rates.is_sampled


def test_what_is_not_looked_at_in_time_is_said() -> None:
    clock = Clock(step=0.001)
    watching = watcher("method:INVITE", clock)
    watching.look(10_000, rows(1000), clock.now + 0.0045)
    looked = LOOKED_BETWEEN_CLOCKS * 4
    assert watching.rates.is_sampled
    assert f"looked at {looked} of 10\u202f000" in watching.rates.words
    assert "of about 10\u202f000/s" in watching.rates.words


def test_what_has_to_be_read_and_was_not_told_is_not_looked_at() -> None:
    clock = Clock()
    watching = watcher("NOT text:bye", clock)
    assert watching.channel is Channel.TEXTS
    watching.look(2, [replace(ROW, raw=b"INVITE x"), replace(ROW, raw=None)], clock.now)
    assert len(watching.take()) == 1
    assert watching.rates.looked == 1


def test_what_waits_for_a_slow_browser_is_bounded_and_the_newest() -> None:
    clock = Clock()
    watching = watcher("", clock)
    for second in range(20):
        watching.look(40, [replace(row, id=f"{second} {row.id}", filed_ts=second) for row in rows(40)], clock.now)
        clock.now += 1
    assert watching.dropped == 20 * 40 - MOST_WAITING
    taken = watching.take()
    assert len(taken) == MOST_WAITING
    assert {row.filed_ts for row in taken} == {19, 18, 17, 16, 15}


def test_a_call_that_changes_again_is_shown_as_it_is_at_last() -> None:
    clock = Clock()
    watching = watcher("from:alice NOT state:busy", clock, "calls")
    ringing, other = a_call("one", state=CallState.RINGING, ended=NOON), a_call("two", ended=NOON + 5)
    changed = a_call("one", state=CallState.ANSWERED, ended=NOON + 9)
    watching.look(4, [ringing, other, a_call("three", state=CallState.BUSY), changed], clock.now)
    assert watching.channel is Channel.CALLS
    assert watching.take() == [changed, other]
    assert watching.rates.words == "showing 2 of 3/s · 4 calls/s"
