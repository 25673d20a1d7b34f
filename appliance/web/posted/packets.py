"""A posted item -> the packet that is stored: an event of Janus, an item with fields of its own, or a line of a log."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from appliance.hep.encode import encode
from appliance.hep.errors import HepError
from appliance.model.octets import octets as as_octets
from appliance.model.packet import Packet
from appliance.web.posted import fields, janus
from appliance.web.posted.fields import Refused

RTCP, WEBRTC, LOG = 5, 20, 100
LONGEST_CALLID, LONGEST_NODE = 255, 128
LARGEST_PAYLOAD = 64_000
"""What HEP 3 can carry, less its envelope."""
_IN_LINE = re.compile(rb"call[-_ ]?id[\"']?\s{0,4}[:=]\s{0,4}[\"'<\[]?([^\s\"'<>\[\],;]{1,255})", re.IGNORECASE)
_RTCP_NAMES = frozenset({"report_blocks", "sender_information", "report_blocks_xr"})


@dataclass(frozen=True, slots=True)
class Sender:
    """Who posts: what an item does not say itself is taken from here."""

    address: str
    callid: bytes = b""
    node: bytes = b""
    protocol_type: int | None = None


def packet(item: Any, sender: Sender, handles: janus.Handles) -> Packet:
    """The packet of an item. Raises Refused."""
    if isinstance(item, str):
        made = _line(as_octets(item), sender)
    elif not isinstance(item, dict):
        raise Refused("An item is a JSON object, or a line of text.")
    elif janus.is_event(item):
        made = _janus(item, sender, handles)
    else:
        made = _with_fields(item, sender)
    if len(made.payload) > LARGEST_PAYLOAD:
        raise Refused(f"The payload has {len(made.payload)} octets; {LARGEST_PAYLOAD} are allowed.", "payload")
    return made


def frame(made: Packet) -> bytes:
    """As HEP 3. Raises Refused."""
    try:
        return encode(made)
    except HepError as error:
        raise Refused(f"This cannot be carried by HEP: {error}.") from error


def _line(line: bytes, sender: Sender) -> Packet:
    type_ = LOG if sender.protocol_type is None else sender.protocol_type
    return _packet(sender, type_, line, sender.callid or callid_in(line), None, sender.node)


def callid_in(line: bytes) -> bytes:
    """The Call-ID that a line of a log names (`Call-ID: …`, `callid=…`), or empty."""
    found = _IN_LINE.search(line)
    return found[1] if found else b""


def _janus(item: Mapping[str, Any], sender: Sender, handles: janus.Handles) -> Packet:
    """Its time is microseconds; one that is not is left out, since the event tells no less without."""
    try:
        when = fields.time_us(item.get("timestamp"), "timestamp")
    except Refused:
        when = None
    emitter = item.get("emitter")
    name = emitter.encode("utf-8", "replace")[:LONGEST_NODE] if isinstance(emitter, str) else b""
    callid = (sender.callid or handles.call_of(item))[:LONGEST_CALLID]
    return _packet(sender, WEBRTC, dumped(item), callid, when, sender.node or name)


def _with_fields(item: Mapping[str, Any], sender: Sender) -> Packet:
    name, value = fields.first(item, fields.CALLID_NAMES)
    callid = fields.octets(value, name, LONGEST_CALLID) if name else sender.callid
    name, value = fields.first(item, fields.NODE_NAMES)
    node = fields.octets(value, name, LONGEST_NODE) if name else sender.node
    name, value = fields.first(item, fields.TIME_NAMES)
    when = fields.time_us(value, name) if name else None
    type_ = _type(item, sender)
    payload = _payload(item)
    made = _packet(sender, type_, payload, callid or (callid_in(payload) if type_ == LOG else b""), when, node)
    made.source_ip = fields.address(item, "source_ip") or sender.address
    made.destination_ip = fields.address(item, "destination_ip")
    made.source_port, made.destination_port = fields.port(item, "source_port"), fields.port(item, "destination_port")
    return made


def _type(item: Mapping[str, Any], sender: Sender) -> int:
    """As it says; reports of RTCP number their own `type`, so it is no word for them."""
    if item.keys() & _RTCP_NAMES:
        return RTCP
    if item.get("type") is not None:
        return fields.protocol_type(item["type"])
    return LOG if sender.protocol_type is None else sender.protocol_type


def _payload(item: Mapping[str, Any]) -> bytes:
    """The payload that it names, as text or JSON; the whole item when it names none."""
    name, value = fields.first(item, fields.PAYLOAD_NAMES)
    if not name:
        return dumped(item)
    return value.encode("utf-8", "replace") if isinstance(value, str) else dumped(value)


def dumped(value: Any) -> bytes:
    """JSON in one line."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _packet(
    sender: Sender, protocol_type: int, payload: bytes, callid: bytes, time_us: int | None, node: bytes
) -> Packet:
    return Packet(
        hep_version=3,
        protocol_type=protocol_type,
        ip_protocol=6,
        source_ip=sender.address,
        source_port=0,
        destination_ip="",
        destination_port=0,
        time_us=time_us,
        capture_id=None,
        node_name=node or sender.address.encode(),
        correlation_id=callid,
        payload=payload,
    )
