import pytest

from appliance.model.aliases import Alias, AliasError
from appliance.settings import MysqlSettings
from appliance.storage import aliases
from appliance.storage.connection import Database
from appliance.storage.migrate import migrate

PROXY, TLS, OFFICE = Alias("10.0.0.1", "Proxy ä"), Alias("10.0.0.1", "tls", 5061, "g", "red"), Alias("10.0.0.0/8", "o")


@pytest.fixture
async def named(database: Database, mariadb_settings: MysqlSettings) -> Database:
    migrate(mariadb_settings)
    return database


async def test_they_are_written_and_read_by_name(named: Database) -> None:
    await aliases.put(named, [TLS, PROXY], "alice", 1)
    await aliases.put(named, [OFFICE], "alice", 2)
    assert (await aliases.read(named)).all == (OFFICE, PROXY, TLS)


async def test_an_address_and_port_has_one_name(named: Database) -> None:
    await aliases.put(named, [PROXY, TLS], "alice", 1)
    await aliases.put(named, [Alias("10.0.0.1", "other", 0, "g")], "bob", 2)
    assert [(one.port, one.name, one.group) for one in (await aliases.read(named)).all] == [
        (0, "other", "g"), (5061, "tls", "g"),
    ]  # fmt: skip


async def test_they_are_deleted_by_address_and_port(named: Database) -> None:
    await aliases.put(named, [PROXY, TLS], "alice", 1)
    assert await aliases.delete(named, "10.0.0.1", 0)
    assert not await aliases.delete(named, "10.0.0.1", 0)
    assert (await aliases.read(named)).all == (TLS,)


async def test_all_are_replaced_at_once(named: Database) -> None:
    await aliases.put(named, [PROXY, TLS], "alice", 1)
    await aliases.replace_all(named, [OFFICE], "alice", 2)
    assert (await aliases.read(named)).all == (OFFICE,)
    await aliases.replace_all(named, [], "alice", 3)
    assert not await aliases.read(named)


async def test_too_many_are_refused_whole(named: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aliases, "MOST", 2)
    await aliases.put(named, [PROXY], "alice", 1)
    with pytest.raises(AliasError, match="there may be 2 aliases, with these there were 3"):
        await aliases.put(named, [TLS, OFFICE], "alice", 2)
    with pytest.raises(AliasError, match="these are 3"):
        await aliases.replace_all(named, [PROXY, TLS, OFFICE], "alice", 2)
    assert (await aliases.read(named)).all == (PROXY,)
