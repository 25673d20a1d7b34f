import pytest

from appliance.settings import MysqlSettings
from appliance.storage import recent_searches
from appliance.storage.connection import Database
from tests.storage.test_notes import bob, people  # noqa: F401
from tests.storage.test_saved_searches import carol

NOW = 1_795_428_672_000_000


async def test_the_newest_come_first_and_the_same_search_moves_up(people: Database) -> None:  # noqa: F811
    user = await bob(people)
    for place, line in enumerate(["from:a", "\udcff'%", "from:a"]):
        await recent_searches.remember(people, user, line, "calls", NOW + place)
    await recent_searches.remember(people, user, "from:a", "messages", NOW + 9)
    found = await recent_searches.listed(people, user)
    assert [(one.line, one.view, one.asked_at - NOW) for one in found] == [
        ("from:a", "messages", 9),
        ("from:a", "calls", 2),
        ("\udcff'%", "calls", 1),
    ]
    assert len(await recent_searches.listed(people, user, 1)) == 1


async def test_so_many_are_kept_and_no_more(people: Database, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    monkeypatch.setattr(recent_searches, "MOST", 3)
    user = await bob(people)
    for place in range(8):
        await recent_searches.remember(people, user, f"from:{place}", "calls", NOW + place)
    assert [one.line for one in await recent_searches.listed(people, user)] == ["from:7", "from:6", "from:5"]


async def test_nobody_sees_or_forgets_what_another_asked(people: Database) -> None:  # noqa: F811
    user, other = await bob(people), await carol(people)
    await recent_searches.remember(people, user, "from:a", "calls", NOW)
    await recent_searches.remember(people, user, "from:b", "calls", NOW + 1)
    assert await recent_searches.listed(people, other) == []
    newest = (await recent_searches.listed(people, user))[0]
    assert not await recent_searches.forget(people, other, newest.key)
    assert not await recent_searches.forget(people, user, "no hexadecimal")
    assert await recent_searches.forget(people, user, newest.key)
    assert await recent_searches.forget_all(people, other) == 0
    assert await recent_searches.forget_all(people, user) == 1


async def test_they_go_with_their_user(people: Database, mariadb_settings: MysqlSettings) -> None:  # noqa: F811
    user = await bob(people)
    await recent_searches.remember(people, user, "from:a", "calls", NOW)
    await people.execute("DELETE FROM users")
    assert await people.fetch_one("SELECT COUNT(*) FROM recent_searches") == (0,)
