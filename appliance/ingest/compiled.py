"""The compiled readers of sockets and of usual messages, where they were built; None, and the reason, elsewhere.

They are never needed: without them the plain readers do the same at about three times the cost. They are built when
hepbox is installed on a machine with a C compiler; HEPBOX_PLAIN=1 in the environment leaves them aside.
"""

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from appliance.ingest.drain import Drain
    from appliance.ingest.usual import Usual

try:
    from appliance.ingest import drain as sockets
    from appliance.ingest import usual
except ImportError:
    usual = sockets = None  # type: ignore[assignment]

MOST_HEADERS = 8
LONGEST_NAME = 31


def reader(correlation_headers: Sequence[bytes], oldest_days: int) -> "Usual | None":
    """The compiled reader for these settings; None where it cannot be used, see `absence`."""
    if absence(correlation_headers):
        return None
    return usual.Usual(tuple(correlation_headers), oldest_days)


def drain() -> "Drain | None":
    """The compiled reader of UDP sockets."""
    return None if absence() else sockets.Drain()


def absence(correlation_headers: Sequence[bytes] = ()) -> str:
    """Why there is no compiled reader; empty when there is one."""
    if os.environ.get("HEPBOX_PLAIN") == "1":
        return "HEPBOX_PLAIN=1 leaves it aside"
    if usual is None:
        return "it was not built: no C compiler was there at the installation"
    if len(correlation_headers) > MOST_HEADERS or any(len(name) > LONGEST_NAME for name in correlation_headers):
        return f"[sip] correlation_headers has more than {MOST_HEADERS} names, or one of over {LONGEST_NAME} letters"
    return ""
