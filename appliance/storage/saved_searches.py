"""Searches that people keep under a name: their own, and those that others let everybody use."""

from dataclasses import dataclass

import pymysql.err

from appliance.model.octets import octets, text
from appliance.query.parse import MAX_OCTETS
from appliance.storage.accounts import User
from appliance.storage.connection import Database, Row
from appliance.storage.search import VIEWS

NAME_LENGTH = 100
TIME_LENGTH = 64
COLUMNS_LENGTH = 1000
MOST = 500
"""Of one user."""

_COLUMNS = (
    "saved_searches.id, user_id, users.name, saved_searches.name, line, range_from, range_to, view, shown_columns,"
    " shared, saved_searches.made_at, changed_at"
)


class SavedSearchError(ValueError):
    """A search that is not kept; `where` is the field that is wrong."""

    def __init__(self, sentence: str, where: str) -> None:
        super().__init__(sentence)
        self.where = where


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be kept; times as they were typed."""

    name: str
    line: str
    from_: str = ""
    to: str = ""
    view: str = "calls"
    columns: str = ""
    shared: bool = False


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """One that is kept; `made_at` and `changed_at` are microseconds UTC."""

    id: int
    user_id: int
    user_name: str
    name: str
    line: str
    from_: str
    to: str
    view: str
    columns: str
    shared: bool
    made_at: int
    changed_at: int


async def add(database: Database, user: User, wanted: Wanted, now_us: int) -> int:
    """Its id. Raises SavedSearchError."""
    values = _checked(wanted)
    there = await database.fetch_one("SELECT COUNT(*) FROM saved_searches WHERE user_id = %s", (user.id,))
    if there is not None and there[0] >= MOST:
        raise SavedSearchError(f"{user.name} has {MOST} saved searches: delete some first", "name")
    try:
        async with database.transaction() as cursor:
            await cursor.execute(
                "INSERT INTO saved_searches (user_id, name, line, range_from, range_to, view, shown_columns, shared,"
                " made_at, changed_at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
                (user.id, *values, now_us, now_us),
            )
            return int(cursor.lastrowid)
    except pymysql.err.IntegrityError as error:
        raise _taken(wanted) from error


async def change(database: Database, number: int, wanted: Wanted, now_us: int) -> None:
    """Raises SavedSearchError."""
    try:
        await database.execute(
            "UPDATE saved_searches SET name = %s, line = %s, range_from = %s, range_to = %s, view = %s,"
            " shown_columns = %s, shared = %s, changed_at = %s WHERE id = %s",
            (*_checked(wanted), now_us, number),
        )
    except pymysql.err.IntegrityError as error:
        raise _taken(wanted) from error


async def delete(database: Database, number: int) -> bool:
    """False when there was none."""
    return await database.execute("DELETE FROM saved_searches WHERE id = %s", (number,)) == 1


async def by_id(database: Database, number: int) -> SavedSearch | None:
    rows = await _found(database, "saved_searches.id = %s", (number,))
    return rows[0] if rows else None


async def usable(database: Database, user: User) -> list[SavedSearch]:
    """One's own by name, then what others share."""
    rows = await _found(database, "user_id = %s OR shared", (user.id,))
    return sorted(rows, key=lambda one: one.user_id != user.id)


async def named(database: Database, name: str) -> list[SavedSearch]:
    """Those of this name, whoever keeps them."""
    return await _found(database, "saved_searches.name = %s", (name,))


async def _found(database: Database, where: str, arguments: tuple[object, ...]) -> list[SavedSearch]:
    rows = await database.fetch(
        f"SELECT {_COLUMNS} FROM saved_searches JOIN users ON users.id = user_id"  # noqa: S608
        f" WHERE {where} ORDER BY saved_searches.name, saved_searches.id",
        arguments,
    )
    return [_saved(row) for row in rows]


def _saved(row: Row) -> SavedSearch:
    number, user_id, user_name, name, line, from_, to, view, columns, shared, made_at, changed_at = row
    return SavedSearch(
        number, user_id, user_name, name, text(line), from_, to, view, columns, bool(shared), made_at, changed_at
    )


def _checked(wanted: Wanted) -> tuple[object, ...]:
    name = " ".join(wanted.name.split())
    if not name or len(name) > NAME_LENGTH or not name.isprintable():
        raise SavedSearchError(f"a saved search has a name of 1 to {NAME_LENGTH} printable characters", "name")
    line = octets(wanted.line)
    if len(line) > MAX_OCTETS:
        raise SavedSearchError(f"a query may have {MAX_OCTETS} octets, this one has {len(line)}", "query")
    if wanted.view not in VIEWS:
        raise SavedSearchError(f"there is no view {wanted.view}: there are {', '.join(VIEWS)}", "view")
    for value, most, where in ((wanted.from_, TIME_LENGTH, "from"), (wanted.to, TIME_LENGTH, "to"),
                               (wanted.columns, COLUMNS_LENGTH, "columns")):  # fmt: skip
        if len(value) > most or not value.isprintable():
            raise SavedSearchError(f"`{where}` has at most {most} printable characters", where)
    return name, line, wanted.from_, wanted.to, wanted.view, wanted.columns, wanted.shared


def _taken(wanted: Wanted) -> SavedSearchError:
    return SavedSearchError(f"there is a saved search {wanted.name} already: choose another name", "name")
