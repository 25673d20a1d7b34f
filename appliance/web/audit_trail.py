"""Writes down who did what in this request."""

from appliance.storage import audit
from appliance.storage.audit import Action
from appliance.web.state import Request, now_us


async def write(request: Request, action: Action, object_: str) -> None:
    """Raises DatabaseError: what cannot be written down is not shown either."""
    identity = request.state["identity"]
    name = identity.user.name if identity else ""
    if identity is not None and identity.by_token:
        name = f"{name} (token)"
    address = request.client.host if request.client else ""
    await audit.record(request.state["database"], now_us(), name, action, object_, address)
