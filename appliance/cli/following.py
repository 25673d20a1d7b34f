"""`hepbox search --follow`: what fits a query as it is stored, until the command is ended.

The same as the page /live, without its bounds on what is shown: what the writers tell is tried whole.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Callable, Sequence

from appliance.buffer.connection import BufferError, open_async
from appliance.buffer.live import Channel, Listening
from appliance.cli.instance import WRONG_USAGE, fail, with_database
from appliance.cli.search_table import table
from appliance.export import as_csv
from appliance.export.answer import row as api_row
from appliance.model.aliases import NONE
from appliance.model.octets import shown
from appliance.model.rows import MessageRow
from appliance.query.aliased import asks_for_names
from appliance.query.errors import QueryError
from appliance.query.parse import parse
from appliance.query.tree import Node
from appliance.settings import RedisSettings, Settings
from appliance.storage import aliases, announced
from appliance.web.live import asked
from appliance.web.live.told import Fulfilment, Row, Shown, channel_of, decoded
from appliance.web.live.told import shown as shown_as

WAIT_SECONDS = 60.0
FORMATS = ("table", "json", "csv")
_WIDTHS = {
    "messages": (23, 8, 9, 16, 16, 21, 21, 5),
    "calls": (23, 10, 6, 16, 16, 15, 15, 7),
    "quality": (23, 9, 4, 6, 9, 8, 21, 21, 8),
    "logs": (23, 6, 8, 32),
}
"""Columns that stay in line although no later row is known yet."""

Written = Callable[[Sequence[Shown]], str]


def follow(settings: Settings, site: str, line: str, view: str, form: str) -> None:
    """Print rows until interrupted; ends the process with a sentence when they cannot be had."""
    if view not in asked.VIEWS or form not in FORMATS:
        fail(f"--follow is of --view {' or '.join(asked.VIEWS)} and --format {', '.join(FORMATS)}", WRONG_USAGE)
    try:
        known = with_database(settings, aliases.read) if asks_for_names(parse(line)) else NONE
        root = asked.read(line, view, known)
    except QueryError as error:
        fail(shown(str(error)), WRONG_USAGE)
    lines_of = written(view, form)
    try:
        asyncio.run(_print(settings.redis, site, root, view, lines_of))
    except (BufferError, OSError) as error:
        fail(f"Redis does not answer: {error}; is `hepbox run` running with these settings?")
    except announced.Unreadable as error:
        fail(f"what the writers tell cannot be read: {error}; is this the version that runs?")
    except KeyboardInterrupt:
        return


async def _print(redis: RedisSettings, site: str, root: Node | None, view: str, lines_of: Written) -> None:
    async for rows in found(redis, site, root, view):
        sys.stdout.write(lines_of(rows).encode("utf-8", "replace").decode("utf-8"))
        sys.stdout.flush()


async def found(redis: RedisSettings, site: str, root: Node | None, view: str) -> AsyncIterator[list[Shown]]:
    """Rows that fit, as they are told; first none, once they are heard. Raises BufferError or OSError."""
    fulfils, channel = Fulfilment(root, view), channel_of(root, view)
    client = open_async(redis)
    try:
        async with Listening(client) as listening:
            await listening.to([channel])
            yield []
            while True:
                heard = await listening.next(WAIT_SECONDS)
                rows = [shown_as(row, view) for row in _told(site, *heard) if fulfils(row)] if heard else []
                if rows:
                    yield rows
    finally:
        await client.aclose()


def _told(site: str, channel: Channel, body: bytes) -> list[Row]:
    rows = list(decoded(site, channel, body)[1])
    if channel is not Channel.TEXTS:
        return rows
    return [row for row in rows if isinstance(row, MessageRow) and row.raw is not None]


def written(view: str, form: str) -> Written:
    """How rows are printed; what stands above them comes with the first, of which there are none yet."""
    if form == "json":
        return lambda rows: "".join(json.dumps(api_row(row), ensure_ascii=False) + "\n" for row in rows)
    if form == "csv":
        names = as_csv.names_of(view)
        return lambda rows: as_csv.lines(names, rows) if rows else as_csv.heading(names)
    return lambda rows: "".join(f"{line}\n" for line in table(rows, _WIDTHS[view])[1:])
