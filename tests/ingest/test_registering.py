import random
from collections.abc import Sequence
from datetime import timedelta
from itertools import count

import pytest

from appliance.ingest import registering
from appliance.ingest.registering import EVERY_US, LONGEST_US, QUIET_US
from appliance.ingest.settler import Settler
from appliance.metrics import Counts
from appliance.model.ids import HOUR_US
from appliance.model.kinds import DailyTable, Kind, registrations_table
from appliance.model.packet import Packet
from appliance.model.registrations import BindingHour
from appliance.registrations.fold import fold
from appliance.settings import MysqlSettings
from appliance.storage import changes, daily_tables
from appliance.storage.connection import Database, DatabaseError
from appliance.storage.registrations import COLUMNS, binding_hour
from appliance.storage.store import Store
from tests.daily_database import DAY, NEXT_DAY
from tests.registrations.made import HOUR, START_US, received, seen, told
from tests.registrations.stored import gathered

FIRST = "0 A>R REGISTER", "8 R>A 401", "20 A>R REGISTER cseq=2 expires=300", "50 R>A 200 cseq=2 for=250"
REFRESH = "100000 A>R REGISTER cseq=3", "100009 R>A 200 cseq=3 for=250"
_WRITERS = count(1)


class Scene:
    """A settler at work on real tables, by a clock of the test's own."""

    def __init__(self, database: Database, mysql: MysqlSettings) -> None:
        self.database = database
        self._mysql = mysql
        self.restart()

    def restart(self) -> None:
        self.counts = Counts()
        self.settler = Settler(self.database, self.counts)

    async def store(self, packets: Sequence[Packet]) -> int:
        """As a writer does, when the last of them came; returns that time."""
        noted = max(packet.time_us or 0 for packet in packets)
        writer = Store(self._mysql, next(_WRITERS), lambda: noted / 1_000_000)
        await writer.store(gathered(received(packets)).bundle)
        await writer.close()
        return noted

    async def settle(self, now_us: int) -> None:
        await self.settler.turn(now_us)

    async def rows(self) -> list[BindingHour]:
        found = []
        for day in (DAY, NEXT_DAY):
            columns = ", ".join(COLUMNS)
            found += await self.database.fetch(f"SELECT {columns} FROM `{registrations_table(day)}` ORDER BY started")
        return [binding_hour(values) for values in found]

    async def made(self) -> list[int]:
        rows = await self.database.fetch(f"SELECT made FROM `{registrations_table(DAY)}` ORDER BY started")
        return [made for (made,) in rows]

    async def notes(self) -> int:
        return len(await changes.noted(self.database, set()))


@pytest.fixture
def scene(database: Database, mysql: MysqlSettings) -> Scene:
    return Scene(database, mysql)


async def test_a_registration_is_kept_when_nothing_came_for_a_while(scene: Scene) -> None:
    noted = await scene.store(told(*FIRST))
    await scene.settle(noted + QUIET_US - 1)
    assert (await scene.rows(), await scene.notes()) == ([], 1)
    await scene.settle(noted + QUIET_US)
    assert await scene.rows() == fold(seen(told(*FIRST)), HOUR)
    assert await scene.notes() == 0
    assert scene.counts.take()["registrations_settled_total"] == 1


async def test_a_refresh_is_folded_into_its_hour(scene: Scene) -> None:
    noted = await scene.store(told(*FIRST))
    await scene.settle(noted + QUIET_US)
    first_made = await scene.made()
    noted = await scene.store(told(*REFRESH))
    await scene.settle(noted + QUIET_US)
    assert await scene.rows() == fold(seen(told(*FIRST, *REFRESH)), HOUR)
    assert await scene.made() == first_made, "pages stand on the rows that the first page had"


async def test_a_settler_that_begins_anew_reads_the_hour_again(scene: Scene) -> None:
    noted = await scene.store(told(*FIRST))
    await scene.settle(noted + QUIET_US)
    made = await scene.made()
    scene.restart()
    noted = await scene.store(told(*REFRESH))
    await scene.settle(noted + QUIET_US)
    assert (await scene.rows(), await scene.made()) == (fold(seen(told(*FIRST, *REFRESH)), HOUR), made)


async def test_a_device_that_never_rests_is_folded_now_and_then(scene: Scene) -> None:
    begun = noted = await scene.store(told(*FIRST))
    folds = 0
    for number in range(3, 23):
        noted = await scene.store(told(f"{number * 1000} A>R REGISTER cseq={number}",
                                       f"{number * 1000 + 9} R>A 200 cseq={number} for=60"))  # fmt: skip
        before = await scene.rows()
        await scene.settle(noted)
        folds += await scene.rows() != before
    assert noted - begun > LONGEST_US
    assert 1 <= folds <= (noted - begun) // LONGEST_US + 1


@pytest.mark.parametrize("seed", range(3))
async def test_neither_the_order_of_arrival_nor_its_pieces_count(scene: Scene, seed: int) -> None:
    lines = [*FIRST, *REFRESH, "3590000 A>R REGISTER cseq=4", "3590009 R>A 200 cseq=4 for=7200",
             "3620000 A>R REGISTER cseq=5", "3620009 R>A 401 cseq=5", "3630000 A>R REGISTER cseq=6",
             "3630009 R>A 200 cseq=6 for=60"]  # fmt: skip
    packets = told(*lines)
    shuffled = packets[:]
    random.Random(seed).shuffle(shuffled)
    now = START_US + 2 * HOUR_US
    for start in range(0, len(shuffled), 3):
        await scene.store(shuffled[start : start + 3])
        now += EVERY_US + LONGEST_US
        await scene.settle(now)
        if seed == 1:
            scene.restart()
    expected = [row for hour in (HOUR, HOUR + 1) for row in fold(seen(packets), hour)]
    assert await scene.rows() == expected
    assert await scene.notes() == 0


async def test_an_exchange_over_the_edge_of_hours_and_days_is_whole(scene: Scene) -> None:
    midnight = (START_US // 86_400_000_000 + 1) * 86_400_000_000
    packets = told(
        "0 A>R REGISTER", "8 R>A 401", "20 A>R REGISTER cseq=2", "50 R>A 200 cseq=2", from_us=midnight - 15_000
    )
    for packet in packets:
        noted = await scene.store([packet])
        await scene.settle(noted + LONGEST_US + EVERY_US)
    await scene.settle(midnight + 3 * LONGEST_US)
    (row,) = await scene.rows()
    assert (row.state, row.attempts, row.started) == ("registered", 1, midnight - 15_000)


async def test_many_callids_are_folded_together(scene: Scene) -> None:
    packets = [packet for number in range(300) for packet in told(*FIRST, callid=f"r{number}@made")]
    noted = await scene.store(packets)
    await scene.settle(noted + QUIET_US)
    assert len(await scene.rows()) == 300


async def test_what_is_remembered_is_bounded(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registering, "MOST_REMEMBERED", 12)
    for number in range(6):
        noted = await scene.store(told(*FIRST, callid=f"r{number}@made", from_us=START_US + number * 10 * EVERY_US))
        await scene.settle(noted + QUIET_US)
    part = scene.settler._registering
    assert sum(1 + len(known.packets) for known in part._known.values()) == part._remembered <= 12
    assert len(await scene.rows()) == 6


async def test_a_table_of_an_older_version_is_made(scene: Scene) -> None:
    await scene.database.execute(f"DROP TABLE `{registrations_table(DAY)}`")
    noted = await scene.store(told(*FIRST))
    await scene.settle(noted + QUIET_US)
    assert len(await scene.rows()) == 1


async def test_a_day_that_was_dropped_is_let_go(scene: Scene) -> None:
    day = DAY - timedelta(days=9)
    await daily_tables.ensure_table_for(scene.database, Kind.REGISTRATION, day)
    noted = await scene.store(told(*FIRST, from_us=START_US - 9 * 24 * HOUR_US))
    await scene.database.execute(f"DROP TABLE `{DailyTable(day, Kind.REGISTRATION).name}`")
    await scene.settle(noted + QUIET_US)
    assert (await scene.notes(), await scene.rows()) == (0, [])


async def test_after_a_fault_nothing_is_lost(scene: Scene) -> None:
    noted = await scene.store(told(*FIRST))
    table = registrations_table(DAY)
    await scene.database.execute(f"ALTER TABLE `{table}` RENAME COLUMN aor TO other")
    with pytest.raises(DatabaseError):
        await scene.settle(noted + QUIET_US)
    await scene.database.execute(f"ALTER TABLE `{table}` RENAME COLUMN other TO aor")
    scene.settler._forget()
    await scene.settle(noted + QUIET_US + EVERY_US)
    assert (len(await scene.rows()), await scene.notes()) == (1, 0)
