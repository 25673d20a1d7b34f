"""/api/v1/shares, and notes beside calls and messages, in the words of OpenAPI."""

from collections.abc import Callable
from typing import Any

from appliance.redaction.profile import WORDS, Profile
from appliance.web.share_form import DEFAULT_HOURS, DEFAULT_PROFILE

Schema = dict[str, Any]

_TIME: Schema = {"type": "integer", "description": "epoch microseconds"}
_TEXT: Schema = {"type": "string"}
_NULLABLE: Schema = {"type": ["integer", "null"], "description": "epoch microseconds"}
_REDACTION: Schema = {
    "enum": [profile.value for profile in Profile],
    "default": DEFAULT_PROFILE.value,
    "description": " ".join(f"{profile.value}: {words}" for profile, words in WORDS.items()),
}
_KNOWN: Schema = {
    "id": {"type": "integer"},
    "user": _TEXT,
    "call": _TEXT,
    "at": _NULLABLE,
    "redaction": _REDACTION,
    "password": {"type": "boolean"},
    "note": _TEXT,
    "made": _TIME,
    "expires": _TIME,
    "state": {"enum": ["live", "expired", "revoked"]},
    "opens": {"type": "integer"},
    "last_opened": _NULLABLE,
}
SCHEMAS: Schema = {
    "Note": {
        "type": "object",
        "properties": {
            "id": {"type": "integer"},
            "message": {"type": ["string", "null"], "description": "id; null for a note on the whole call"},
            "user": _TEXT,
            "text": _TEXT,
            "made": _TIME,
            "changed": _NULLABLE,
        },
    },
    "NewShare": {
        "type": "object",
        "properties": {
            "call": {"type": "string", "description": "the key of /calls/KEY; or `callid`"},
            "callid": {"type": "string", "description": "the Call-ID"},
            "at": {"type": "integer", "description": "epoch microseconds within the call; without it the latest"},
            "hours": {"type": "integer", "minimum": 1, "maximum": 2160, "default": DEFAULT_HOURS},
            "legs": {"type": "array", "items": _TEXT, "description": "Call-IDs that are shown; without it all"},
            "redaction": _REDACTION,
            "password": _TEXT,
            "note": {"type": "string", "description": "shown with the call"},
            "words": {"type": "string", "description": "more words and host names that are hidden"},
            "keep": {"type": "boolean", "description": "keep the call until the link ends"},
        },
    },
    "MadeShare": {
        "type": "object",
        "properties": {
            "id": {"type": "integer"},
            "url": {"type": ["string", "null"], "description": "told when it is made, and never again"},
            "expires": _TIME,
        },
    },
    "Shares": {
        "type": "object",
        "properties": {"shares": {"type": "array", "items": {"type": "object", "properties": _KNOWN}}},
    },
}


def of_all(answer: Callable[[str, str], Schema]) -> Schema:
    """Operations of /shares; `answer` describes a response by (words, name of its schema)."""
    body: Schema = {"application/json": {"schema": {"$ref": "#/components/schemas/NewShare"}}}
    return {
        "get": {"summary": "Links that were made", "responses": {"200": answer("Found", "Shares"), **_errors(answer)}},
        "post": {
            "summary": "Make a link to a call that needs no login",
            "requestBody": {"required": True, "content": body},
            "responses": {"201": answer("Made", "MadeShare"), **_errors(answer, 422)},
        },
    }


def of_one(answer: Callable[[str, str], Schema]) -> Schema:
    """Operations of /shares/{id}."""
    number: Schema = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
    responses = {"200": answer("Works no more", "MadeShare"), **_errors(answer, 404)}
    return {"delete": {"summary": "Revoke a link", "parameters": [number], "responses": responses}}


def _errors(answer: Callable[[str, str], Schema], *more: int) -> Schema:
    return {str(status): answer("What was wrong", "Error") for status in (401, 403, *more)}
