"""Which Call-IDs have a message that fulfils a raw term, each term for itself; for calls and for dialogs."""

import asyncio
from collections.abc import Callable, Collection, Sequence

from appliance.matching import raw
from appliance.model.kinds import DailyTable
from appliance.query.tree import Term
from appliance.storage import raw as stored
from appliance.storage.connection import Database

MESSAGES_AT_ONCE = 2000
"""Whose octets are in memory together."""


class OctetTruths:
    """By raw term, the hashes of Call-IDs that fulfil it, of those messages that were read."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._terms: list[tuple[Callable[[bytes], bool], set[int]]] = []

    def of(self, term: Term) -> Callable[[Collection[int]], bool]:
        """Whether a message of any of these Call-IDs fulfils the term."""
        true: set[int] = set()
        self._terms.append((raw.matcher(term), true))
        return lambda hashes: not true.isdisjoint(hashes)

    def forget(self) -> None:
        """What was read: its Call-IDs are done with."""
        for _, true in self._terms:
            true.clear()

    async def read(self, table: DailyTable, messages: Sequence[tuple[int, int]]) -> None:
        """Try messages, (hash of its Call-ID, row id) of each; what lies in damaged blocks fulfils nothing."""
        in_order = sorted(messages, key=lambda message: message[1])
        for start in range(0, len(in_order), MESSAGES_AT_ONCE):
            part = in_order[start : start + MESSAGES_AT_ONCE]
            payloads = await stored.once(self._database, table, [row for _, row in part])
            await asyncio.to_thread(self._try, part, payloads)

    def _try(self, messages: Sequence[tuple[int, int]], payloads: dict[int, bytes]) -> None:
        for hash_, row in messages:
            payload = payloads.get(row, b"")
            for matches, true in self._terms:
                if hash_ not in true and matches(payload):
                    true.add(hash_)
