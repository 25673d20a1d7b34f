"""Asking in tests: every search over four days around noon, and tables of cases."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from appliance.model.rows import Page
from appliance.storage.connection import Database
from appliance.storage.search import Question, search
from tests.query.corpus import ALIASES
from tests.storage.search.stored import HOUR, NOON


async def asked(database: Database, line: str, view: str = "messages") -> Page:
    question = Question(line, NOON - 48 * HOUR, NOON + 48 * HOUR, view, aliases=ALIASES)
    return await search(database, "hep1", question)


async def callids(database: Database, line: str, view: str = "messages") -> list[str]:
    return [row.callid for row in (await asked(database, line, view)).rows]


def cases(table: str) -> list[tuple[str, str]]:
    """Lines `query  what it finds`, with `-` for nothing."""
    pairs = [line.rsplit(None, 1) for line in table.strip().splitlines()]
    return [(line.rstrip(), "" if found == "-" else found) for line, found in pairs]


@asynccontextmanager
async def locked(database: Database, table: str) -> AsyncIterator[None]:
    """Whoever reads the table waits."""
    async with database.connection() as connection, connection.cursor() as cursor:
        await cursor.execute(f"LOCK TABLES `{table}` WRITE")
        yield
        await cursor.execute("UNLOCK TABLES")
