"""/api/v1/searches in the words of OpenAPI."""

from collections.abc import Callable
from typing import Any

from appliance.storage.saved_searches import NAME_LENGTH
from appliance.storage.search import VIEWS

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string"}
_TIME: Schema = {"type": "integer", "description": "epoch microseconds"}
_MOMENT: Schema = {"type": "string", "description": "as it was typed, relative or absolute; empty for the last hour"}
_KEPT: Schema = {
    "name": {"type": "string", "minLength": 1, "maxLength": NAME_LENGTH},
    "query": {"type": "string", "description": "the query line"},
    "from": _MOMENT,
    "to": _MOMENT,
    "view": {"enum": list(VIEWS), "default": "calls"},
    "columns": {"type": "array", "items": _TEXT, "description": "of the table; empty for the view's own"},
    "shared": {"type": "boolean", "description": "whether every user may use it; its owner alone may change it"},
}
SCHEMAS: Schema = {
    "NewSearch": {"type": "object", "required": ["name"], "properties": _KEPT},
    "SavedSearch": {
        "type": "object",
        "properties": {
            "id": {"type": "integer"},
            **_KEPT,
            "meaning": {"type": "string", "description": "the query in words; empty when it cannot be read"},
            "user": {"type": "string", "description": "whose it is"},
            "own": {"type": "boolean"},
            "made": _TIME,
            "changed": _TIME,
        },
    },
    "SavedSearches": {
        "type": "object",
        "properties": {"searches": {"type": "array", "items": {"$ref": "#/components/schemas/SavedSearch"}}},
    },
}


def of_all(answer: Callable[[str, str], Schema]) -> Schema:
    """Operations of /searches; `answer` describes a response by (words, name of its schema)."""
    body: Schema = {"application/json": {"schema": {"$ref": "#/components/schemas/NewSearch"}}}
    found = {"200": answer("One's own, then those that others share", "SavedSearches"), **_errors(answer)}
    return {
        "get": {"summary": "Saved searches", "responses": found},
        "post": {
            "summary": "Save a search",
            "requestBody": {"required": True, "content": body},
            "responses": {"201": answer("Saved", "SavedSearch"), **_errors(answer, 422)},
        },
    }


def of_one(answer: Callable[[str, str], Schema]) -> Schema:
    """Operations of /searches/{id}."""
    number: Schema = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
    responses = {"200": answer("As it was", "SavedSearch"), **_errors(answer, 404)}
    return {"delete": {"summary": "Delete a saved search", "parameters": [number], "responses": responses}}


def _errors(answer: Callable[[str, str], Schema], *more: int) -> Schema:
    return {str(status): answer("What was wrong", "Error") for status in (401, 403, *more)}
