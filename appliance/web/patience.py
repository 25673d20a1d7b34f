"""Work that goes on only as long as somebody waits for it: a search whose reader has left is ended in the database too.

A server tells a view nothing when the browser closes the connection (by Cancel, Esc, a newer search); whoever wants
to know must ask for the next event of the request.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from functools import wraps
from typing import Any

from starlette.responses import Response

from appliance.web.state import Request

GONE = 499
"""nginx's status for a client that closed the request; nobody reads it."""

View = Callable[[Request], Awaitable[Response]]


def while_wanted(view: Callable[[Request], Coroutine[Any, Any, Response]]) -> View:
    """The view, cancelled when its reader leaves. For requests without a body, or whose body the view does not read."""

    @wraps(view)
    async def waited_for(request: Request) -> Response:
        try:
            async with asyncio.TaskGroup() as tasks:
                work = tasks.create_task(view(request))
                watch = tasks.create_task(_left(request, work))
                work.add_done_callback(lambda _: watch.cancel())
        except ExceptionGroup as raised:
            raise raised.exceptions[0] from None  # as the view raised it: nothing else here does
        return Response(status_code=GONE) if work.cancelled() else work.result()

    return waited_for


async def _left(request: Request, work: asyncio.Task[Response]) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
    work.cancel()
