import asyncio
import random
import secrets
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from appliance.calls.fold import due, fold
from appliance.calls.numbers import Numbering
from appliance.geo.countries import Countries
from appliance.ingest import settler as settling
from appliance.ingest.settler import LONGEST_US, QUIET_US, Settler
from appliance.ingest.understand import Understanding
from appliance.ingest.writer import Gathered
from appliance.metrics import Counts
from appliance.model.kinds import calls_table, day_start_us
from appliance.model.octets import octets
from appliance.model.rows import CallRow, MessageRow
from appliance.settings import MysqlSettings
from appliance.storage import calls, changes, daily_tables
from appliance.storage.connection import Database, DatabaseError
from appliance.storage.search import Question, search
from appliance.storage.store import Store
from tests import daily_database
from tests.calls.made import START_US, flow, seen_by
from tests.calls.test_negotiation import said
from tests.captures import CAPTURES
from tests.daily_database import DAY, NEXT_DAY
from tests.sip_packets import KEPT_DAYS, batch, with_callid

MS, SECOND, HOUR = 1000, 1_000_000, 3_600_000_000
MIDNIGHT_US = day_start_us(NEXT_DAY)


def made(*lines: str, callid: str = "c1@made") -> list[MessageRow]:
    return [replace(row, from_domain="example.com", to_domain="example.com") for row in flow(*lines, callid=callid)]


SETUP = made("0 A>B INVITE", "20 B>A 100 INVITE", "50 B>A 180 INVITE", "900 B>A 200 INVITE", "950 A>B ACK")
ENDED = [*SETUP, *made("5000 A>B BYE reason=Q.850;cause=16", "5010 B>A 200 BYE")]


def moved(rows: Sequence[MessageRow], by_us: int) -> list[MessageRow]:
    times = [(row, row.ts + by_us) for row in rows]
    return [replace(row, id=f"{row.id}+{by_us}", ts=us, filed_ts=us, arrival_ts=us) for row, us in times]


def end_of(rows: Sequence[MessageRow]) -> int:
    return max(row.arrival_ts for row in rows)


class Scene:
    """A settler at work on real tables, by a clock of the test's own."""

    def __init__(self, database: Database, mysql: MysqlSettings) -> None:
        self.database = database
        self.counts = Counts()
        self._mysql = mysql
        self.restart()

    def restart(self) -> None:
        self.settler = Settler(self.database, self.counts)

    async def store(self, rows: Sequence[MessageRow], noted_us: int | None = None) -> int:
        """Store messages as a writer does, when the last of them came unless told otherwise; returns that time."""
        noted = end_of(rows) if noted_us is None else noted_us
        gathered = Gathered(Understanding(("X-CID",), KEPT_DAYS))
        gathered.add(batch(secrets.token_hex(6), list(rows)))
        store = Store(self._mysql, 1, lambda: noted / 1_000_000)
        await store.store(gathered.bundle)
        await store.close()
        return noted

    async def settle(self, now_us: int) -> int:
        return await self.settler.turn(now_us)

    async def notes(self) -> int:
        return len(await changes.noted(self.database, set()))

    async def records(self, callid: str = "c1@made") -> list[CallRow]:
        """As stored, the oldest first."""
        names = await daily_tables.all_names(self.database)
        found = await calls.of_callid(self.database, names, octets(callid))
        return found[::-1]


@pytest.fixture
def scene(database: Database, mysql: MysqlSettings) -> Scene:
    return Scene(database, mysql)


def expected(rows: Sequence[MessageRow], now_us: int) -> list[CallRow]:
    """What the fold says of these messages, numbered as each is a packet of its own."""
    return fold([replace(row, id=f"{number:05}") for number, row in enumerate(rows)], now_us)


async def test_a_call_is_folded_when_nothing_came_for_a_while(scene: Scene) -> None:
    noted = await scene.store(ENDED)
    assert await scene.settle(noted + QUIET_US - 1) == 0
    assert (await scene.records(), await scene.notes(), scene.settler.waiting) == ([], 1, 1)
    assert await scene.settle(noted + QUIET_US) == 1
    assert await scene.records() == expected(ENDED, noted)
    (record,) = await scene.records()
    assert (record.state, record.talk_ms, record.hung_up_by, record.messages) == ("completed", 4100, "caller", 7)
    assert (await scene.notes(), scene.settler.waiting) == (0, 0)
    assert scene.counts.take() == {"calls_settled_total": 1}


async def test_a_call_in_which_much_happens_does_not_wait_for_ever(scene: Scene) -> None:
    start = await scene.store(ENDED[:1])
    for number, row in enumerate(ENDED[1:4], 1):
        await scene.store([row], start + number * (QUIET_US - 100_000))
        settled = await scene.settle(start + number * (QUIET_US - 100_000))
        assert settled == 0
    assert await scene.settle(start + LONGEST_US) == 1
    assert await scene.records() == expected(ENDED[:4], start + LONGEST_US)


async def test_nothing_changed_is_nothing_folded(scene: Scene) -> None:
    assert await scene.settle(START_US) == 0
    await scene.store(made("0 A>B REGISTER", "1 A>B OPTIONS"))
    assert (await scene.settle(START_US + HOUR), await scene.notes()) == (0, 0)


@pytest.mark.parametrize("cut", range(1, len(ENDED)))
@pytest.mark.parametrize("restarted", [False, True])
async def test_a_call_is_the_same_from_memory_and_from_the_tables_wherever_it_was_cut(
    scene: Scene, cut: int, restarted: bool
) -> None:
    noted = await scene.store(ENDED[:cut])
    await scene.settle(noted + QUIET_US)
    assert await scene.records() == expected(ENDED[:cut], noted + QUIET_US)
    if restarted:
        scene.restart()
    noted = await scene.store(ENDED[cut:])
    await scene.settle(noted + QUIET_US)
    assert await scene.records() == expected(ENDED, noted + QUIET_US)
    assert await scene.notes() == 0


async def test_a_settler_killed_before_it_folded_leaves_everything_to_the_next(scene: Scene) -> None:
    noted = await scene.store(ENDED)
    await scene.settle(noted)
    scene.restart()
    await scene.settle(noted + QUIET_US)
    assert await scene.records() == expected(ENDED, noted)


@pytest.mark.parametrize("seed", range(12))
async def test_messages_in_any_order_and_settlers_that_die_give_the_same_records(scene: Scene, seed: int) -> None:
    chance = random.Random(seed)
    calls_made = [
        moved(with_callid(ENDED, "a"), MIDNIGHT_US - START_US - 3 * SECOND),
        with_callid([*ENDED, *seen_by(ENDED, "core", 700)], "b"),
        [*with_callid(ENDED, "c"), *moved(with_callid(ENDED, "c"), 2 * HOUR)],
        with_callid(ENDED[3:], "d"),
    ]
    pending = [row for call in calls_made for row in call]
    chance.shuffle(pending)
    now = end_of(pending)
    while pending:
        size = chance.randint(1, 9)
        part, pending = pending[:size], pending[size:]
        now += chance.choice([100 * MS, 600 * MS, 2 * SECOND])
        await scene.store(part, now)
        await scene.settle(now)
        if chance.random() < 0.25:
            scene.restart()
    await scene.settle(now + QUIET_US)
    for call in calls_made:
        assert await scene.records(call[0].callid) == expected(call, now + QUIET_US)
    assert await scene.notes() == 0


@pytest.mark.parametrize("restarted", [False, True])
async def test_equal_packets_of_one_moment_are_counted_alike_from_memory_and_tables(
    scene: Scene, restarted: bool
) -> None:
    doubled = [ENDED[0], ENDED[0], *ENDED[1:4], ENDED[3], *ENDED[4:]]
    noted = await scene.store(doubled[:4])
    await scene.settle(noted + QUIET_US)
    if restarted:
        scene.restart()
    noted = await scene.store(doubled[4:])
    await scene.settle(noted + QUIET_US)
    (record,) = await scene.records()
    assert (record.messages, record.copies) == (7, 2)


async def test_two_agents_tell_of_one_call(scene: Scene) -> None:
    rows = [*ENDED, *seen_by(ENDED, "core", 2000)]
    noted = await scene.store(rows)
    await scene.settle(noted + QUIET_US)
    (record,) = await scene.records()
    assert record == expected(rows, noted)[0]
    assert (record.messages, record.copies, record.nodes) == (7, 7, ("core", "tap"))


@pytest.mark.parametrize("restarted", [False, True])
@pytest.mark.parametrize("border_us", [MIDNIGHT_US, START_US - START_US % HOUR + HOUR])
@pytest.mark.parametrize("cut", [1, 3, 5])
async def test_a_call_over_midnight_or_an_hour_is_one_call_of_the_time_of_its_first_message(
    scene: Scene, restarted: bool, border_us: int, cut: int
) -> None:
    rows = moved(ENDED, border_us - START_US - 500 * MS)
    noted = await scene.store(rows[:cut])
    await scene.settle(noted + QUIET_US)
    if restarted:
        scene.restart()
    noted = await scene.store(rows[cut:])
    await scene.settle(noted + QUIET_US)
    assert await scene.records() == expected(rows, noted)


@pytest.mark.parametrize("restarted", [False, True])
async def test_messages_that_come_before_the_invite_that_they_follow_make_no_second_call(
    scene: Scene, restarted: bool
) -> None:
    noted = await scene.store(ENDED[2:])
    await scene.settle(noted + QUIET_US)
    (partial,) = await scene.records()
    assert partial.started == ENDED[2].ts
    if restarted:
        scene.restart()
    late = await scene.store(ENDED[:2], noted + 2 * SECOND)
    await scene.settle(late + QUIET_US)
    assert await scene.records() == expected(ENDED, late)


@pytest.mark.parametrize("restarted", [False, True])
async def test_an_invite_that_comes_late_from_the_hour_before_takes_the_place_of_the_record(
    scene: Scene, restarted: bool
) -> None:
    rows = moved(ENDED, MIDNIGHT_US - START_US - 40 * MS)
    noted = await scene.store(rows[2:])
    await scene.settle(noted + QUIET_US)
    if restarted:
        scene.restart()
    late = await scene.store(rows[:2], noted + 2 * SECOND)
    await scene.settle(late + QUIET_US)
    assert await scene.records() == expected(rows, late)
    assert daily_database.ask(scene._mysql, f"SELECT COUNT(*) FROM {calls_table(NEXT_DAY)}") == [(0,)]


@pytest.mark.parametrize("restarted", [False, True])
async def test_a_callid_used_again_after_an_end_and_an_hour_is_a_second_call(scene: Scene, restarted: bool) -> None:
    again = moved(ENDED, HOUR + 6 * SECOND)
    for rows in (ENDED, again):
        noted = await scene.store(rows)
        await scene.settle(noted + QUIET_US)
        if restarted:
            scene.restart()
    assert await scene.records() == expected([*ENDED, *again], noted)
    assert len(await scene.records()) == 2


async def test_a_callid_used_again_soon_is_one_call(scene: Scene) -> None:
    again = moved(ENDED, HOUR - 60 * SECOND)
    for rows in (ENDED, again):
        noted = await scene.store(rows)
        await scene.settle(noted + QUIET_US)
    assert await scene.records() == expected([*ENDED, *again], noted)
    assert len(await scene.records()) == 1


async def test_a_message_between_two_calls_can_make_them_one(scene: Scene) -> None:
    """Two calls of 24 h of silence apart, until a message shows up that joins them."""
    first, later = SETUP[:3], moved(made("0 A>B UPDATE", "5 B>A 200 UPDATE"), 13 * HOUR)
    for rows in (first, later):
        noted = await scene.store(rows)
        await scene.settle(noted + QUIET_US)
    assert await scene.records() == expected([*first, *later], noted)


@pytest.mark.parametrize("restarted", [False, True])
async def test_a_long_call_is_found_again_by_its_bye(scene: Scene, restarted: bool) -> None:
    talk = moved(made("0 A>B INVITE again=1 cseq=2", "5 B>A 200 INVITE cseq=2", "9 A>B ACK cseq=2"), 7 * HOUR)
    bye = moved(made("0 A>B BYE cseq=3", "5 B>A 200 BYE cseq=3"), 13 * HOUR)
    for rows in (SETUP, talk, bye):
        noted = await scene.store(rows)
        await scene.settle(noted + QUIET_US)
        if restarted:
            scene.restart()
    (record,) = await scene.records()
    assert [record] == expected([*SETUP, *talk, *bye], noted)
    assert record.talk_ms == 13 * HOUR // MS - 900


@pytest.mark.parametrize("restarted", [False, True])
async def test_a_callid_longer_than_its_column_is_folded_whole_and_apart_from_others(
    scene: Scene, restarted: bool
) -> None:
    one, other = "x" * 300, "x" * 299 + "y"
    for part in (ENDED[:3], ENDED[3:]):
        noted = await scene.store([*with_callid(part, one), *with_callid(part, other)])
        await scene.settle(noted + QUIET_US)
        if restarted:
            scene.restart()
    for callid in (one, other):
        (record,) = await scene.records(callid)
        assert record == replace(expected(ENDED, noted)[0], callid="x" * 255)


async def test_a_very_long_callid_times_out_too(scene: Scene) -> None:
    rows = with_callid(SETUP[:3], "x" * 300)
    noted = await scene.store(rows)
    await scene.settle(noted + QUIET_US)
    scene.restart()
    assert await scene.settle(noted + HOUR) == 1
    assert [record.state for record in await scene.records("x" * 300)] == ["timeout"]
    assert await scene.settle(noted + HOUR + 10 * SECOND) == 0


@pytest.mark.parametrize("callid", ["\udcff\udcfe", "a\tb\\", "a'b", "📞@host"])
@pytest.mark.parametrize("restarted", [False, True])
async def test_a_callid_of_any_octets_is_folded(scene: Scene, callid: str, restarted: bool) -> None:
    for part in (ENDED[:3], ENDED[3:]):
        noted = await scene.store(with_callid(part, callid))
        await scene.settle(noted + QUIET_US)
        if restarted:
            scene.restart()
    assert await scene.records(callid) == expected(with_callid(ENDED, callid), noted)


@pytest.mark.parametrize("restarted", [False, True])
async def test_a_call_that_is_never_answered_times_out_by_itself(scene: Scene, restarted: bool) -> None:
    rows = SETUP[:3]
    noted = await scene.store(rows)
    await scene.settle(noted + QUIET_US)
    (ringing,) = await scene.records()
    when = due(ringing)
    assert ringing.state == "ringing" and when is not None
    if restarted:
        scene.restart()
    assert await scene.settle(when - 6 * SECOND) == 0
    assert await scene.settle(when + 6 * SECOND) == 1
    (record,) = await scene.records()
    assert record.state == "timeout"
    assert [record] == expected(rows, when + 6 * SECOND)
    assert await scene.settle(when + 60 * SECOND) == 0, "it is due no more"


async def test_a_call_whose_bye_was_lost_is_told_lost_a_day_later(scene: Scene) -> None:
    noted = await scene.store(SETUP)
    await scene.settle(noted + QUIET_US)
    (answered,) = await scene.records()
    when = due(answered)
    assert when is not None
    scene.restart()
    assert await scene.settle(when + SECOND) == 1
    assert [record.state for record in await scene.records()] == ["lost"]


async def test_after_days_of_standstill_what_is_overdue_is_still_found(scene: Scene) -> None:
    noted = await scene.store(SETUP[:3])
    await scene.settle(noted + QUIET_US)
    scene.restart()
    await scene.settle(noted + 5 * 24 * HOUR)
    assert [record.state for record in await scene.records()] == ["timeout"]


async def test_more_overdue_calls_than_one_turn_takes_are_all_found(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settling, "CALLS_AT_ONCE", 4)
    rows = [row for n in range(10) for row in with_callid(SETUP[:3], f"call-{n}")]
    noted = await scene.store(rows)
    for _ in range(3):
        await scene.settle(noted + QUIET_US)
    scene.restart()
    much_later = noted + 6 * 24 * HOUR
    assert [await scene.settle(much_later + n * 6 * SECOND) for n in range(4)] == [4, 4, 2, 0]


async def test_a_note_goes_only_when_every_call_in_it_is_folded(scene: Scene) -> None:
    others = with_callid(ENDED, "other")
    noted = await scene.store([*ENDED[:3], *others])
    await scene.settle(noted)
    more = await scene.store(ENDED[3:], noted + QUIET_US - 1)
    assert await scene.settle(noted + QUIET_US) == 1
    assert (len(await scene.records("other")), await scene.records(), await scene.notes()) == (1, [], 2)
    assert await scene.settle(more + QUIET_US) == 1
    assert (await scene.records(), await scene.notes()) == (expected(ENDED, more), 0)


async def test_many_calls_are_settled_in_several_turns(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settling, "CALLS_AT_ONCE", 7)
    rows = [row for n in range(20) for row in with_callid(ENDED, f"call-{n}")]
    noted = await scene.store(rows)
    now = noted + QUIET_US
    assert [await scene.settle(now) for _ in range(4)] == [7, 7, 6, 0]
    for n in range(20):
        assert await scene.records(f"call-{n}") == expected(with_callid(ENDED, f"call-{n}"), now)
    assert await scene.notes() == 0


async def test_a_response_with_an_absurd_code_stops_nobody(scene: Scene) -> None:
    odd = [replace(row, method="99999" if row.method == "200" else row.method) for row in with_callid(ENDED, "odd")]
    noted = await scene.store([*odd, *ENDED])
    await scene.settle(noted + QUIET_US)
    assert (len(await scene.records("odd")), len(await scene.records()), await scene.notes()) == (1, 1, 0)


async def test_a_table_of_calls_that_is_gone_stops_nobody_else(scene: Scene) -> None:
    old = moved(ENDED, -3 * 24 * HOUR)
    day = DAY - timedelta(days=3)
    await daily_tables.ensure_days(scene.database, [day])
    noted = await scene.store(with_callid(old, "old"), START_US)
    await daily_tables.drop(scene.database, calls_table(day))
    late = await scene.store(ENDED)
    await scene.settle(max(noted, late) + QUIET_US)
    assert len(await scene.records()) == 1
    assert await scene.notes() == 0


async def test_a_database_away_in_between_costs_nothing(scene: Scene) -> None:
    noted = await scene.store(ENDED[:4])
    await scene.settle(noted + QUIET_US)
    noted = await scene.store(ENDED[4:])
    await scene.settle(noted)
    await scene.database.execute("RENAME TABLE call_changes TO elsewhere")
    with pytest.raises(DatabaseError):
        await scene.settle(noted + QUIET_US)
    scene.settler._forget()
    await scene.database.execute("RENAME TABLE elsewhere TO call_changes")
    await scene.settle(noted + QUIET_US)
    assert (await scene.records(), await scene.notes()) == (expected(ENDED, noted), 0)


async def test_it_runs_until_it_is_stopped_and_outlives_faults(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settling, "TURN_SECONDS", 0.05)
    await scene.store(ENDED, (time.time_ns() // MS) - 5 * SECOND)
    stop = asyncio.Event()
    await scene.database.execute("RENAME TABLE call_changes TO elsewhere")
    running = asyncio.ensure_future(scene.settler.run(stop))
    await asyncio.sleep(0.2)
    await scene.database.execute("RENAME TABLE elsewhere TO call_changes")
    async with asyncio.timeout(60):
        while not await scene.records():
            await asyncio.sleep(0.02)
    stop.set()
    await asyncio.wait_for(running, 30)
    assert await scene.records() == expected(ENDED, START_US)


async def test_messages_without_a_callid_make_no_call(scene: Scene) -> None:
    """They belong to nobody, and all of them together would be folded again and again."""
    noted = await scene.store(with_callid(ENDED, ""))
    await scene.settle(noted + QUIET_US)
    assert await scene.records("") == []


async def test_calls_are_found_by_their_codecs_and_by_the_countries_of_their_numbers(scene: Scene) -> None:
    offer, answer = said("audio 10.0.0.1:4000 PCMA/G729/telephone-event"), said("audio 10.0.0.2:5000 G729")
    numbers = "from_user=+37167123456 ruri_user=030123456 to_user=030123456"
    voice = made(f"0 A>B INVITE {numbers} {offer}", f"900 B>A 200 INVITE {answer}", callid="voice@made")
    refused = made(f"0 A>B INVITE {numbers} {offer}", "900 B>A 488 INVITE", callid="refused@made")
    scene.settler = Settler(scene.database, scene.counts, Numbering("DE").countries)
    noted = await scene.store([*voice, *refused])
    await scene.settle(noted + QUIET_US)
    (record,) = await scene.records("voice@made")
    assert (record.codecs, record.from_country, record.to_country) == (("G729",), "LV", "DE")

    async def found(line: str) -> set[str]:
        question = Question(line, START_US - HOUR, START_US + HOUR, "calls")
        return {row.callid for row in (await search(scene.database, "site", question)).rows}

    assert await found("codec:g729") == {"voice@made"}
    assert await found("codec:PCMA") == set()
    assert await found("fromcountry:lv tocountry:DE") == {"voice@made", "refused@made"}
    assert await found("fromcountry:LV NOT codec:*") == {"refused@made"}
    assert await found("tocountry:LV") == set()


async def test_a_record_has_the_countries_of_its_addresses(scene: Scene) -> None:
    file = CAPTURES / "maxmind-MaxMind-DB" / "test-data" / "GeoLite2-Country-Test.mmdb"
    scene.settler = Settler(scene.database, scene.counts, places=Countries(file))
    abroad = [replace(row, source_ip="81.2.69.142") if row.is_request else row for row in ENDED]
    noted = await scene.store(abroad)
    await scene.settle(noted + QUIET_US)
    assert [record.countries for record in await scene.records()] == [("GB",)]
    for line, view, count in (("country:gb", "calls", 1), ("country:DE", "calls", 0), ("country:GB", "messages", 7)):
        page = await search(scene.database, "hep1", Question(line, START_US - SECOND, START_US + HOUR, view))
        assert len(page.rows) == count, (line, view)
