"""The compiled readers of sockets and of usual messages, where they were built; None, and the reason, elsewhere.

They are never needed: without them the plain readers do the same at twice the cost of receivers and writers. They are
built when hepbox is installed on a machine with a C compiler; HEPBOX_PLAIN=1 in the environment leaves them aside.
"""

import importlib
import os
from collections.abc import Sequence
from types import ModuleType
from typing import TYPE_CHECKING

from appliance.buffer.batch import Origin, Record
from appliance.hep.encode import encode
from appliance.model.packet import Packet

if TYPE_CHECKING:
    from appliance.ingest.drain import Drain
    from appliance.ingest.usual import Usual

SAMPLE_US = 1_700_000_000_000_000
MOST_HEADERS = 8
LONGEST_NAME = 31
NOT_BUILT = "not built: there was no C compiler when hepbox was installed"


def _module(name: str) -> ModuleType | None:
    try:
        return importlib.import_module(f"appliance.ingest.{name}")
    except ImportError:
        return None


def reader(correlation_headers: Sequence[bytes], oldest_days: int) -> "Usual | None":
    """The compiled reader of usual messages for these settings; None where it cannot be used, see `absence`."""
    module = None if absence(correlation_headers) else _module("usual")
    if module is None:
        return None
    made: Usual = module.Usual(tuple(correlation_headers), oldest_days)
    return made


def drain() -> "Drain | None":
    """The compiled reader of UDP sockets."""
    module = None if absence() else _module("drain")
    if module is None:
        return None
    made: Drain = module.Drain()
    return made


def sample() -> Record:
    """A usual message, by which the compiled reader shows that it makes the rows that the plain ones make."""
    payload = (
        b"INVITE sip:b@example.com SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\n"
        b"To: <sip:b@c>\r\nCall-ID: 1@sample\r\nCSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n"
    )
    packet = Packet(3, 1, 17, "192.0.2.1", 5060, "192.0.2.2", 5060, SAMPLE_US, 1, b"", b"", payload)
    return Record(SAMPLE_US, "192.0.2.3", 9060, Origin.UDP, encode(packet))


def absence(correlation_headers: Sequence[bytes] = ()) -> str:
    """Why the compiled readers are not used; empty when they are."""
    if os.environ.get("HEPBOX_PLAIN") == "1":
        return "HEPBOX_PLAIN=1 leaves them aside"
    if _module("usual") is None or _module("drain") is None:
        return NOT_BUILT
    if len(correlation_headers) > MOST_HEADERS or any(len(name) > LONGEST_NAME for name in correlation_headers):
        return f"[sip] correlation_headers has more than {MOST_HEADERS} names, or one of over {LONGEST_NAME} letters"
    return ""
