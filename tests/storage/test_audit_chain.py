"""Whatever is done to the trail behind its back is found, and where."""

import asyncio

import pytest

from appliance.settings import MysqlSettings
from appliance.storage import audit, audit_chain
from appliance.storage.audit import Action
from appliance.storage.connection import Database
from appliance.storage.migrate import migrate

BOTH = "DELETE audit, audit_chain FROM audit JOIN audit_chain USING (id)"


@pytest.fixture
async def trail(database: Database, mariadb_settings: MysqlSettings) -> Database:
    """Seven lines; the first is older than the chain."""
    migrate(mariadb_settings)
    await database.execute("INSERT INTO audit (at, user_name, action, object, address) VALUES (1, 'x', 'y', 'z', '')")
    for number in range(6):
        await audit.record(database, number, "älice 🐦 ", Action.SEARCHED, f"from:{number} \x00\udcff", "192.0.2.1")
    return database


async def test_a_trail_that_nobody_touched_is_whole(trail: Database) -> None:
    chain = await audit_chain.verify(trail)
    assert (chain.lines, chain.broken) == (6, "")
    assert chain.head != audit_chain.START


async def test_an_empty_one_is_whole_too(database: Database, mariadb_settings: MysqlSettings) -> None:
    migrate(mariadb_settings)
    assert await audit_chain.verify(database) == audit_chain.Chain(0, audit_chain.START)


@pytest.mark.parametrize(
    ("deed", "said"),
    [
        ("UPDATE audit SET object = 'other' WHERE id = 4", "line 4 was changed"),
        ("UPDATE audit SET at = at + 1 WHERE id = 4", "line 4 was changed"),
        ("UPDATE audit SET user_name = 'bob' WHERE id = 7", "line 7 was changed"),
        ("DELETE FROM audit WHERE id = 4", "line 4 was taken away"),
        (
            f"{BOTH} WHERE id = 4",
            "line 5 was changed, or what",
        ),
        (
            f"{BOTH} WHERE id = 2",
            "line 3 was changed, or what",
        ),
        (f"{BOTH} WHERE id = 7", "up to 7 were taken away"),
        ("DELETE FROM audit_head", "its end is gone"),
        ("UPDATE audit_chain SET hash = UNHEX(REPEAT('11', 32)) WHERE id = 3", "line 3 was changed"),
    ],
)
async def test_what_was_done_to_it_is_found(trail: Database, deed: str, said: str) -> None:
    await trail.execute(deed)
    assert said in (await audit_chain.verify(trail)).broken


async def test_a_line_put_between_is_found(trail: Database) -> None:
    await trail.execute("UPDATE audit SET id = id + 10 WHERE id = 7")
    await trail.execute("UPDATE audit_chain SET id = id + 10 WHERE id = 7")
    await trail.execute("UPDATE audit_head SET id = 17")
    await trail.execute(
        "INSERT INTO audit (id, at, user_name, action, object, address) VALUES (9, 1, 'x', 'y', '', '')"
    )
    assert "line 9 was put between the others" in (await audit_chain.verify(trail)).broken


async def test_many_lines_are_looked_at_in_parts(trail: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_chain, "LINES_AT_ONCE", 2)
    assert (await audit_chain.verify(trail)).lines == 6


async def test_lines_written_at_once_are_one_chain(trail: Database) -> None:
    await asyncio.gather(*(audit.record(trail, number, "bob", Action.SEARCHED) for number in range(30)))
    chain = await audit_chain.verify(trail)
    assert (chain.lines, chain.broken) == (36, "")
