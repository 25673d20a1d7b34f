"""Do the database and Redis answer, and are they what hepbox needs?"""

import asyncio
from collections.abc import Iterator

from appliance.buffer import examine as buffer_server
from appliance.buffer.connection import BufferError
from appliance.cli.checks.finding import Finding, note, ok, wrong
from appliance.settings import MysqlSettings, RedisSettings, Settings
from appliance.storage import examine as storage_server
from appliance.storage.connection import Database, DatabaseError
from appliance.storage.examine import ServerFacts

OLDEST = {True: (10, 6), False: (8, 0)}
"""MariaDB (True) and MySQL (False)."""
STATEMENT_BYTES = 16 << 20


def examine(settings: Settings) -> Iterator[Finding]:
    yield from _database(settings.mysql)
    yield from _redis(settings.redis)


def _database(settings: MysqlSettings) -> Iterator[Finding]:
    place = str(settings.socket or f"{settings.host}:{settings.port}")
    try:
        facts = asyncio.run(_ask(settings))
    except (DatabaseError, OSError) as error:
        yield _unreachable("database", place, str(error.args[-1]), own=settings.socket is not None, section="mysql")
        return
    yield from judge(facts, place, settings)


async def _ask(settings: MysqlSettings) -> ServerFacts:
    database = await Database.open(settings, size=1)
    try:
        return await storage_server.examine(database)
    finally:
        await database.close()


def judge(facts: ServerFacts, place: str, settings: MysqlSettings) -> Iterator[Finding]:
    """What the server's facts mean."""
    oldest = OLDEST[facts.is_mariadb]
    if facts.number < oldest:
        remedy = f"use MariaDB {_dotted(OLDEST[True])} or MySQL {_dotted(OLDEST[False])} or later"
        yield wrong("database", f"{place} is {facts.version}, which is too old", remedy)
    else:
        yield ok("database", f"{place} answers, {facts.version}")
    if facts.missing_right:
        remedy = f"let a DBA grant {settings.user} all that `hepbox schema` prints"
        yield wrong("database rights", f"{settings.user} lacks {facts.missing_right}", remedy)
    else:
        yield ok("database rights", f"{settings.user} may do all that is needed in {settings.database}")
    if not facts.takes_bulk_loads:
        yield note("bulk loads", "local_infile is OFF, so storing costs several times as much", "set local_infile=ON")
    if facts.longest_statement_bytes < STATEMENT_BYTES:
        said = f"max_allowed_packet is {facts.longest_statement_bytes}"
        yield wrong("statement size", said, f"set max_allowed_packet={STATEMENT_BYTES} on the server")


def _redis(settings: RedisSettings) -> Iterator[Finding]:
    place = str(settings.socket or settings.url.rpartition("@")[2])
    try:
        facts = buffer_server.examine(settings)
    except (BufferError, OSError) as error:
        yield _unreachable("Redis", place, str(error), own=settings.socket is not None, section="redis")
        return
    yield ok("Redis", f"{place} answers, {facts.version}")
    if facts.append_only == "no" or facts.append_fsync not in ("", "always"):
        said = f"appendonly is {facts.append_only}, appendfsync is {facts.append_fsync}"
        yield wrong("Redis on disk", f"{said}, so a crash loses messages", "set appendonly yes and appendfsync always")
    if facts.eviction not in ("", "noeviction"):
        said = f"maxmemory-policy is {facts.eviction}, so a full Redis forgets messages"
        yield wrong("Redis memory", said, "set maxmemory-policy noeviction")


def _unreachable(subject: str, place: str, words: str, *, own: bool, section: str) -> Finding:
    if own:
        return wrong(
            subject,
            f"{place} does not answer: {words}",
            "start hepbox run (systemctl start hepbox); it starts this server",
        )
    return wrong(subject, f"{place} does not answer: {words}", f"see that it runs, and check [{section}] in hepbox.ini")


def _dotted(number: tuple[int, int]) -> str:
    return f"{number[0]}.{number[1]}"
