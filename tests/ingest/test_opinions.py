import json
import secrets
from collections.abc import Sequence

import pytest

from appliance.buffer.batch import Origin, Record
from appliance.hep.encode import encode
from appliance.ingest import opinions
from appliance.ingest.gathered import Gathered
from appliance.ingest.settler import QUIET_US
from appliance.ingest.understand import Understanding
from appliance.model.packet import Packet
from appliance.model.rows import MessageRow
from appliance.settings import MysqlSettings
from appliance.storage import changes
from appliance.storage.connection import Database
from appliance.storage.search import Question, search
from appliance.storage.store import Store
from tests.calls.made import START_US
from tests.ingest.test_settler import ENDED, HOUR, SECOND, SETUP, Scene, end_of, moved
from tests.sip_packets import KEPT_DAYS, batch

FINE, POOR, AWFUL = 4.3, 3.4, 2.1


def report(mos: float, at: int, callid: str = "c1@made") -> Record:
    """A probe's report, received as it was made."""
    payload = json.dumps({"CORRELATION_ID": callid, "MOS": mos, "TOTAL_PK": 100}).encode()
    sent = Packet(3, 35, 17, "10.0.0.2", 4000, "10.0.0.1", 4002, at, 7, b"probe", callid.encode(), payload)
    return Record(at, "192.0.2.99", 9060, Origin.UDP, encode(sent))


class Told(Scene):
    """The settler's scene with reports."""

    async def hear(self, *told: Record | MessageRow) -> int:
        """Store them as a writer does, when the last of them came; returns that time."""
        noted = max(one.received_us if isinstance(one, Record) else one.arrival_ts for one in told)
        gathered = Gathered(Understanding((), KEPT_DAYS))
        gathered.add(batch(secrets.token_hex(6), told))
        store = Store(self._mysql, 1, lambda: noted / 1_000_000)
        await store.store(gathered.bundle)
        await store.close()
        return noted

    async def mos(self, callid: str = "c1@made") -> list[float | None]:
        return [record.mos for record in await self.records(callid)]

    async def folded(self, rows: Sequence[MessageRow]) -> int:
        noted = await self.store(rows)
        await self.settle(noted + QUIET_US)
        return noted + QUIET_US


@pytest.fixture
def scene(database: Database, mysql: MysqlSettings) -> Told:
    return Told(database, mysql)


async def test_a_folded_call_has_the_worst_of_its_reports(scene: Told) -> None:
    noted = await scene.hear(*ENDED, report(FINE, START_US + SECOND), report(POOR, START_US + 2 * SECOND))
    await scene.settle(noted + QUIET_US)
    assert await scene.mos() == [POOR]


async def test_a_call_without_reports_has_none(scene: Told) -> None:
    await scene.hear(report(POOR, START_US, "another"))
    await scene.folded(ENDED)
    assert await scene.mos() == [None]


@pytest.mark.parametrize("restarted", [False, True])
async def test_a_report_that_comes_later_lowers_the_record_in_the_next_turn(scene: Told, restarted: bool) -> None:
    await scene.folded(ENDED)
    for minutes, mos, lowest in ((1, FINE, FINE), (2, POOR, POOR), (3, FINE, POOR), (5, AWFUL, AWFUL)):
        if restarted:
            scene.restart()
        now = await scene.hear(report(mos, START_US + minutes * 60 * SECOND))
        await scene.settle(now)
        assert await scene.mos() == [lowest]
        assert await scene.notes() == 0


@pytest.mark.parametrize("restarted", [False, True])
async def test_a_call_that_is_folded_again_keeps_it(scene: Told, restarted: bool) -> None:
    await scene.folded(SETUP)
    await scene.settle(await scene.hear(report(POOR, START_US + 2 * SECOND)))
    if restarted:
        scene.restart()
    await scene.folded(ENDED[len(SETUP) :])
    assert [(record.state, record.mos) for record in await scene.records()] == [("completed", POOR)]


async def test_reports_before_the_call_is_known_are_not_forgotten(scene: Told) -> None:
    now = await scene.hear(report(POOR, START_US + SECOND))
    await scene.settle(now)
    assert await scene.notes() == 0
    scene.restart()
    await scene.folded(ENDED)
    assert await scene.mos() == [POOR]


async def test_reports_of_a_call_that_waits_to_be_folded_wait_with_it(scene: Told) -> None:
    noted = await scene.store(SETUP)
    await scene.settle(await scene.hear(report(POOR, noted)))
    assert await scene.mos() == []
    await scene.settle(noted + QUIET_US)
    assert await scene.mos() == [POOR]


async def test_hours_into_a_long_call_its_reports_still_count(scene: Told) -> None:
    await scene.folded(SETUP)
    scene.restart()
    await scene.settle(await scene.hear(report(POOR, START_US + 11 * HOUR)))
    assert await scene.mos() == [POOR]
    await scene.folded(moved(ENDED[len(SETUP) :], 11 * HOUR))
    assert await scene.mos() == [POOR]


@pytest.mark.parametrize("restarted", [False, True])
async def test_each_call_of_a_callid_has_its_own(scene: Told, restarted: bool) -> None:
    again = moved(ENDED, HOUR + 6 * SECOND)
    await scene.hear(report(POOR, START_US + SECOND))
    await scene.folded(ENDED)
    await scene.folded(again)
    assert await scene.mos() == [POOR, None]
    if restarted:
        scene.restart()
    await scene.settle(await scene.hear(report(FINE, end_of(again) + SECOND)))
    assert await scene.mos() == [POOR, FINE]
    late = report(AWFUL, START_US + 10 * SECOND)
    await scene.hear(late)
    await scene.settle(end_of(again) + SECOND)
    assert await scene.mos() == [AWFUL, FINE]
    await scene.settle(await scene.hear(report(POOR, end_of(again) + 2 * SECOND)))
    assert await scene.mos() == [AWFUL, POOR]


async def test_a_report_long_after_or_before_a_call_is_not_of_it(scene: Told) -> None:
    await scene.folded(ENDED)
    for at in (START_US - 60 * SECOND, START_US + 30 * HOUR):
        await scene.settle(await scene.hear(report(AWFUL, at)))
    assert await scene.mos() == [None]


async def test_a_report_that_lowers_nothing_writes_nothing(scene: Told) -> None:
    await scene.hear(report(POOR, START_US))
    await scene.folded(ENDED)
    await scene.hear(report(FINE, START_US + 60 * SECOND), report(POOR, START_US + 61 * SECOND))
    (note,) = await changes.noted(scene.database, set())
    assert note.opinions == ((b"c1@made", (340, START_US + 61 * SECOND)),)
    scene.settler._opinions.hear(note.opinions)
    assert scene.settler._opinions.waiting == 0


async def test_more_callids_than_are_remembered_cost_nothing_but_time(
    scene: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opinions, "MOST_REMEMBERED", 2)
    await scene.folded(ENDED)
    await scene.hear(*(report(POOR, START_US + SECOND, f"call-{n}") for n in range(5)))
    await scene.settle(await scene.hear(report(POOR, START_US + 2 * SECOND)))
    assert await scene.mos() == [POOR]


async def test_calls_are_found_by_their_mos(scene: Told) -> None:
    await scene.hear(report(POOR, START_US + SECOND))
    await scene.folded(ENDED)
    span = (START_US - SECOND, START_US + SECOND)
    for line, count in (("mos:<3.5", 1), ("mos:>3.5", 0)):
        page = await search(scene.database, "hep1", Question(line, *span))
        assert len(page.rows) == count
