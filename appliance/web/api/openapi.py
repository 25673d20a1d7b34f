"""/api/v1/openapi.json: the API in OpenAPI 3.1."""

from typing import Any

from starlette.responses import JSONResponse, Response

from appliance import __version__
from appliance.export.json_fields import (
    CALL_FIELDS,
    CLOCK_FIELDS,
    FINDING_FIELDS,
    HOP_FIELDS,
    LOG_FIELDS,
    MESSAGE_FIELDS,
    QUALITY_FIELDS,
)
from appliance.model.quality import ReportKind, Told
from appliance.model.rows import CallState
from appliance.web.api import joining, naming, parameters, posting, registering, searching, sharing, trail
from appliance.web.state import Request
from appliance.why.finding import Severity

Schema = dict[str, Any]

_TEXT: Schema = {"type": ["string", "null"]}
_NUMBER: Schema = {"type": ["integer", "null"]}
_FRACTION: Schema = {"type": ["number", "null"]}
_TIME: Schema = {"type": "integer", "description": "epoch microseconds"}
_ENDED: Schema = {"type": ["integer", "null"], "description": "epoch microseconds; null while it goes on"}
_LIST: Schema = {"type": "array", "items": {"type": "string"}}


async def show(_request: Request) -> Response:
    """What the API answers, described for programs."""
    return JSONResponse(document())


def document() -> Schema:
    """The whole description."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "hepbox", "version": __version__, "license": {"name": "Apache-2.0"}},
        "servers": [{"url": "/api/v1"}],
        "security": [{"token": []}],
        "paths": {
            "/search": {"get": _operation("Search", parameters.of_search(), "SearchResult", (422, 503))},
            "/calls/{key}": {"get": _operation("One call", parameters.of_call(), "Call", (404, 422))},
            "/calls/{key}/legs": {"post": joining.operation(parameters.of_call()[:2], _answer)},
            "/messages/{id}": {"get": _operation("One message", parameters.of_message(), "Message", (404,))},
            "/ingest": {"post": posting.operation(_answer)},
            "/shares": sharing.of_all(_answer),
            "/shares/{id}": sharing.of_one(_answer),
            "/searches": searching.of_all(_answer),
            "/searches/{id}": searching.of_one(_answer),
            "/aliases": naming.of_all(_answer),
            "/audit": trail.of_all(_answer),
        },
        "components": {
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "token_as_password": {"type": "http", "scheme": "basic"},
            },
            "schemas": _schemas(),
        },
    }


def _operation(summary: str, parameters: list[Schema], result: str, errors: tuple[int, ...]) -> Schema:
    answers = {str(status): _answer("What was wrong", "Error") for status in (401, 403, *errors)}
    return {"summary": summary, "parameters": parameters, "responses": {"200": _answer("Found", result), **answers}}


def _answer(words: str, schema: str) -> Schema:
    return {
        "description": words,
        "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}},
    }


def _schemas() -> Schema:
    return {
        **posting.SCHEMAS,
        **joining.SCHEMAS,
        **sharing.SCHEMAS,
        **searching.SCHEMAS,
        **naming.SCHEMAS,
        **trail.SCHEMAS,
        **registering.SCHEMAS,
        "Error": _object(
            {"error": _object({"code": {"type": "string"}, "message": {"type": "string"}, "where": _TEXT})}
        ),
        "MessageRow": _object(_message()),
        "CallRow": _object(_call()),
        "QualityRow": _object(_quality()),
        "LogRow": _object({**dict.fromkeys(LOG_FIELDS, _TEXT), "ts": _TIME}),
        "Message": _object({**_message(), "raw": _TEXT, "raw_base64": _TEXT, **_around_message()}),
        "Call": _object(
            {
                "call": {"oneOf": [_ref("CallRow"), {"type": "null"}]},
                "legs": _many(_ref("Leg")),
                "possible": _many(_ref("Leg")),
                "messages": _many(_ref("Message")),
                "quality": _many(_ref("QualityRow")),
                "logs": _many(_ref("LogRow")),
                "why": _many(_ref("Finding")),
                "others": _many(_TIME),
                "notes": _many(_ref("Note")),
                "hops": _many(_object(_hop())),
                "clocks": _many(_object(_clock())),
            }
        ),
        "Finding": _object(_finding()),
        "SearchResult": _object(
            {
                "query": {"type": "string"},
                "view": {"type": "string"},
                "from": _TIME,
                "to": _TIME,
                "rows": _many(
                    {
                        "oneOf": [
                            _ref(row) for row in ("CallRow", "MessageRow", "QualityRow", "LogRow", *registering.ROWS)
                        ]
                    }
                ),
                "next": _TEXT,
                "total": _object({"count": {"type": "integer"}, "exact": {"type": "boolean"}}),
                "sites": _many(_site()),
                "notes": _LIST,
                "plan": _many(_object(_looked())),
            }
        ),
    }


def _looked() -> dict[str, Schema]:
    return {
        "table": {"type": "string"},
        "indexes": _LIST,
        "rows": {"type": "integer"},
        "exact": {"type": "boolean"},
        "why": _TEXT,
        "from": _NUMBER,
        "to": _NUMBER,
    }


def _message() -> Schema:
    numbers = dict.fromkeys(("cseq", "source_port", "destination_port", "copies"), _NUMBER)
    return {**dict.fromkeys(MESSAGE_FIELDS, _TEXT), "ts": _TIME, **numbers, "problems": _LIST}


def _call() -> Schema:
    names = ["status", "pdd_ms", "setup_ms", "talk_ms", "messages", "copies", "retransmissions", "legs"]
    return {
        **dict.fromkeys(CALL_FIELDS, _TEXT),
        "state": {"enum": [state.value for state in CallState]},
        "started": _TIME,
        "ended": _ENDED,
        **dict.fromkeys(names, _NUMBER),
        "mos": _FRACTION,
        "causes": _LIST,
        "codecs": _LIST,
        "nodes": _LIST,
        "countries": _LIST,
    }


def _hop() -> Schema:
    numbers = dict.fromkeys(("source_port", "destination_port", "invites", "status", "retransmissions"), _NUMBER)
    times = {"first": _TIME, "answered": _NUMBER, "pdd_ms": _NUMBER, "answer_ms": _NUMBER}
    return {**dict.fromkeys(HOP_FIELDS, _TEXT), **numbers, **times, "nodes": _LIST}


def _clock() -> Schema:
    return {
        **dict.fromkeys(CLOCK_FIELDS, _TEXT),
        "offset_us": _NUMBER,
        "samples": _NUMBER,
        "by_copies": {"type": "boolean"},
    }


def _quality() -> Schema:
    fractions = dict.fromkeys(("loss_percent", "jitter_ms", "round_trip_ms", "mos", "r_factor"), _FRACTION)
    numbers = dict.fromkeys(("source_port", "destination_port", "ssrc", "packets", "lost", "clock_rate_hz"), _NUMBER)
    told = {"enum": [told.value for told in Told], "description": "who measured the stream from source to destination"}
    kinds = {"enum": [kind.value for kind in ReportKind]}
    return {
        **dict.fromkeys(QUALITY_FIELDS, _TEXT),
        "ts": _TIME,
        **numbers,
        **fractions,
        "kind": kinds,
        "direction": told,
        "codec_from": {"enum": ["report", "sdp", None], "description": "who tells codec and clock"},
    }


def _finding() -> Schema:
    severities = {"enum": [severity.value for severity in Severity]}
    return {**dict.fromkeys(FINDING_FIELDS, _TEXT), "severity": severities, "messages": _LIST}


def _around_message() -> Schema:
    return {"fields": _many(_named_value()), "notes": _many(_ref("Note"))}


def _named_value() -> Schema:
    return _object({"name": {"type": "string"}, "value": {"type": "string"}})


def _site() -> Schema:
    return _object({"name": {"type": "string"}, "ok": {"type": "boolean"}, "ms": {"type": "integer"}, "error": _TEXT})


def _object(properties: Schema) -> Schema:
    return {"type": "object", "properties": properties}


def _many(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}
