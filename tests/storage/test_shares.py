from dataclasses import replace

import pytest

from appliance.settings import MysqlSettings
from appliance.storage import accounts, shares
from appliance.storage.accounts import Role, User
from appliance.storage.connection import Database
from appliance.storage.migrate import migrate
from appliance.storage.shares import HOUR_US, LONGEST_US, ShareError, Wanted

NOW = 1_795_428_672_000_000
WANTED = Wanted("c1@x\udcff", 7, ("c1@x\udcff", "c2"), "numbers", NOW + 24 * HOUR_US, "acme", "hash", "for Bob")


@pytest.fixture
async def people(database: Database, mariadb_settings: MysqlSettings) -> Database:
    migrate(mariadb_settings)
    return database


async def user(database: Database, name: str = "bob") -> User:
    await accounts.add(database, name, Role.USER, "hash", 1)
    found = await accounts.by_name(database, name)
    assert found is not None
    return found


async def test_a_token_finds_its_share_and_is_kept_nowhere(people: Database) -> None:
    number, token = await shares.make(people, await user(people), WANTED, NOW)
    found = await shares.find(people, token, NOW + 1)
    assert found is not None
    assert (found.id, found.user_name, found.callid, found.call_at) == (number, "bob", WANTED.callid, 7)
    assert (found.legs, found.redaction, found.words, found.note) == (WANTED.legs, "numbers", "acme", "for Bob")
    (row,) = await people.fetch("SELECT * FROM shares")
    assert token not in str(row)
    assert len(token) >= 128 / 6


async def test_each_share_hides_with_a_key_of_its_own(people: Database) -> None:
    bob = await user(people)
    keys = set()
    for _ in range(2):
        found = await shares.find(people, (await shares.make(people, bob, WANTED, NOW))[1], NOW)
        assert found is not None
        keys.add(found.hiding_key)
    assert len(keys) == 2
    assert {len(key) for key in keys} == {32}
    assert str(keys.pop()) not in str(found)


async def test_wrong_expired_and_revoked_links_find_nothing(people: Database) -> None:
    number, token = await shares.make(people, await user(people), WANTED, NOW)
    assert await shares.find(people, token + "x", NOW) is None
    assert await shares.find(people, "", NOW) is None
    assert await shares.find(people, "\udcff", NOW) is None
    assert await shares.find(people, token, WANTED.expires_at) is None
    assert await shares.revoke(people, number, NOW + 5)
    assert not await shares.revoke(people, number, NOW + 6)
    assert await shares.find(people, token, NOW + 7) is None
    share = await shares.by_id(people, number)
    assert share is not None
    assert share.state(NOW) == "revoked"


async def test_a_user_who_may_not_sign_in_shares_nothing(people: Database) -> None:
    bob = await user(people)
    await accounts.add(people, "root", Role.ADMIN, "hash", 1)
    _, token = await shares.make(people, bob, WANTED, NOW)
    await accounts.disable(people, bob)
    assert await shares.find(people, token, NOW) is None
    await accounts.enable(people, bob)
    assert await shares.find(people, token, NOW) is not None
    await accounts.delete(people, bob)
    assert await shares.find(people, token, NOW) is None


async def test_opens_are_counted(people: Database) -> None:
    number, token = await shares.make(people, await user(people), WANTED, NOW)
    found = await shares.find(people, token, NOW)
    assert found is not None
    for at in (NOW + 1, NOW + 2):
        await shares.opened(people, found, at)
    again = await shares.by_id(people, number)
    assert again is not None
    assert (again.opens, again.last_opened_at) == (2, NOW + 2)


async def test_one_sees_ones_own(people: Database) -> None:
    bob, eve = await user(people), await user(people, "eve")
    await shares.make(people, bob, WANTED, NOW)
    await shares.make(people, eve, replace(WANTED, legs=None, password_hash=None), NOW)
    assert [share.user_name for share in await shares.listed(people, bob)] == ["bob"]
    assert [share.user_name for share in await shares.listed(people)] == ["eve", "bob"]


@pytest.mark.parametrize(
    "change",
    [
        {"expires_at": NOW},
        {"expires_at": NOW + LONGEST_US + 1},
        {"note": "x" * 501},
        {"words": "x" * 1001},
    ],
)
async def test_what_is_out_of_bounds_is_refused(people: Database, change: dict[str, object]) -> None:
    with pytest.raises(ShareError):
        await shares.make(people, await user(people), replace(WANTED, **change), NOW)  # type: ignore[arg-type]


async def test_links_are_limited(people: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    bob = await user(people)
    monkeypatch.setattr(shares, "MOST_LIVE", 1)
    number, _ = await shares.make(people, bob, WANTED, NOW)
    with pytest.raises(ShareError, match="revoke some"):
        await shares.make(people, bob, WANTED, NOW)
    await shares.revoke(people, number, NOW)
    await shares.make(people, bob, WANTED, NOW)
