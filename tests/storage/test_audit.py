from pathlib import Path

import pytest

from appliance.settings import MysqlSettings
from appliance.storage import audit
from appliance.storage.audit import Action
from appliance.storage.connection import Database
from appliance.storage.migrate import migrate


@pytest.fixture
async def trail(database: Database, mariadb_settings: MysqlSettings) -> Database:
    migrate(mariadb_settings)
    return database


async def test_lines_come_back_newest_first_and_in_pages(trail: Database) -> None:
    for n in range(5):
        await audit.record(trail, n, "bob", Action.SEARCHED, f"q{n}", "192.0.2.1")
    first = await audit.entries(trail, limit=2)
    assert [(entry.at, entry.object) for entry in first] == [(4, "q4"), (3, "q3")]
    rest = await audit.entries(trail, before=first[-1].id)
    assert [entry.object for entry in rest] == ["q2", "q1", "q0"]


async def test_whatever_was_done_can_be_written_down(trail: Database) -> None:
    for text in ("'; DROP TABLE audit; --", "😀" * 2000, "\udcff", "\x00", ""):
        await audit.record(trail, 1, text, Action.CALL_OPENED, text, text)
    assert len(await audit.entries(trail)) == 5


def test_nothing_is_changed_or_deleted_by_this_module() -> None:
    code = Path(audit.__file__).read_text(encoding="utf-8")
    assert "UPDATE" not in code and "DELETE FROM" not in code
