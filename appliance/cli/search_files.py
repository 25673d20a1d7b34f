"""Files of `hepbox search`: where its output goes, and the messages behind a result as text or pcap."""

import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from appliance.cli.instance import WRONG_USAGE, fail, site_of, with_database
from appliance.export import messages_text
from appliance.export.pcap import pcap
from appliance.model.octets import octets, shown
from appliance.model.rows import Page
from appliance.query.errors import QueryError, pointed
from appliance.settings import Settings
from appliance.storage import aliases
from appliance.storage.connection import Database
from appliance.storage.pinned_search import search
from appliance.storage.search import Limits, Question, SearchTimeout
from appliance.web.result_messages import PAGES, VIEWS, Bounds, Gathered, gathered

SECONDS = 600.0

Answer = TypeVar("Answer")


def asked(work: Callable[[Database, str], Awaitable[Answer]], settings: Settings, line: str = "") -> Answer:
    """What a search of the running instance gives; ends the process with a sentence when it cannot be asked.

    Of a wrong `line` a terminal sees the place as well.
    """
    site = site_of(settings)
    try:
        return with_database(settings, lambda database: work(database, site))
    except QueryError as error:
        if line and sys.stderr.isatty():
            print(pointed(line, error.position), file=sys.stderr)
        fail(shown(str(error)), WRONG_USAGE)
    except SearchTimeout as error:
        fail(str(error))


def messages_of(
    question: Question,
    form: str,
    output: Path | None,
    settings: Settings,
    *,
    alone: bool = False,
) -> tuple[str, ...]:
    """Write the messages behind a question's rows as `text` or `pcap`; returns what is missing, in sentences. `alone`:
    of a call those of its own leg only."""
    if question.view not in VIEWS:
        fail(f"--format {form} is of messages: --view {', '.join(VIEWS)}", WRONG_USAGE)
    if form == "pcap" and output is None and sys.stdout.isatty():
        fail("pcap is no text for a terminal; name a file with -o", WRONG_USAGE)
    question = replace(question, limit=PAGES[question.view], options="apart")

    now_us = time.time_ns() // 1000

    async def read(database: Database, site: str) -> Gathered:
        named, limits = replace(question, aliases=await aliases.read(database)), Limits.of(settings.search)

        async def ask(cursor: str | None) -> Page:
            return await search(database, site, replace(named, cursor=cursor), now_us, limits)

        return await gathered(database, site, ask, Bounds(SECONDS), question.from_us, alone=alone)

    found = asked(read, settings, question.line)
    save(output, pcap(found.messages) if form == "pcap" else octets(messages_text.text(found.messages)))
    return found.notes


def save(output: Path | None, content: str | bytes) -> None:
    """To the file, else to standard output."""
    data = content.encode("utf-8", "replace") if isinstance(content, str) else content
    if output is None:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    try:
        output.write_bytes(data)
    except OSError as error:
        fail(f"{output}: cannot be written ({error.strerror})")
