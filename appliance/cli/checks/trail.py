"""Is the audit trail what was written?"""

import asyncio
from collections.abc import Iterator

from appliance.cli.checks.finding import Finding, ok, wrong
from appliance.settings import MysqlSettings, Settings
from appliance.storage import audit_chain
from appliance.storage.audit_chain import Chain
from appliance.storage.connection import Database, DatabaseError

REMEDY = "find out who may write to the database, and compare the trail with a backup of it"


def examine(settings: Settings) -> Iterator[Finding]:
    """Nothing while the database does not answer, which servers.py says, or has no trail yet."""
    try:
        chain = asyncio.run(_verify(settings.mysql))
    except (DatabaseError, OSError):
        return
    yield judge(chain)


def judge(chain: Chain) -> Finding:
    if chain.broken:
        return wrong("audit trail", f"it is not what was written: {chain.broken}", REMEDY)
    end = f", up to {chain.head.hex()[:16]}" if chain.lines else ""
    return ok("audit trail", f"{chain.lines} lines as they were written{end}")


async def _verify(settings: MysqlSettings) -> Chain:
    database = await Database.open(settings, size=1)
    try:
        return await audit_chain.verify(database)
    finally:
        await database.close()
