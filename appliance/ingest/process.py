"""What every child process does first and last: a log of its own name, signals, dying with its parent."""

import asyncio
import ctypes
import gc
import os
import signal
import sys
import warnings
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Protocol

import uvloop

from appliance import log

_PR_SET_PDEATHSIG = 1
GARBAGE_THRESHOLD = 20_000
"""Rows come and go by the thousand and hold no circles: Python's default of 700 only makes it look in vain."""


class AtOnce(ThreadPoolExecutor):
    """Runs in the event loop what libraries would give to a thread: the driver reads files that lie in memory so, three
    times for each table of a transaction, and a thread for it costs two wakings."""

    def submit(self, work: Callable[..., Any], /, *arguments: Any, **named: Any) -> "Future[Any]":
        done: Future[Any] = Future()
        try:
            done.set_result(work(*arguments, **named))
        except Exception as error:  # whatever it is, it is whoever waits that has to know
            done.set_exception(error)
        return done


class Runnable(Protocol):
    """Something that runs until it is told to stop."""

    def stop(self) -> None: ...

    async def run(self) -> None: ...


def begin(name: str) -> None:
    """Name the process, and end it when its parent ends."""
    log.configure(name)
    warnings.filterwarnings("ignore", category=Warning, module="aiomysql")
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    gc.freeze()
    gc.set_threshold(GARBAGE_THRESHOLD, 20, 20)
    if os.getppid() == 1:
        sys.exit("the supervisor ended before this process had begun")


def run(name: str, runnable: Runnable) -> None:
    """Run in an event loop until SIGTERM."""
    begin(name)

    async def until_stopped() -> None:
        loop = asyncio.get_running_loop()
        loop.set_default_executor(AtOnce())
        loop.add_signal_handler(signal.SIGTERM, runnable.stop)
        await runnable.run()

    uvloop.run(until_stopped())
    sys.exit(0)
