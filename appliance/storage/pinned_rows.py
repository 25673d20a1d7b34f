"""Rows of messages and calls as octets and back, for the copies of pinned calls (storage.pins).

A body is a block (storage.texts) of the row as JSON and its octets. A field that a later version adds has its default
in an older copy; one that it no longer knows is left out.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, fields
from typing import Any

from appliance.model.kinds import Kind
from appliance.model.quality import Measured, QualityRow, ReportKind, Told
from appliance.model.rows import CallRow, CallState, MessageRow
from appliance.storage import texts

_NOTHING = b"\0"
_THERE = b"\1"


def packed(row: MessageRow | CallRow) -> bytes:
    """The body of a copy."""
    values = asdict(row)
    raw = values.pop("raw", None)
    head = json.dumps(values, separators=(",", ":")).encode("ascii")
    return texts.pack([head, _NOTHING if raw is None else _THERE + raw])


def packed_all(rows: Sequence[QualityRow]) -> bytes:
    """The body of the copies of several rows."""
    return texts.pack([json.dumps([asdict(row) for row in rows], separators=(",", ":")).encode("ascii")])


def quality(body: bytes) -> list[QualityRow]:
    """Raises texts.DamagedBlock."""
    return [_quality(one) for one in json.loads(texts.unpack(body)[0])]


def _quality(one: dict[str, Any]) -> QualityRow:
    measured = _known(Measured, one["measured"])
    measured |= {"kind": ReportKind(measured["kind"]), "told": Told(measured["told"])}
    return QualityRow(**(_known(QualityRow, one) | {"measured": Measured(**measured)}))


def message(body: bytes) -> MessageRow:
    """Raises texts.DamagedBlock."""
    head, raw = texts.unpack(body)
    values = _values(MessageRow, head)
    values["kind"] = Kind(values["kind"])
    return MessageRow(**values, raw=None if raw == _NOTHING else raw[1:])


def call(body: bytes) -> CallRow:
    """Raises texts.DamagedBlock."""
    values = _values(CallRow, texts.unpack(body)[0])
    values["state"] = CallState(values["state"])
    return CallRow(**values)


def _values(kind: type[MessageRow] | type[CallRow], head: bytes) -> dict[str, Any]:
    found = _known(kind, json.loads(head))
    return {name: _frozen(value) for name, value in found.items() if name != "raw"}


def _known(kind: type[Any], values: dict[str, Any]) -> dict[str, Any]:
    known = {field.name for field in fields(kind)}
    return {name: value for name, value in values.items() if name in known}


def _frozen(value: Any) -> Any:
    """Lists of JSON as the tuples that they were."""
    return tuple(_frozen(one) for one in value) if isinstance(value, list) else value
