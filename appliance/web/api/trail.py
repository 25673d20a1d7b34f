"""/api/v1/audit in the words of OpenAPI."""

from collections.abc import Callable
from typing import Any

from appliance.storage.audit import Action
from appliance.web.trail_query import SINCE

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string"}
_ABOUT = {
    "user": "contained in the user's name",
    "object": "contained in what the action was done to",
    "from": f"as in searches; {SINCE} when it is left out",
    "to": "as in searches",
    "before": "lines before this one: `next` of the page before",
    "limit": "1 to 1000, 100 when it is left out",
}
SCHEMAS: Schema = {
    "AuditEntry": {
        "type": "object",
        "properties": {
            "id": {"type": "integer"},
            "at": {"type": "integer", "description": "epoch microseconds"},
            "user": {**_TEXT, "description": "empty where nobody had signed in"},
            "action": {"enum": [action.value for action in Action]},
            "object": {**_TEXT, "description": "a query, a call's key, a message's id, a name"},
            "address": {**_TEXT, "description": "the peer's"},
        },
    },
    "AuditPage": {
        "type": "object",
        "properties": {
            "entries": {"type": "array", "items": {"$ref": "#/components/schemas/AuditEntry"}},
            "next": {"type": ["integer", "null"], "description": "`before` of the next page"},
        },
    },
}


def of_all(answer: Callable[[str, str], Schema]) -> Schema:
    """Operations of /audit; `answer` describes a response by (words, name of its schema)."""
    parameters = [
        {"name": name, "in": "query", "description": words, "schema": _TEXT} for name, words in _ABOUT.items()
    ]
    parameters.append({"name": "action", "in": "query", "schema": {"enum": [action.value for action in Action]}})
    errors = {str(status): answer("What was wrong", "Error") for status in (401, 403, 422)}
    responses = {"200": answer("Lines, the newest first", "AuditPage"), **errors}
    return {"get": {"summary": "The audit trail", "parameters": parameters, "responses": responses}}
