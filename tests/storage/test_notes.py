import pytest

from appliance.settings import MysqlSettings
from appliance.storage import accounts, notes
from appliance.storage.accounts import Role, User
from appliance.storage.connection import Database
from appliance.storage.migrate import migrate
from appliance.storage.notes import NoteError

NOW = 1_795_428_672_000_000


@pytest.fixture
async def people(database: Database, mariadb_settings: MysqlSettings) -> Database:
    migrate(mariadb_settings)
    return database


async def bob(database: Database) -> User:
    await accounts.add(database, "bob", Role.USER, "hash", 1)
    found = await accounts.by_name(database, "bob")
    assert found is not None
    return found


async def test_a_note_is_found_by_its_call_and_its_message(people: Database) -> None:
    user = await bob(people)
    one = await notes.add(people, user, "c1", 5, "", "  the whole call 🙂\r\nis odd ", NOW)
    other = await notes.add(people, user, "c2", 5, "id-1", "this message", NOW + 1)
    found = await notes.of_callids(people, ["c1", "c2", "c3"])
    assert [(note.id, note.text, note.message_id) for note in found] == [
        (one, "the whole call 🙂\nis odd", ""),
        (other, "this message", "id-1"),
    ]
    assert await notes.of_message(people, "id-1") == found[1:]
    assert await notes.of_callids(people, []) == []


async def test_it_is_changed_and_deleted(people: Database) -> None:
    number = await notes.add(people, await bob(people), "c1", 5, "", "old", NOW)
    await notes.change(people, number, "new", NOW + 9)
    changed = await notes.by_id(people, number)
    assert changed is not None
    assert (changed.text, changed.made_at, changed.changed_at) == ("new", NOW, NOW + 9)
    await notes.delete(people, number)
    assert await notes.by_id(people, number) is None


async def test_it_outlives_its_author(people: Database) -> None:
    user = await bob(people)
    number = await notes.add(people, user, "c1", 5, "", "mine", NOW)
    await accounts.add(people, "root", Role.ADMIN, "hash", 1)
    await accounts.delete(people, user)
    note = await notes.by_id(people, number)
    assert note is not None
    assert (note.user_id, note.user_name) == (None, "bob")


@pytest.mark.parametrize("words", ["", " \n ", "x" * (notes.MOST_CHARACTERS + 1)])
async def test_nothing_and_too_much_are_refused(people: Database, words: str) -> None:
    with pytest.raises(NoteError):
        await notes.add(people, await bob(people), "c1", 5, "", words, NOW)


async def test_a_call_has_so_many_notes_at_most(people: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notes, "MOST_OF_A_CALL", 1)
    user = await bob(people)
    await notes.add(people, user, "c1", 5, "", "one", NOW)
    with pytest.raises(NoteError, match="delete some"):
        await notes.add(people, user, "c1", 5, "", "two", NOW)
