"""The operator's rules of [sip] discard and censor, applied to a packet before it is stored. Pure.

A rule of `discard` is a query line, one a line; a packet that fulfils any of them is not stored. `censor` names headers
(`header:Authorization`) and types of bodies (`body:message/cpim`, also `body:text/*`); what they held is written over,
octet for octet, so that lengths still hold.
"""

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase

from appliance.ingest.conditions import Condition, Subject, condition
from appliance.model.aliases import NONE
from appliance.model.kinds import Kind
from appliance.model.message import SipMessage
from appliance.model.packet import Packet
from appliance.query.aliased import with_aliases
from appliance.query.errors import QueryError
from appliance.query.parse import parse
from appliance.settings import SettingsError, SipSettings
from appliance.sip.names import COMPACT, canonical

_SHORT = {long: short for short, long in COMPACT.items()}
_NAME = re.compile(r"[A-Za-z0-9.!%*_+`'~-]+")
_TYPE = re.compile(r"[A-Za-z0-9.+*_-]+(/[A-Za-z0-9.+*_-]+)?")
_BLANK_LINE = re.compile(rb"\r?\n\r?\n")
_BOUNDARY = re.compile(rb';[ \t]*boundary[ \t]*=[ \t]*(?:"([^"\r\n]+)"|([^\s;"]+))', re.IGNORECASE)
_PART_TYPE = re.compile(rb"^Content-Type[ \t]*:[ \t]*([^\s;]+)", re.IGNORECASE | re.MULTILINE)
_WRITTEN = re.compile(rb"\S[^\r\n]*")
_UNSAID_TYPE = b"text/plain"
LONGEST_LABEL = 80


class RuleError(SettingsError):
    """A rule that cannot be understood; the text is a sentence for the operator."""


@dataclass(frozen=True, slots=True)
class _Header:
    rule: str
    pattern: re.Pattern[bytes]


@dataclass(frozen=True, slots=True)
class _Body:
    rule: str
    type_: str


class Rules:
    """The rules of one instance, understood once. Raises RuleError."""

    def __init__(self, settings: SipSettings) -> None:
        self._discard = [(line[:LONGEST_LABEL], _condition(line)) for line in settings.discard]
        words = [_censored_word(word) for word in settings.censor]
        self._headers = [word for word in words if isinstance(word, _Header)]
        self._bodies = [word for word in words if isinstance(word, _Body)]

    def __bool__(self) -> bool:
        return bool(self._discard or self._headers or self._bodies)

    def discards(self, packet: Packet, message: SipMessage, kind: Kind, node: bytes, proto: bytes) -> str | None:
        """The first rule that keeps a packet from being stored; `message` is empty for what is no SIP."""
        if not self._discard:
            return None
        subject = Subject(packet, message, kind, node, proto)
        return next((rule for rule, holds in self._discard if holds(subject)), None)

    def censored(self, payload: bytes, content_type: bytes) -> tuple[bytes, tuple[str, ...]]:
        """A SIP message of the same length, and the rules that changed it."""
        if not self._headers and not self._bodies:
            return payload, ()
        blank = _BLANK_LINE.search(payload)
        head_end, body_start = (blank.start(), blank.end()) if blank else (len(payload), len(payload))
        spans = [(found.span(1), each.rule) for each in self._headers for found in _fields(each, payload, head_end)]
        spans += [
            (part, each.rule)
            for part, type_ in _parts(payload, body_start, content_type or _UNSAID_TYPE)
            for each in self._bodies
            if fnmatchcase(type_, each.type_)
        ]
        spans = [(span, rule) for span, rule in spans if span[0] < span[1]]
        if not spans:
            return payload, ()
        octets = bytearray(payload)
        for (start, stop), _ in spans:
            octets[start:stop] = _WRITTEN.sub(_over, payload[start:stop])
        return bytes(octets), tuple(dict.fromkeys(rule for _, rule in spans))


def _condition(line: str) -> Condition:
    try:
        root = with_aliases(parse(line), NONE, "messages").root
        assert root is not None, "empty lines are no rules"
        return condition(root)
    except QueryError as error:
        raise RuleError(f"[sip] discard, in the rule {line}: {error}") from error


def _censored_word(word: str) -> _Header | _Body:
    what, _, name = word.replace("header.", "header:", 1).partition(":")
    if what == "header" and _NAME.fullmatch(name):
        long = canonical(name.encode())
        names = b"|".join(re.escape(each) for each in (long, _SHORT.get(long, b"")) if each)
        value = rb"[ \t]*((?:[^\r\n]|\r?\n[ \t])*)"
        return _Header(word, re.compile(rb"^(?:" + names + rb")[ \t]*:" + value, re.IGNORECASE | re.MULTILINE))
    if what == "body" and _TYPE.fullmatch(name):
        return _Body(word, name.lower())
    raise RuleError(
        f"[sip] censor: {word} is not understood; write header:NAME or body:TYPE, for example header:Authorization, "
        "body:message/cpim"
    )


def _fields(header: _Header, payload: bytes, head_end: int) -> list[re.Match[bytes]]:
    return list(header.pattern.finditer(payload, 0, head_end))


def _parts(payload: bytes, start: int, content_type: bytes) -> list[tuple[tuple[int, int], str]]:
    """The body with its type, or the parts of one that has several (RFC 2046, section 5.1)."""
    whole = (start, len(payload))
    type_ = content_type.partition(b";")[0].strip().lower().decode("latin-1")
    found = _BOUNDARY.search(content_type)
    if start >= len(payload) or not type_.startswith("multipart/") or found is None:
        return [(whole, type_)]
    parts: list[tuple[tuple[int, int], str]] = [(whole, type_)]
    mark = b"--" + (found[1] or found[2])
    at = payload.find(mark, start)
    while at >= 0:
        begin = at + len(mark)
        at = payload.find(mark, begin)
        stop = at if at >= 0 else len(payload)
        blank = _BLANK_LINE.search(payload, begin, stop)
        if blank is not None:
            said = _PART_TYPE.search(payload, begin, blank.end())
            parts.append(((blank.end(), stop), (said[1] if said else _UNSAID_TYPE).lower().decode("latin-1")))
    return parts


def _over(written: re.Match[bytes]) -> bytes:
    size = written.end() - written.start()
    return b"censored".ljust(size, b"*") if size >= 8 else b"*" * size
