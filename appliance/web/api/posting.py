"""POST /api/v1/ingest in the words of OpenAPI."""

from collections.abc import Callable
from typing import Any

from appliance.web.posted.body import MOST_ITEMS, MOST_OCTETS
from appliance.web.posted.fields import TYPES

Schema = dict[str, Any]

_WORDS = f"""Stores events, reports and lines of logs that come over HTTP beside HEP. At most {MOST_OCTETS} octets
and {MOST_ITEMS} items at once; gzip and deflate are unpacked. An item is an event of Janus as its event handler posts
it (stored as `webrtc` under the Call-ID of its handle), or an object with the fields of PostedItem. As text/plain each
line is one item of a log; a line that names its Call-ID (`callid=…`) is found under it. 202 says how many wait in the
buffer now, and which were refused and why; after 503 nothing of the request was stored: send it again."""
_TIME = "epoch seconds, milliseconds or microseconds, or ISO 8601; without it the time of receipt"

_ITEM: Schema = {
    "type": "object",
    "properties": {
        "callid": {"type": "string", "description": "the call that it belongs to; also `call_id`, `correlation_id`"},
        "type": {
            "oneOf": [{"type": "integer", "minimum": 0, "maximum": 255}, {"enum": list(TYPES)}],
            "default": "log",
            "description": "HEP's protocol number (chunk 0x000b), or a word for it",
        },
        "ts": {"type": ["number", "string"], "description": f"{_TIME}; also `timestamp`, `time`"},
        "node": {"type": "string", "description": "the agent's name; without it the sender's address; also `host`"},
        "payload": {"description": "text, or JSON that is stored as text; without it the whole item; also `message`"},
        "source_ip": {"type": "string"},
        "source_port": {"type": "integer", "minimum": 0, "maximum": 65535},
        "destination_ip": {"type": "string"},
        "destination_port": {"type": "integer", "minimum": 0, "maximum": 65535},
    },
}
_REFUSAL: Schema = {
    "type": "object",
    "properties": {
        "index": {"type": "integer", "description": "of the item, from 0"},
        "message": {"type": "string"},
        "where": {"type": ["string", "null"], "description": "the field"},
    },
}
SCHEMAS: Schema = {
    "PostedItem": _ITEM,
    "Posted": {
        "type": "object",
        "properties": {
            "accepted": {"type": "integer"},
            "refused": {"type": "integer"},
            "refusals": {"type": "array", "items": _REFUSAL, "description": "the first hundred"},
        },
    },
}


def operation(answer: Callable[[str, str], Schema]) -> Schema:
    """The operation; `answer` describes a response by (words, name of its schema)."""
    item: Schema = {"$ref": "#/components/schemas/PostedItem"}
    json: Schema = {"schema": {"oneOf": [item, {"type": "array", "items": item}]}}
    text: Schema = {"schema": {"type": "string"}}
    errors = {str(status): answer("What was wrong", "Error") for status in (400, 401, 403, 413, 415, 422, 503)}
    return {
        "summary": "Store events",
        "description": " ".join(_WORDS.split()),
        "security": [{"token": []}, {"token_as_password": []}],
        "parameters": [_query("callid"), _query("node"), _query("type")],
        "requestBody": {
            "required": True,
            "content": {"application/json": json, "application/x-ndjson": text, "text/plain": text},
        },
        "responses": {"202": answer("Waiting to be stored", "Posted"), **errors},
    }


def _query(name: str) -> Schema:
    words = "for every item that does not say it itself"
    return {"name": name, "in": "query", "description": words, "schema": {"type": "string"}}
