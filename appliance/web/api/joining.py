"""Legs of a call, and POST /api/v1/calls/KEY/legs, in the words of OpenAPI."""

from collections.abc import Callable
from typing import Any

from appliance.model.rows import CallState

Schema = dict[str, Any]

_TIME: Schema = {"type": "integer", "description": "epoch microseconds"}
_LEG: Schema = {
    "type": "object",
    "properties": {
        "callid": {"type": "string"},
        "why": {"type": "string", "description": "the reason in words; `asked for` of the leg in the address"},
        "confidence": {"type": "number", "description": "0 to 1"},
        "started": _TIME,
        "ended": _TIME,
        "state": {"enum": [state.value for state in CallState]},
        "shown": {"type": "boolean", "description": "whether its messages are in the answer"},
    },
}
_ITEMS: Schema = {"type": "array", "items": {"$ref": "#/components/schemas/Leg"}}
SCHEMAS: Schema = {
    "Leg": _LEG,
    "Legs": {"type": "object", "properties": {"legs": _ITEMS, "possible": _ITEMS}},
    "LegDecision": {
        "type": "object",
        "required": ["callid", "joined"],
        "properties": {
            "callid": {"type": "string", "description": "the other Call-ID"},
            "joined": {"type": "boolean", "description": "true: a leg of this call; false: none"},
        },
    },
}


def operation(parameters: list[Schema], answer: Callable[[str, str], Schema]) -> Schema:
    """The operation; `answer` describes a response by (words, name of its schema)."""
    errors = {str(status): answer("What was wrong", "Error") for status in (401, 403, 404, 422)}
    return {
        "summary": "Join a leg by hand, or cut it",
        "description": "It stays so, whatever later messages say.",
        "parameters": parameters,
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/LegDecision"}}},
        },
        "responses": {"200": answer("The legs as they are now", "Legs"), **errors},
    }
