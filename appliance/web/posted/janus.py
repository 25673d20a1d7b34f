"""Events of Janus, told by its event handler, and the call that each belongs to.

Only some events of the SIP plugin name a Call-ID (`call-id`, or the SIP message of `sip-in` and `sip-out`). The others
of the same handle (offer, ICE, DTLS, media statistics) come without: they get the Call-ID that the handle has at
the time. Events that come grouped in one request are looked through before, so that those ahead of the first that names
it get it too. What is of no call is held together by its session.
"""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from typing import Any

from appliance.sip.parse import parse

MOST_HANDLES = 20_000
_SIP_EVENTS = ("sip-in", "sip-out")
_Handle = tuple[str, int, int]


def is_event(item: Mapping[str, Any]) -> bool:
    """Whether an item is an event of Janus: a numbered type and a session, handle or emitter of its own."""
    return isinstance(item.get("type"), int) and "event" in item and bool(item.keys() & {"session_id", "emitter"})


def callid(item: Mapping[str, Any]) -> bytes:
    """The Call-ID that an event names itself, or empty."""
    event = item.get("event")
    data = event.get("data") if isinstance(event, dict) else None
    if not isinstance(data, dict):
        return b""
    if data.get("event") in _SIP_EVENTS and isinstance(data.get("sip"), str):
        return parse(data["sip"].encode("utf-8", "replace")).callid
    named = data.get("call-id") or data.get("call_id")
    return named.encode("utf-8", "replace") if isinstance(named, str) else b""


class Handles:
    """The call of each handle, by and by; the least lately used are forgotten."""

    def __init__(self, most: int = MOST_HANDLES) -> None:
        self._calls: OrderedDict[_Handle, bytes] = OrderedDict()
        self._most = most

    def learn(self, items: Iterable[Any]) -> None:
        """From a request's events that name a call, where their handle has none yet."""
        for item in items:
            if isinstance(item, dict) and is_event(item) and (found := callid(item)):
                key = _handle(item)
                if key not in self._calls:
                    self._remember(key, found)

    def call_of(self, item: Mapping[str, Any]) -> bytes:
        """The Call-ID of an event, or `janus-SESSION` when it is of no call."""
        key, found = _handle(item), callid(item)
        if found:
            self._remember(key, found)
            return found
        held = self._calls.get(key, b"")
        if held:
            self._calls.move_to_end(key)
            return held
        return b"janus-%d" % key[1] if key[1] else b""

    def _remember(self, key: _Handle, callid: bytes) -> None:
        if not key[2]:
            return
        self._calls[key] = callid
        self._calls.move_to_end(key)
        while len(self._calls) > self._most:
            self._calls.popitem(last=False)


def _handle(item: Mapping[str, Any]) -> _Handle:
    return str(item.get("emitter", ""))[:128], _number(item.get("session_id")), _number(item.get("handle_id"))


def _number(value: Any) -> int:
    return value if isinstance(value, int) and 0 <= value < 1 << 64 else 0
