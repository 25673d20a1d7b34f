"""Notes that people write beside a call or a message: text, author, time."""

from collections.abc import Sequence
from dataclasses import dataclass

from appliance.model.octets import octets, text
from appliance.storage.accounts import User
from appliance.storage.connection import Database, Row

MOST_CHARACTERS = 2000
MOST_OF_A_CALL = 200
_CALLID_OCTETS = 255
_COLUMNS = "id, callid, call_at, message_id, user_id, user_name, text, made_at, changed_at"


class NoteError(ValueError):
    """A note that is not kept; the text is a sentence for whoever wrote it."""


@dataclass(frozen=True, slots=True)
class Note:
    """One note; times are microseconds UTC."""

    id: int
    callid: str
    call_at: int
    """When the call that it is about began, as far as was known."""
    message_id: str
    """Empty for a note on the whole call."""
    user_id: int | None
    """None when the account is gone; its name stays."""
    user_name: str
    text: str
    made_at: int
    changed_at: int | None


async def add(
    database: Database, user: User, callid: str, call_at: int, message_id: str, words: str, now_us: int
) -> int:
    """Returns the note's id. Raises NoteError."""
    words = _checked(words)
    cut = octets(callid)[:_CALLID_OCTETS]
    there = await database.fetch_one("SELECT COUNT(*) FROM notes WHERE callid = %s", (cut,))
    if there is not None and there[0] >= MOST_OF_A_CALL:
        raise NoteError(f"a call has at most {MOST_OF_A_CALL} notes: delete some first")
    async with database.transaction() as cursor:
        await cursor.execute(
            "INSERT INTO notes (callid, call_at, message_id, user_id, user_name, text, made_at)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s)",
            (cut, call_at, message_id.encode(), user.id, user.name, words, now_us),
        )
        return int(cursor.lastrowid)


async def change(database: Database, number: int, words: str, now_us: int) -> None:
    """Raises NoteError."""
    await database.execute(
        "UPDATE notes SET text = %s, changed_at = %s WHERE id = %s", (_checked(words), now_us, number)
    )


async def delete(database: Database, number: int) -> None:
    await database.execute("DELETE FROM notes WHERE id = %s", (number,))


async def by_id(database: Database, number: int) -> Note | None:
    row = await database.fetch_one(f"SELECT {_COLUMNS} FROM notes WHERE id = %s", (number,))  # noqa: S608
    return _note(row) if row else None


async def of_callids(database: Database, callids: Sequence[str]) -> list[Note]:
    """Notes on these legs and their messages, the oldest first."""
    cut = [octets(callid)[:_CALLID_OCTETS] for callid in callids]
    if not cut:
        return []
    marks = ",".join(["%s"] * len(cut))
    rows = await database.fetch(f"SELECT {_COLUMNS} FROM notes WHERE callid IN ({marks}) ORDER BY id", cut)  # noqa: S608
    return [_note(row) for row in rows]


async def of_message(database: Database, message_id: str) -> list[Note]:
    """The oldest first."""
    rows = await database.fetch(
        f"SELECT {_COLUMNS} FROM notes WHERE message_id = %s ORDER BY id",  # noqa: S608
        (message_id.encode("utf-8", "replace"),),
    )
    return [_note(row) for row in rows]


def _checked(words: str) -> str:
    words = words.replace("\r\n", "\n").strip()
    if not words:
        raise NoteError("a note needs some text")
    if len(words) > MOST_CHARACTERS:
        raise NoteError(f"a note has at most {MOST_CHARACTERS} characters; this has {len(words)}")
    return words.encode("utf-8", "replace").decode()


def _note(row: Row) -> Note:
    number, callid, call_at, message_id, *rest = row
    return Note(number, text(callid), call_at, text(message_id), *rest)
