"""The chain of hashes over the audit trail: each line's with that of the line before it.

Whoever changes a line, takes one away or puts one between others breaks it there. Whoever may write to the database can
make all of it anew: so `hepbox doctor` prints its end, to be kept elsewhere.
"""

import hashlib
import json
from dataclasses import dataclass

from aiomysql import Cursor

from appliance.model.octets import text
from appliance.storage.connection import Database, Row

START = bytes(32)
LINES_AT_ONCE = 5000


@dataclass(frozen=True, slots=True)
class Chain:
    """What a look at the whole trail found."""

    lines: int
    """Of the chain, that were looked at."""
    head: bytes
    """The hash of the last of them."""
    broken: str = ""
    """Where it is broken first, as a sentence; empty when it is whole."""


def link(before: bytes, at_us: int, user_name: str, action: str, object_: str, address: bytes) -> bytes:
    """The hash of a line after that of the line before it."""
    line = json.dumps([at_us, user_name, action, object_, text(address)]).encode()
    return hashlib.sha256(before + line).digest()


async def hold(cursor: Cursor) -> bytes:
    """The hash of the last line; nobody else lengthens the chain until this transaction is over."""
    await cursor.execute("SELECT hash FROM audit_head WHERE one = 1 FOR UPDATE")
    head = await cursor.fetchone()
    return bytes(head[0]) if head else START


async def lengthen(cursor: Cursor, number: int, hash_: bytes) -> None:
    """The line of this number is the last now."""
    await cursor.execute("INSERT INTO audit_chain (id, hash) VALUES (%s, %s)", (number, hash_))
    await cursor.execute(
        "INSERT INTO audit_head (one, id, hash) VALUES (1, %s, %s)"
        " ON DUPLICATE KEY UPDATE id = VALUES(id), hash = VALUES(hash)",
        (number, hash_),
    )


async def verify(database: Database) -> Chain:
    """Look at every line up to the one that is the end now. Raises DatabaseError."""
    end = await database.fetch_one("SELECT id, hash FROM audit_head WHERE one = 1")
    if end is None:
        return Chain(0, START, "its end is gone: the row of audit_head was deleted")
    last, head = end
    lines, hash_, place = 0, START, 0
    while rows := await _rows(database, place, last):
        for row in rows:
            broken, hash_ = _look(row, hash_)
            if broken:
                return Chain(lines, hash_, broken)
            lines += 1
        place = rows[-1][0]
    if (place, hash_) != (last, bytes(head)):
        return Chain(lines, hash_, f"lines up to {last} were taken away from its end, which is {place} now")
    if (between := await _unchained(database, last)) is not None:
        return Chain(lines, hash_, f"line {between} was put between the others")
    return Chain(lines, hash_)


async def _rows(database: Database, place: int, last: int) -> list[Row]:
    return await database.fetch(
        "SELECT audit_chain.id, hash, at, user_name, action, object, address FROM audit_chain"
        " LEFT JOIN audit ON audit.id = audit_chain.id WHERE audit_chain.id > %s AND audit_chain.id <= %s"
        " ORDER BY audit_chain.id LIMIT %s",
        (place, last, LINES_AT_ONCE),
    )


def _look(row: Row, before: bytes) -> tuple[str, bytes]:
    """(what is wrong with a line, its hash)."""
    number, hash_, at_us, user_name, action, object_, address = row
    if at_us is None:
        return f"line {number} was taken away", before
    expected = link(before, at_us, user_name, action, object_, address)
    if expected != bytes(hash_):
        return f"line {number} was changed, or what stood before it was taken away", before
    return "", expected


async def _unchained(database: Database, last: int) -> int | None:
    """The first line that the chain does not have, after its beginning."""
    row = await database.fetch_one(
        "SELECT MIN(audit.id) FROM audit LEFT JOIN audit_chain ON audit_chain.id = audit.id"
        " WHERE audit_chain.id IS NULL AND audit.id <= %s AND audit.id > (SELECT MIN(id) FROM audit_chain)",
        (last,),
    )
    return None if row is None else row[0]
