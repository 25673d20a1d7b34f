import pytest

from appliance.model.kinds import Kind
from appliance.storage import daily_tables
from appliance.storage.connection import Database
from appliance.storage.search import Unsearchable
from appliance.storage.worst import By, Worst, over
from tests.storage.measured import report, stream
from tests.storage.search.asking import locked
from tests.storage.search.stored import HOUR, NOON


async def worst(database: Database, by: By, line: str = "", seconds: float = 10.0) -> Worst:
    names = await daily_tables.all_names(database)
    return await over(database, names, by, NOON - HOUR, NOON + 24 * HOUR, line, seconds=seconds)


async def some(database: Database) -> None:
    await report(database, [stream(mos=4.0, loss_percent=1.0), stream(mos=3.0, loss_percent=2.0)], b"fair", NOON)
    bad = stream(
        mos=1.5, loss_percent=20.0, jitter_ms=80.0, codec="G729", source_ip="10.0.0.1", destination_ip="10.0.0.9"
    )
    await report(database, [bad], b"bad", NOON + HOUR, node=b"probe", kind=Kind.REPORT)
    await report(database, [stream(mos=None, loss_percent=None, jitter_ms=None)], b"", NOON + 13 * HOUR)
    await report(database, [stream(mos=2.0)], b"fair", NOON + 13 * HOUR, row=9 << 16)


async def names(database: Database, by: By, line: str = "") -> list[tuple[str, int, float | None]]:
    return [(row.name, row.reports, row.mos_worst) for row in (await worst(database, by, line)).rows]


async def test_the_worst_come_first_over_days_by_each_sort(tables: Database) -> None:
    await some(tables)
    assert await names(tables, "call") == [("bad", 1, 1.5), ("fair", 3, 2.0)]
    assert await names(tables, "node") == [("probe", 1, 1.5), ("rtpengine", 4, 2.0)]
    assert await names(tables, "codec") == [("G729", 1, 1.5), ("PCMA", 4, 2.0)]
    found = [("10.0.0.1", 5, 1.5), ("10.0.0.2", 4, 2.0), ("10.0.0.9", 1, 1.5)]
    assert sorted(await names(tables, "address")) == found
    assert await names(tables, "hour") == [
        ("2026-11-23T12:00:00+00:00", 2, 3.0),
        ("2026-11-23T13:00:00+00:00", 1, 1.5),
        ("2026-11-24T01:00:00+00:00", 2, 2.0),
    ]


async def test_averages_are_of_what_was_measured(tables: Database) -> None:
    await some(tables)
    row = next(row for row in (await worst(tables, "node")).rows if row.name == "rtpengine")
    assert (row.mos_worst, row.mos_average) == (2.0, 3.0)
    assert (row.loss_worst_percent, row.loss_average_percent) == (3.0, 2.0)
    assert (row.jitter_worst_ms, row.calls, row.last_us) == (12.125, 2, NOON + 13 * HOUR)


async def test_only_what_a_line_finds_is_counted(tables: Database) -> None:
    await some(tables)
    assert await names(tables, "call", "codec:G729") == [("bad", 1, 1.5)]
    with pytest.raises(Unsearchable):
        await worst(tables, "call", "method:BYE")


async def test_nothing_measured_is_no_zero(tables: Database) -> None:
    await report(tables, [stream(mos=None, loss_percent=None, jitter_ms=None)], b"none")
    (row,) = (await worst(tables, "call")).rows
    assert (row.mos_worst, row.mos_average, row.loss_worst_percent, row.jitter_average_ms) == (None, None, None, None)


async def test_what_the_time_did_not_reach_is_said(tables: Database) -> None:
    await some(tables)
    async with locked(tables, "quality_20261123"):
        found = await worst(tables, "call", seconds=0.5)
    assert [row.name for row in found.rows] == ["fair"]
    assert "2026-11-23" in found.notes[0]


async def test_a_database_without_tables_has_nothing(database: Database) -> None:
    assert await worst(database, "hour") == Worst(())
