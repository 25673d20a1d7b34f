"""Searches on behalf of somebody: a few at once for each.

One is in the state of the web process (`state.State`); `asking.answer` lets every search of a page, a download or the
API pass through it.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

WAIT_SECONDS = 10.0


class TooMany(Exception):
    """Somebody's searches took so long that one more did not get its turn; the sentence says so."""


@dataclass(slots=True)
class _Turns:
    """Those of one person."""

    free: asyncio.Semaphore
    users: int = 0
    """Searches that run or wait."""


class Searches:
    """Who searches how often at this moment."""

    def __init__(self, most_at_once: int) -> None:
        """`most_at_once`: of one person, whatever their sessions and tokens."""
        self._most_at_once = most_at_once
        self._turns: dict[int, _Turns] = {}

    @asynccontextmanager
    async def turn(self, person: int) -> AsyncIterator[None]:
        """A turn of somebody's, waited for. Raises TooMany."""
        turns = self._turns.setdefault(person, _Turns(asyncio.Semaphore(self._most_at_once)))
        turns.users += 1
        try:
            try:
                await asyncio.wait_for(turns.free.acquire(), WAIT_SECONDS)
            except TimeoutError as error:
                raise TooMany(
                    f"you have {self._most_at_once} searches under way: wait for one, or choose a shorter time"
                ) from error
            try:
                yield
            finally:
                turns.free.release()
        finally:
            turns.users -= 1
            if turns.users == 0:
                self._turns.pop(person, None)
