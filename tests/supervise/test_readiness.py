import asyncio
import time

import pytest

from appliance.supervise.child import Child, Program
from appliance.supervise.own_server import ServerError
from appliance.supervise.readiness import until_ready


async def ready_after(seconds: float) -> str:
    await asyncio.sleep(seconds)
    return "10.11"


async def refusing() -> str:
    raise ServerError("wrong password")


async def test_it_returns_when_the_server_answers() -> None:
    await until_ready(ready_after(0.01), None)


async def test_it_says_what_the_server_says() -> None:
    with pytest.raises(ServerError, match="wrong password"):
        await until_ready(refusing(), None)


async def test_it_does_not_wait_for_a_server_that_ended() -> None:
    child = Child("mysql", lambda: Program(["false"]))
    child.begin()
    begun = time.monotonic()
    with pytest.raises(ServerError, match=r"our own mysql ended while it started \(exit code 1\)"):
        await until_ready(ready_after(60), child)
    assert time.monotonic() - begun < 10
