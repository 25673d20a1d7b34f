"""Rows as dictionaries for JSON, with exactly the names of INTERFACES.md ("A message row", "A call row" …).

Unknown is null; lists are arrays; text is valid Unicode (what is not UTF-8 shows as U+FFFD).
"""

import json
from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from appliance.calls.hops import Hop, clocks, hops
from appliance.calls.offsets import Offset
from appliance.export.json_fields import (
    CALL_FIELDS,
    CLOCK_FIELDS,
    DIALOG_FIELDS,
    FINDING_FIELDS,
    HOP_FIELDS,
    LOG_FIELDS,
    MESSAGE_FIELDS,
    QUALITY_FIELDS,
    REGISTRATION_FIELDS,
)
from appliance.export.material import Material
from appliance.model.dialogs import DialogRow
from appliance.model.octets import shown, text
from appliance.model.quality import LogRow, QualityRow
from appliance.model.registrations import RegistrationRow
from appliance.model.rows import CallRow, MessageRow
from appliance.sip.headers import headers
from appliance.storage.found_legs import ASKED_FOR, FoundLeg
from appliance.storage.notes import Note
from appliance.why.finding import Explanation, Finding


def message(row: MessageRow, with_raw: bool = False) -> dict[str, Any]:
    """A message row; with `raw` (or `raw_base64` when it is not UTF-8) if wanted, null when it is not at hand."""
    found = {name: _value(getattr(row, name)) for name in MESSAGE_FIELDS}
    return found | (raw(row.raw) if with_raw else {})


def whole_message(row: MessageRow) -> dict[str, Any]:
    """A message row with its text (`raw`) and `fields`, its headers in their order."""
    found = headers(row.raw or b"") if row.kind.is_sip else ()
    fields = [{"name": shown(text(header.name)), "value": shown(text(header.value))} for header in found]
    return {**message(row, with_raw=True), "fields": fields}


def call(row: CallRow) -> dict[str, Any]:
    """A call row."""
    return {name: _value(getattr(row, name)) for name in CALL_FIELDS}


def quality(row: QualityRow) -> dict[str, Any]:
    """A quality row; `direction` says who measured the stream: received, sent or observed. A port 0 is unknown.

    `codec_from` says whose codec (and clock) it is: the `report`'s or the call's `sdp`.
    """
    m = row.measured
    codec_from = "sdp" if m.by_sdp else "report" if m.codec else ""
    own = {"ts": row.ts, "callid": row.callid, "direction": m.told, "node": row.node, "id": row.id,
           "codec_from": codec_from}  # fmt: skip
    values = {name: own[name] if name in own else getattr(m, name) for name in QUALITY_FIELDS}
    values |= {name: values[name] or None for name in ("source_port", "destination_port")}
    return {name: _value(value) for name, value in values.items()}


def log(row: LogRow) -> dict[str, Any]:
    """A log row."""
    return {name: _value(getattr(row, name)) for name in LOG_FIELDS}


def registration(row: RegistrationRow) -> dict[str, Any]:
    """A registration row: one binding."""
    return {name: _value(getattr(row, name)) for name in REGISTRATION_FIELDS}


def dialog(row: DialogRow) -> dict[str, Any]:
    """A dialog row; `dialogs` says how many OPTIONS it stands for, `failed` how many of them got no 2xx."""
    return {name: _value(getattr(row, name)) for name in DIALOG_FIELDS}


def finding(found: Finding) -> dict[str, Any]:
    """One sentence of why; `messages` are ids, the most telling first."""
    return {name: _value(getattr(found, name)) for name in FINDING_FIELDS}


def whole_call(
    record: CallRow | None,
    callid: str,
    messages: Sequence[MessageRow],
    others: Sequence[int] = (),
    with_raw: bool = True,
    quality_rows: Sequence[QualityRow] = (),
    log_rows: Sequence[LogRow] = (),
    why: Explanation | None = None,
    written_notes: Sequence[Note] = (),
    found_legs: Sequence[FoundLeg] = (),
    possible: Sequence[FoundLeg] = (),
) -> dict[str, Any]:
    """The answer of `GET /api/v1/calls/KEY`, messages.json and `hepbox call --format json`.

    `others` are starts of other calls of this Call-ID.
    """
    return {
        "call": call(record) if record else None,
        "legs": legs(found_legs) or [{"callid": shown(callid), "why": ASKED_FOR, "confidence": 1.0, "shown": True}],
        "messages": [whole_message(row) if with_raw else message(row) for row in messages],
        "quality": [quality(row) for row in quality_rows],
        "logs": [log(row) for row in log_rows],
        "why": [finding(each) for each in why.all] if why else [],
        "others": list(others),
        "possible": legs(possible),
        "notes": notes(written_notes),
        "hops": [hop(found) for found in hops(messages)],
        "clocks": [clock(found) for found in clocks(messages)],
    }


def legs(found: Sequence[FoundLeg]) -> list[dict[str, Any]]:
    """Legs of a call, or calls that may be: Call-ID, reason, how sure, when, and whether its messages are here."""
    return [
        {
            "callid": shown(leg.callid),
            "why": shown(leg.why),
            "confidence": round(leg.confidence, 2),
            "started": leg.started,
            "ended": leg.ended,
            "state": leg.record.state,
            "shown": leg.shown,
        }
        for leg in found
    ]


def hop(found: Hop) -> dict[str, Any]:
    """A pair of hosts that the call crossed; `first` and `answered` are epoch microseconds."""
    return {name: _value(getattr(found, own)) for name, own in HOP_FIELDS.items()}


def clock(found: Offset) -> dict[str, Any]:
    """How far an agent's clock is ahead of another's."""
    return {name: _value(getattr(found, name)) for name in CLOCK_FIELDS}


def of_material(whole: Material) -> dict[str, Any]:
    """The same of a call that is brought together."""
    return whole_call(
        whole.call,
        whole.callid,
        whole.messages,
        whole.others,
        quality_rows=whole.quality,
        log_rows=whole.logs,
        why=whole.why,
        written_notes=whole.notes,
        found_legs=whole.legs,
        possible=whole.possible,
    )


def notes(written: Iterable[Note]) -> list[dict[str, Any]]:
    """Notes in the words of the API; `message` is null for one on the whole call."""
    return [
        {"id": note.id, "message": note.message_id or None, "user": note.user_name, "text": note.text,
         "made": note.made_at, "changed": note.changed_at}
        for note in written
    ]  # fmt: skip


def written(whole: Mapping[str, Any]) -> str:
    """A JSON text for people to read too, never with a lone surrogate."""
    return shown(json.dumps(whole, indent=2, ensure_ascii=False)) + "\n"


def raw(octets: bytes | None) -> dict[str, str | None]:
    """`raw` as text, or `raw_base64` when these octets are not UTF-8."""
    if octets is None:
        return {"raw": None}
    try:
        return {"raw": octets.decode("utf-8")}
    except UnicodeDecodeError:
        return {"raw_base64": b64encode(octets).decode("ascii")}


def _value(value: Any) -> Any:
    if isinstance(value, str):
        return shown(str(value)) or None
    if isinstance(value, tuple):
        return [shown(one) for one in value]
    return value
