"""Waiting for a server, but not for one of our own that has ended meanwhile."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from appliance.supervise.child import Child
from appliance.supervise.own_server import ServerError

LOOK_SECONDS = 0.1


async def until_ready(ready: Coroutine[Any, Any, str], child: Child | None) -> None:
    """Return when `ready` does; `child` is the server if it is ours. Raises what `ready` raises, and ServerError."""
    try:
        async with asyncio.TaskGroup() as tasks:
            waiting = tasks.create_task(ready)
            while not waiting.done():
                await asyncio.wait([waiting], timeout=LOOK_SECONDS)
                if child is not None and not child.is_alive() and not waiting.done():
                    how = child.running.ending if child.running is not None else "not started"
                    raise ServerError(f"our own {child.name} ended while it started ({how}); its log above says why")
    except BaseExceptionGroup as group:
        raise group.exceptions[0] from None
