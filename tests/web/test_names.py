import asyncio

import pytest

from appliance.model.aliases import Alias
from appliance.settings import MysqlSettings, Settings
from appliance.storage import aliases
from appliance.storage.connection import Database
from appliance.web import names
from appliance.web.names import Names
from tests.web.conftest import in_database


def test_a_change_by_another_process_shows_soon(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(names, "EVERY_SECONDS", 0.05)

    async def watch(database: Database) -> None:
        known, stop = Names(database), asyncio.Event()
        reading = asyncio.ensure_future(known.keep_reading(stop))
        await aliases.put(database, [Alias("10.0.0.1", "proxy")], "x", 1)
        async with asyncio.timeout(20):
            while known.of("10.0.0.1", None) is None:
                await asyncio.sleep(0.01)
        stop.set()
        await reading

    in_database(settings.mysql, watch)


def test_what_was_known_stays_while_the_database_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(names, "EVERY_SECONDS", 0.01)

    async def watch() -> None:
        database = await Database.open(MysqlSettings(host="127.0.0.1", port=1), size=1)
        known, stop = Names(database), asyncio.Event()
        before = known.aliases
        asyncio.get_running_loop().call_later(0.1, stop.set)
        await known.keep_reading(stop)
        assert known.aliases is before
        await database.close()

    asyncio.run(watch())
