"""What the lifespan opens and every view gets, typed."""

import threading
import time
from typing import Any, TypedDict

from jinja2 import Environment
from starlette.requests import Request as StarletteRequest

from appliance.buffer.connection import AsyncClient
from appliance.metrics import Counts
from appliance.settings import Settings
from appliance.storage.connection import Database
from appliance.web.auth.identity import Identities, Identity
from appliance.web.imports import Imports
from appliance.web.live.hub import Hub
from appliance.web.names import Names
from appliance.web.posted.janus import Handles
from appliance.web.searches import Searches
from appliance.web.seen_values import SeenValues

SOON_SECONDS = 5.0
"""For what every page needs, and what says how the database is: when it hangs, these are told soon."""


class State(TypedDict):
    """`request.state`; `identity` is set by middleware.sessions for each request."""

    settings: Settings
    site: str
    database: Database
    buffer: AsyncClient
    identities: Identities
    templates: Environment
    figures: dict[str, Any]
    """What the dashboard read lately."""
    names: Names
    """What addresses are called."""
    seen: SeenValues
    """What completes a query line."""
    counts: Counts
    """Handed to the buffer each second."""
    handles: Handles
    """Which call each handle of Janus is in."""
    imports: Imports
    """Captures that people gave to be imported."""
    hub: Hub
    """The live tail."""
    leaving: threading.Event
    """Set when the process is to end: what goes on by itself ends then."""
    searches: Searches
    """Who searches at this moment."""
    identity: Identity | None


Request = StarletteRequest[State]


def now_us() -> int:
    """The clock of this process, microseconds UTC."""
    return time.time_ns() // 1000
