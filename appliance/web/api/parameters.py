"""What may stand in the addresses of the API, in the words of OpenAPI."""

from typing import Any

from appliance.query.fields import FIELDS
from appliance.storage.search import MAX_ROWS, VIEWS

Schema = dict[str, Any]


def of_search() -> list[Schema]:
    moment = "ISO 8601 (without a zone: UTC), epoch seconds, now, or -15m, -3h, -7d"
    return [
        query("q", "the query line; fields: " + " ".join(FIELDS)),
        query("from", f"{moment}; without it an hour before `to`"),
        query("to", f"{moment}; without it now"),
        query("view", "what a row is", {"enum": list(VIEWS), "default": "calls"}),
        query("limit", "rows", {"type": "integer", "minimum": 1, "maximum": MAX_ROWS, "default": 100}),
        query("cursor", "`next` of the page before"),
        query(
            "sort",
            "`started` (of calls) or `ts` is the oldest first, over all pages; any other field, with `-` "
            "before it from its greatest on, puts the rows of a page in order, 1000 then",
        ),
        query("legs", "whether joined legs are one row", {"enum": ["joined", "apart"], "default": "joined"}),
        query(
            "options", "in dialogs, OPTIONS of the same two ends", {"enum": ["folded", "apart"], "default": "folded"}
        ),
    ]


def of_call() -> list[Schema]:
    at = query("at", "epoch microseconds within the wanted call of this Call-ID", {"type": "integer"})
    which = {"enum": ["all", "one"], "default": "all"}
    return [
        path("key", "a Call-ID of A-Za-z0-9@._- as it is, any other as ~ and its base64url"),
        at,
        query("legs", "whether messages of all legs are wanted, or of this Call-ID alone", which),
        query("leg", "key of a leg whose messages are wanted; may be there several times"),
    ]


def of_message() -> list[Schema]:
    return [path("id", "id of a message")]


def query(name: str, words: str, schema: Schema | None = None) -> Schema:
    return {"name": name, "in": "query", "description": words, "schema": {"type": "string", **(schema or {})}}


def path(name: str, words: str) -> Schema:
    return {"name": name, "in": "path", "required": True, "description": words, "schema": {"type": "string"}}
