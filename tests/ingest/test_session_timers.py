"""Calls that nobody hung up, told lost by the settler on real tables when their session timer has run out."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest

from appliance.buffer.batch import Record
from appliance.calls.session_timer import GRACE_US
from appliance.calls.states import LOST_US
from appliance.hep.encode import encode
from appliance.ingest import settler as settling
from appliance.ingest.session_timers import FIRST_LOOK_US
from appliance.ingest.settler import QUIET_US
from appliance.model.rows import MessageRow
from appliance.settings import MysqlSettings
from appliance.storage.connection import Database
from tests.ingest.test_settler import SECOND, SETUP, Scene, end_of, made, moved
from tests.sip_packets import packet, received, with_callid

MINUTE = 60 * SECOND
ANSWERED_US, LAST_US = SETUP[3].ts, SETUP[4].ts
REFRESH = made("0 A>B INVITE again=1 cseq=2", "5 B>A 200 INVITE cseq=2", "9 A>B ACK cseq=2")
BYE = made("5000 A>B BYE", "5010 B>A 200 BYE")


@pytest.fixture
def scene(database: Database, mysql: MysqlSettings) -> Scene:
    return Scene(database, mysql)


def timed(rows: Sequence[MessageRow], seconds: int | None = 1800) -> Iterator[Record]:
    """As received, with this Session-Expires in every 2xx to an INVITE."""
    for row in rows:
        if row.method == "200" and row.cseq_method == "INVITE" and seconds is not None:
            told = packet(row)
            header = b"Session-Expires: %d;refresher=uac\r\nContent-Length" % seconds
            yield replace(
                received(row),
                data=encode(replace(told, payload=told.payload.replace(b"Content-Length", header))),
            )
        else:
            yield received(row)


async def state(scene: Scene, rows: Sequence[MessageRow], *moments_us: int, seconds: int | None = 1800) -> list[str]:
    """The call's state when it was stored, and then at each of these times."""
    noted = await scene.store(list(timed(rows, seconds)), end_of(rows))
    await scene.settle(noted + QUIET_US)
    states = [record.state for record in await scene.records()]
    for moment_us in moments_us:
        scene.settler._look_for_overdue_us = 0
        await scene.settle(moment_us)
        (record,) = await scene.records()
        states.append(record.state)
    return states


@pytest.mark.parametrize("restarted", [False, True])
async def test_a_call_without_bye_is_lost_when_its_session_timer_has_run_out(scene: Scene, restarted: bool) -> None:
    assert await state(scene, SETUP) == ["answered"]
    if restarted:
        scene.restart()
    out_us = ANSWERED_US + 30 * MINUTE + GRACE_US
    for moment_us, expected in (
        (LAST_US + FIRST_LOOK_US, "answered"), (out_us - SECOND, "answered"), (out_us, "lost")
    ):  # fmt: skip
        scene.settler._look_for_overdue_us = 0
        await scene.settle(moment_us)
        assert [record.state for record in await scene.records()] == [expected]
    scene.settler._look_for_overdue_us = 0
    assert await scene.settle(out_us + LOST_US) == 0, "it is due no more"


async def test_a_call_without_a_timer_is_lost_after_half_a_day(scene: Scene) -> None:
    moments = LAST_US + FIRST_LOOK_US, LAST_US + LOST_US - 1, LAST_US + LOST_US
    assert await state(scene, SETUP, *moments, seconds=None) == ["answered", "answered", "answered", "lost"]


async def test_a_call_is_looked_at_three_times_at_most(scene: Scene) -> None:
    noted = await scene.store(list(timed(SETUP)), end_of(SETUP))
    await scene.settle(noted + QUIET_US)
    settled = 0
    for minute in range(1, 60):
        settled += await scene.settle(noted + minute * MINUTE)
    assert settled == 2


async def test_a_refresh_sets_the_timer_anew(scene: Scene) -> None:
    again = moved(REFRESH, 20 * MINUTE)
    out_us = again[1].ts + 30 * MINUTE + GRACE_US
    states = await state(scene, [*SETUP, *again], ANSWERED_US + 40 * MINUTE, out_us - 1, out_us)
    assert states == ["answered", "answered", "answered", "lost"]


async def test_a_refresh_without_a_timer_switches_it_off(scene: Scene) -> None:
    first, again = list(timed(SETUP)), list(timed(moved(REFRESH, 20 * MINUTE), None))
    noted = await scene.store([*first, *again], end_of(moved(REFRESH, 20 * MINUTE)))
    await scene.settle(noted + QUIET_US)
    await scene.settle(noted + 120 * MINUTE)
    assert [record.state for record in await scene.records()] == ["answered"]


async def test_a_call_that_still_speaks_after_its_time_goes_on(scene: Scene) -> None:
    """Its refresh went another way, or was lost on the way to us."""
    info = moved(made("0 A>B INFO cseq=9", "5 B>A 200 INFO cseq=9"), 45 * MINUTE)
    moments = info[1].ts + FIRST_LOOK_US, info[1].ts + LOST_US
    assert await state(scene, [*SETUP, *info], *moments) == ["answered", "answered", "lost"]


async def test_a_bye_that_comes_after_all_makes_it_completed(scene: Scene) -> None:
    out_us = ANSWERED_US + 30 * MINUTE + GRACE_US
    assert await state(scene, SETUP, out_us) == ["answered", "lost"]
    late = moved(BYE, 40 * MINUTE)
    assert (await state(scene, late))[-1] == "completed"


async def test_a_timer_shorter_than_the_first_look_is_told_at_it(scene: Scene) -> None:
    moments = LAST_US + FIRST_LOOK_US - 1, LAST_US + FIRST_LOOK_US
    assert await state(scene, SETUP, *moments, seconds=90) == ["answered", "answered", "lost"]


async def test_more_silent_calls_than_one_turn_takes_are_all_looked_at_without_a_pause(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settling, "CALLS_AT_ONCE", 4)
    rows = [row for n in range(10) for row in with_callid(SETUP, f"call-{n}")]
    noted = await scene.store(list(timed(rows)), end_of(rows))
    for _ in range(3):
        await scene.settle(noted + QUIET_US)
    much_later = noted + FIRST_LOOK_US + MINUTE
    assert [await scene.settle(much_later) for _ in range(4)] == [4, 4, 2, 0]
