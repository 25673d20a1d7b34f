"""The audit trail: who did what to what, when, from where. Rows are only ever added."""

import re
from dataclasses import dataclass
from enum import StrEnum

from appliance.model.octets import shown, text
from appliance.storage import audit_chain
from appliance.storage.connection import Database

OBJECT_LENGTH = 1000
LAST_US = 253_402_300_800_000_000


class Action(StrEnum):
    """What is written down (FEATURES J4)."""

    SIGN_IN = "sign_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGN_OUT = "sign_out"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105
    SESSION_ENDED = "session_ended"
    USER_ADDED = "user_added"
    ROLE_CHANGED = "role_changed"
    USER_DISABLED = "user_disabled"
    USER_ENABLED = "user_enabled"
    USER_DELETED = "user_deleted"
    TOKEN_CREATED = "token_created"  # noqa: S105
    TOKEN_REVOKED = "token_revoked"  # noqa: S105
    SEARCHED = "searched"
    CALL_OPENED = "call_opened"
    MESSAGE_OPENED = "message_opened"
    EXPORTED = "exported"
    CAPTURE_IMPORTED = "capture_imported"
    LEG_JOINED = "leg_joined"
    LEG_CUT = "leg_cut"
    SHARE_MADE = "share_made"
    SHARE_OPENED = "share_opened"
    SHARE_REFUSED = "share_refused"
    SHARE_REVOKED = "share_revoked"
    NOTE_ADDED = "note_added"
    NOTE_CHANGED = "note_changed"
    NOTE_DELETED = "note_deleted"
    CALL_PINNED = "call_pinned"
    PIN_RELEASED = "pin_released"
    SEARCH_SAVED = "search_saved"
    SEARCH_CHANGED = "search_changed"
    SEARCH_DELETED = "search_deleted"
    ALIAS_SET = "alias_set"
    ALIAS_DELETED = "alias_deleted"
    ALIASES_REPLACED = "aliases_replaced"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the trail; `at` is microseconds UTC."""

    id: int
    at: int
    user_name: str
    action: str
    object: str
    address: str


@dataclass(frozen=True, slots=True)
class Asked:
    """Which lines are wanted: of [from_us, to_us), and with these words; empty ones are not asked for."""

    from_us: int
    to_us: int
    user_name: str = ""
    """Contained in the name, whatever its case."""
    action: str = ""
    object: str = ""
    """Contained in it."""
    before: int | None = None
    """An id, from which to page on."""


async def record(
    database: Database, now_us: int, user_name: str, action: Action, object_: str = "", address: str = ""
) -> None:
    """Add a line, and its link to the chain. `object_` is what the action was done to: a query, a call's key, a
    message's id, a user."""
    line = (
        now_us,
        shown(user_name)[:64],
        action.value,
        shown(object_)[:OBJECT_LENGTH],
        address[:45].encode("ascii", "replace"),
    )
    async with database.transaction() as cursor:
        before = await audit_chain.hold(cursor)
        await cursor.execute(
            "INSERT INTO audit (at, user_name, action, object, address) VALUES (%s, %s, %s, %s, %s)", line
        )
        await audit_chain.lengthen(cursor, cursor.lastrowid, audit_chain.link(before, *line))


async def entries(database: Database, *, before: int | None = None, limit: int = 100) -> list[Entry]:
    """The latest lines, newest first; `before` an id pages on."""
    return await found(database, Asked(0, LAST_US, before=before), limit)


async def found(database: Database, asked: Asked, limit: int) -> list[Entry]:
    """The latest of the lines that are asked for, newest first."""
    wanted: dict[str, tuple[object, ...]] = {"at >= %s AND at < %s": (asked.from_us, asked.to_us)}
    if asked.user_name:
        wanted["user_name LIKE %s ESCAPE '|'"] = (_containing(asked.user_name),)
    if asked.action:
        wanted["action = %s"] = (asked.action,)
    if asked.object:
        wanted["object LIKE %s ESCAPE '|'"] = (_containing(asked.object),)
    if asked.before is not None:
        wanted["id < %s"] = (asked.before,)
    rows = await database.fetch(
        f"SELECT id, at, user_name, action, object, address FROM audit WHERE {' AND '.join(wanted)}"  # noqa: S608
        " ORDER BY id DESC LIMIT %s",
        (*(argument for arguments in wanted.values() for argument in arguments), limit),
    )
    return [Entry(id_, at, name, action, obj, text(address)) for id_, at, name, action, obj, address in rows]


def _containing(words: str) -> str:
    return "%" + re.sub(r"([|%_])", r"|\1", words) + "%"
