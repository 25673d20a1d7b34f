from datetime import date

import pytest

from appliance.model.kinds import Kind
from appliance.storage import daily_tables
from appliance.storage.connection import Database
from appliance.storage.search import catalogue

DAY = date(2026, 11, 23)


async def test_the_names_are_remembered_for_a_moment(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "logs_capture_all_20261123" not in await catalogue.names(database)
    await database.execute(daily_tables.create_sql("logs_capture_all_20261123"))
    assert "logs_capture_all_20261123" not in await catalogue.names(database)
    monkeypatch.setattr(catalogue, "REMEMBERED_SECONDS", 0.0)
    assert "logs_capture_all_20261123" in await catalogue.names(database)


async def test_a_table_that_is_made_by_the_same_pool_is_known_at_once(database: Database) -> None:
    before = await catalogue.names(database)
    await daily_tables.ensure_table_for(database, Kind.LOG, DAY)
    assert await catalogue.names(database) - before >= {"logs_capture_all_20261123"}
