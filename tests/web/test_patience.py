import asyncio
from collections.abc import MutableMapping
from typing import Any

import pytest
from starlette.responses import PlainTextResponse, Response

from appliance.web import patience
from appliance.web.state import Request


class Reader:
    """Whoever sent a GET: stays until `leave`."""

    def __init__(self) -> None:
        self.left = asyncio.Event()
        self.asked = 0

    def leave(self) -> None:
        self.left.set()

    async def receive(self) -> MutableMapping[str, Any]:
        self.asked += 1
        if self.asked == 1:
            return {"type": "http.request", "body": b"", "more_body": False}
        await self.left.wait()
        return {"type": "http.disconnect"}

    @property
    def request(self) -> Request:
        return Request({"type": "http", "method": "GET", "path": "/", "headers": []}, self.receive)


async def test_a_view_that_answers_in_time_is_as_it_was() -> None:
    async def view(_request: Request) -> Response:
        """What it does."""
        await asyncio.sleep(0)
        return PlainTextResponse("found")

    wanted = patience.while_wanted(view)
    assert wanted.__doc__ == "What it does."
    assert (await wanted(Reader().request)).body == b"found"  # type: ignore[arg-type]


async def test_a_view_whose_reader_left_is_cancelled_to_its_end() -> None:
    reader, ended = Reader(), []

    async def view(_request: Request) -> Response:
        asyncio.get_running_loop().call_soon(reader.leave)
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0)
            ended.append("tidied")
        return PlainTextResponse("never")

    answer = await asyncio.wait_for(patience.while_wanted(view)(reader.request), 5)
    assert (answer.status_code, ended) == (patience.GONE, ["tidied"])


async def test_what_a_view_raises_stays_what_it_is() -> None:
    async def view(_request: Request) -> Response:
        raise ZeroDivisionError("ours")

    with pytest.raises(ZeroDivisionError, match="ours"):
        await patience.while_wanted(view)(Reader().request)


async def test_who_cancels_the_request_cancels_the_view() -> None:
    begun = asyncio.Event()

    async def view(_request: Request) -> Response:
        begun.set()
        await asyncio.sleep(60)
        return PlainTextResponse("never")

    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(patience.while_wanted(view)(Reader().request))  # type: ignore[arg-type]
        await begun.wait()
        task.cancel()
    assert task.cancelled()
