"""The fields that a posted item may have, each read and checked by itself."""

import ipaddress
import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

TYPES = {
    "sip": 1,
    "rtcp": 5,
    "webrtc": 20,
    "janus": 20,
    "rtp-report": 34,
    "report": 34,
    "horaclifix": 38,
    "isup": 54,
    "diameter": 56,
    "log": 100,
    "logs": 100,
    "event": 100,
}
"""Words for chunk 0x000b's numbers, which may be written themselves."""
CALLID_NAMES = ("callid", "call_id", "call-id", "callId", "correlation_id", "correlationId", "cid")
TIME_NAMES = ("ts", "timestamp", "time", "@timestamp")
NODE_NAMES = ("node", "host", "hostname")
PAYLOAD_NAMES = ("payload", "message", "msg", "log", "body")
_LATEST_US = 4_294_967_296 * 1_000_000
"""HEP's seconds are 32 bits."""


class Refused(ValueError):
    """An item that cannot be stored; the text is one sentence, `where` the name of the field."""

    def __init__(self, sentence: str, where: str | None = None) -> None:
        super().__init__(sentence)
        self.where = where


def first(item: Mapping[str, Any], names: tuple[str, ...]) -> tuple[str, Any]:
    """(name, value) of the first of these that the item has; ("", None) without any."""
    for name in names:
        if item.get(name) is not None:
            return name, item[name]
    return "", None


def octets(value: Any, name: str, most: int) -> bytes:
    """A short text or a number. Raises Refused."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise Refused(f"`{name}` is a text.", name)
    found = str(value).encode("utf-8", "replace")
    if len(found) > most:
        raise Refused(f"`{name}` has {len(found)} octets; {most} are allowed.", name)
    return found


def protocol_type(value: Any) -> int:
    """Of a number of chunk 0x000b or a word of TYPES. Raises Refused."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 255:
        return value
    if isinstance(value, str):
        word = value.strip().lower()
        if word in TYPES:
            return TYPES[word]
        if word.isascii() and word.isdigit() and len(word) <= 3 and int(word) <= 255:
            return int(word)
    raise Refused(f"`type` is a HEP protocol number (0 to 255) or one of {', '.join(TYPES)}.", "type")


def time_us(value: Any, name: str) -> int | None:
    """Microseconds of epoch seconds, milliseconds or microseconds (told apart by their size), or of ISO 8601."""
    found = _of_number(value) if not isinstance(value, str) else _of_text(value)
    if found is None or not 0 <= found < _LATEST_US:
        raise Refused(f"`{name}` is epoch seconds, milliseconds or microseconds, or ISO 8601.", name)
    return found or None


def _of_number(value: Any) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if value < 1e11:
        return round(value * 1_000_000)
    return round(value * 1000) if value < 1e14 else round(value)


def _of_text(value: str) -> int | None:
    try:
        return _of_number(float(value))
    except ValueError:
        pass  # then it is a date
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return round(moment.timestamp() * 1_000_000)


def address(item: Mapping[str, Any], name: str) -> str:
    """An IP address, "" when there is none. Raises Refused."""
    value = item.get(name)
    if value is None or value == "":
        return ""
    try:
        return str(ipaddress.ip_address(value if isinstance(value, str) else ""))
    except ValueError as error:
        raise Refused(f"`{name}` is an IP address.", name) from error


def port(item: Mapping[str, Any], name: str) -> int:
    """A port, 0 when there is none. Raises Refused."""
    value = item.get(name, 0)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 65535:
        raise Refused(f"`{name}` is a port, 0 to 65535.", name)
    return value
