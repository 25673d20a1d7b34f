"""Rows of the views `registrations` and `dialogs`, in the words of OpenAPI."""

from typing import Any

from appliance.export.json_fields import DIALOG_FIELDS, REGISTRATION_FIELDS
from appliance.model.registrations import RegistrationState

Schema = dict[str, Any]

_TEXT: Schema = {"type": ["string", "null"]}
_NUMBER: Schema = {"type": ["integer", "null"]}
_TIME: Schema = {"type": "integer", "description": "epoch microseconds"}
_LIST: Schema = {"type": "array", "items": {"type": "string"}}
_COUNTS = ("source_port", "reg_id", "status", "rrd_ms", "refreshes", "flaps", "expires_seconds")

SCHEMAS: Schema = {
    "RegistrationRow": {
        "type": "object",
        "description": "one binding, as it was at the end of the range",
        "properties": {
            **dict.fromkeys(REGISTRATION_FIELDS, _TEXT),
            **dict.fromkeys(_COUNTS, _NUMBER),
            "state": {"enum": [state.value for state in RegistrationState]},
            "expires_at": {**_NUMBER, "description": "epoch microseconds; null when it is not registered"},
            "started": _TIME,
            "ended": _TIME,
            "nodes": _LIST,
        },
    },
    "DialogRow": {
        "type": "object",
        "properties": {
            **dict.fromkeys(DIALOG_FIELDS, _TEXT),
            **dict.fromkeys(("status", "response_ms", "messages", "dialogs", "failed"), _NUMBER),
            "dialogs": {**_NUMBER, "description": "how many OPTIONS of the same two ends this row stands for"},
            "failed": {**_NUMBER, "description": "how many of them got no 2xx"},
            "started": _TIME,
            "ended": _TIME,
            "nodes": _LIST,
        },
    },
}
ROWS = tuple(SCHEMAS)
