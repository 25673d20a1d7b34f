from dataclasses import replace

import pytest

from appliance.storage import accounts, saved_searches
from appliance.storage.accounts import Role, User
from appliance.storage.connection import Database
from appliance.storage.saved_searches import SavedSearchError, Wanted
from tests.storage.test_notes import bob, people  # noqa: F401

NOW = 1_795_428_672_000_000
WANTED = Wanted("Carrier down", "status:5xx src:10.0.0.0/8", "-3h", "now", "messages", "ts,method", False)


async def carol(database: Database) -> User:
    await accounts.add(database, "carol", Role.USER, "hash", 1)
    found = await accounts.by_name(database, "carol")
    assert found is not None
    return found


async def test_it_comes_back_as_it_was_kept(people: Database) -> None:  # noqa: F811
    number = await saved_searches.add(people, await bob(people), replace(WANTED, line="from:\udcff'%"), NOW)
    one = await saved_searches.by_id(people, number)
    assert one is not None
    assert (one.user_name, one.name, one.line) == ("bob", "Carrier down", "from:\udcff'%")
    assert (one.from_, one.to) == ("-3h", "now")
    assert (one.view, one.columns, one.shared, one.made_at) == ("messages", "ts,method", False, NOW)


async def test_others_see_what_is_shared_after_their_own(people: Database) -> None:  # noqa: F811
    user, other = await bob(people), await carol(people)
    await saved_searches.add(people, user, WANTED, NOW)
    await saved_searches.add(people, user, replace(WANTED, name="A", shared=True), NOW)
    await saved_searches.add(people, other, replace(WANTED, name="Z"), NOW)
    assert [one.name for one in await saved_searches.usable(people, user)] == ["A", "Carrier down"]
    assert [(one.name, one.user_name) for one in await saved_searches.usable(people, other)] == [
        ("Z", "carol"),
        ("A", "bob"),
    ]
    assert [one.user_name for one in await saved_searches.named(people, "Carrier down")] == ["bob"]


async def test_it_is_changed_and_deleted(people: Database) -> None:  # noqa: F811
    user = await bob(people)
    number = await saved_searches.add(people, user, WANTED, NOW)
    await saved_searches.change(people, number, replace(WANTED, name=" New  name ", shared=True), NOW + 5)
    one = await saved_searches.by_id(people, number)
    assert one is not None
    assert (one.name, one.shared, one.made_at, one.changed_at) == ("New name", True, NOW, NOW + 5)
    assert await saved_searches.delete(people, number)
    assert not await saved_searches.delete(people, number)


async def test_a_name_is_of_one_search_of_a_user(people: Database) -> None:  # noqa: F811
    user, other = await bob(people), await carol(people)
    await saved_searches.add(people, user, WANTED, NOW)
    await saved_searches.add(people, other, WANTED, NOW)
    with pytest.raises(SavedSearchError, match="already"):
        await saved_searches.add(people, user, WANTED, NOW)
    number = await saved_searches.add(people, user, replace(WANTED, name="Other"), NOW)
    with pytest.raises(SavedSearchError, match="already"):
        await saved_searches.change(people, number, WANTED, NOW)


@pytest.mark.parametrize(
    ("wanted", "where"),
    [
        (replace(WANTED, name=" "), "name"),
        (replace(WANTED, name="x" * 101), "name"),
        (replace(WANTED, name="a\x1bb"), "name"),
        (replace(WANTED, line="x" * 4097), "query"),
        (replace(WANTED, view="nothing"), "view"),
        (replace(WANTED, from_="x" * 65), "from"),
        (replace(WANTED, columns="x" * 1001), "columns"),
    ],
)
async def test_what_cannot_be_kept_is_said_with_its_field(people: Database, wanted: Wanted, where: str) -> None:  # noqa: F811
    with pytest.raises(SavedSearchError) as caught:
        await saved_searches.add(people, await bob(people), wanted, NOW)
    assert caught.value.where == where


async def test_a_user_has_so_many_at_most(people: Database, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    monkeypatch.setattr(saved_searches, "MOST", 1)
    user = await bob(people)
    await saved_searches.add(people, user, WANTED, NOW)
    with pytest.raises(SavedSearchError, match="delete some"):
        await saved_searches.add(people, user, replace(WANTED, name="Other"), NOW)
