"""/api/v1/aliases in the words of OpenAPI."""

from collections.abc import Callable
from typing import Any

from appliance.model.aliases import COLOURS, NAME_LENGTH

Schema = dict[str, Any]

_WORD: Schema = {"type": "string", "maxLength": NAME_LENGTH}
SCHEMAS: Schema = {
    "Alias": {
        "type": "object",
        "required": ["address", "name"],
        "properties": {
            "address": {"type": "string", "description": "10.0.0.1 or 10.0.0.0/8"},
            "port": {"type": ["integer", "null"], "description": "null is any"},
            "name": {**_WORD, "minLength": 1},
            "group": {**_WORD, "description": "what it belongs to: a carrier, a site"},
            "colour": {"enum": list(COLOURS)},
        },
    },
    "Aliases": {
        "type": "object",
        "properties": {"aliases": {"type": "array", "items": {"$ref": "#/components/schemas/Alias"}}},
    },
}


def of_all(answer: Callable[[str, str], Schema]) -> Schema:
    """Operations of /aliases; `answer` describes a response by (words, name of its schema)."""
    body: Schema = {"application/json": {"schema": {"$ref": "#/components/schemas/Alias"}}}
    which = [
        {"name": name, "in": "query", "required": name == "address", "schema": {"type": "string"}}
        for name in ("address", "port")
    ]
    return {
        "get": {"summary": "Names of addresses", "responses": {"200": answer("All, by name", "Aliases")} | _no(answer)},
        "post": {
            "summary": "Name an address; what it was called is replaced",
            "requestBody": {"required": True, "content": body},
            "responses": {"201": answer("Named", "Alias")} | _no(answer, 422),
        },
        "delete": {
            "summary": "Forget the name of an address",
            "parameters": which,
            "responses": {"200": answer("As it was", "Alias")} | _no(answer, 404, 422),
        },
    }


def _no(answer: Callable[[str, str], Schema], *more: int) -> Schema:
    return {str(status): answer("What was wrong", "Error") for status in (401, 403, *more)}
