"""The octets of a REGISTER or its response -> what they say of bindings (RFC 3261 10.2 and 10.3, RFC 5626, RFC 3327).

Takes any octets, raises nothing, and is bounded in contacts and octets: what is longer than its column is cut here.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from appliance.model.octets import text
from appliance.model.remembered import Remembered
from appliance.sip.address import parameter, split, unquoted, uri_parameters

MOST_CONTACTS = 64
"""Of one message; a registrar's answer lists every device of an address of record."""
LONGEST_CONTACT = 255
LONGEST_INSTANCE = 128
LONGEST_PATH = 255
LONGEST_SECONDS = (1 << 32) - 1

_LINES = re.compile(
    rb"^(contact|m|expires|path)[ \t]*:[ \t]*([^\r\n]*(?:\r?\n[ \t][^\r\n]*)*)", re.IGNORECASE | re.MULTILINE
)
_END = re.compile(rb"\r?\n\r?\n")
_URI = re.compile(r"(sips?):(?:([^@]*)@)?(\[[^\]]*\]|[^:;?]*)(?::(\d+))?", re.IGNORECASE)
_TRANSPORT = re.compile(r";transport=([^;?]*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Contact:
    """One binding that is asked for or listed."""

    uri: str
    instance: str
    """`+sip.instance` without quotes and < >."""
    reg_id: int | None
    expires: int | None
    """Seconds; None when it says none."""

    @property
    def key(self) -> str:
        """What tells it from others of its address of record: the device and its flow, else the contact.

        Of the contact what RFC 3261 19.1.4 compares and a registrar gives back: scheme, user, host, port, transport.
        """
        if self.instance:
            return f"{self.instance.lower()};{self.reg_id or ''}"
        return compared(self.uri)


@dataclass(frozen=True, slots=True)
class Said:
    """What a message says of bindings; `everything` is `Contact: *`."""

    contacts: tuple[Contact, ...] = ()
    everything: bool = False
    expires: int | None = None
    """Seconds of the Expires header."""
    path: str = ""


def said(payload: bytes) -> Said:
    """Of a message's head; the first Expires counts, Contact and Path of all lines."""
    end = _END.search(payload)
    head = payload[: end.start()] if end else payload
    contacts: list[Contact] = []
    paths: list[bytes] = []
    everything, seconds = False, None
    for name, value in _LINES.findall(head):
        match name.lower():
            case b"expires":
                seconds = _seconds(value) if seconds is None else seconds
            case b"path":
                paths.append(value.strip())
            case _ if value.strip() == b"*":
                everything = True
            case _:
                contacts += _CONTACTS[value]
    path = text(b", ".join(paths)[:LONGEST_PATH])
    return Said(tuple(contacts[:MOST_CONTACTS]), everything, seconds, path)


@lru_cache(maxsize=8192)
def compared(uri: str) -> str:
    """What of a contact's URI is compared."""
    found = _URI.match(uri)
    if found is None:
        return uri
    scheme, user, host, port = found.groups()
    transport = _TRANSPORT.search(uri)
    transported = f";{transport[1].lower()}" if transport else ""
    return f"{scheme.lower()}:{user or ''}@{host.lower()}:{port or ''}{transported}"


def _contacts(value: bytes) -> tuple[Contact, ...]:
    return tuple(contact for contact in map(_contact, split(value, b",")[:MOST_CONTACTS]) if contact.uri)


_CONTACTS = Remembered(_contacts)


def _contact(piece: bytes) -> Contact:
    uri, parameters, _ = uri_parameters(piece)
    instance = unquoted(parameter(parameters, b"+sip.instance")).strip(b"<> ")
    flow = parameter(parameters, b"reg-id")
    seconds = parameter(parameters, b"expires")
    return Contact(
        text(uri.strip()[:LONGEST_CONTACT]),
        text(instance[:LONGEST_INSTANCE]),
        int(flow) if flow.isdigit() and len(flow) < 10 else None,
        _seconds(unquoted(seconds)) if seconds else None,
    )


def _seconds(value: bytes) -> int | None:
    """delta-seconds; what is longer than 2**32-1 counts as that (RFC 3261 20.19), what is no number as none said."""
    digits = value.strip()
    if not digits.isdigit():
        return None
    return LONGEST_SECONDS if len(digits) > 10 else min(int(digits), LONGEST_SECONDS)
