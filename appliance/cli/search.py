"""`hepbox search QUERY`: the GUI's search, as a table for people or as JSON and CSV for programs."""

import json
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from appliance.cli.app import Config, DataDir, app
from appliance.cli.following import follow
from appliance.cli.instance import WRONG_USAGE, fail, read_settings, site_of
from appliance.cli.saved import both, saved_search
from appliance.cli.search_files import asked, messages_of, save
from appliance.cli.search_table import table
from appliance.export import as_csv, searched
from appliance.export.answer import answer
from appliance.model.octets import shown
from appliance.model.rows import Page
from appliance.query.errors import TimeError
from appliance.query.hints import hints
from appliance.query.times import time_range
from appliance.settings import Settings
from appliance.storage import aliases
from appliance.storage.connection import Database
from appliance.storage.pinned_search import search
from appliance.storage.saved_searches import Wanted
from appliance.storage.search import MAX_ROWS, Limits, Question


class Format(StrEnum):
    """How the rows are written."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    TEXT = "text"
    PCAP = "pcap"


class View(StrEnum):
    """What a row is."""

    CALLS = "calls"
    MESSAGES = "messages"
    REGISTRATIONS = "registrations"
    DIALOGS = "dialogs"
    QUALITY = "quality"
    LOGS = "logs"


class Legs(StrEnum):
    """What becomes of the legs of one call."""

    ALL = "all"
    ONE = "one"
    APART = "apart"


Line = Annotated[list[str] | None, typer.Argument(metavar="QUERY", help="the query line; without it everything")]
From = Annotated[str | None, typer.Option("--from", help="2026-11-23T10:00 (UTC), epoch seconds, -3h")]
To = Annotated[str | None, typer.Option("--to", help="the same; not included", show_default="now")]
Viewed = Annotated[View | None, typer.Option("--view", help="what a row is", show_default="calls")]
Saved = Annotated[
    str | None,
    typer.Option("--saved", metavar="NAME", help="a saved search, or USER/NAME of it; QUERY narrows it"),
]
As = Annotated[
    Format,
    typer.Option("--format", help="how to write them; text and pcap are of the messages behind the rows"),
]
Legged = Annotated[
    Legs,
    typer.Option("--legs", help="joined calls as one row: with all their legs' messages, or one's; apart: each a row"),
]
Rows = Annotated[int, typer.Option("--limit", min=1, help="rows at most, the newest first; not of text and pcap")]
Explain = Annotated[bool, typer.Option("--explain", help="also say what was looked at: tables, indexes, rows")]
Follow = Annotated[bool, typer.Option("--follow", help="go on with what is stored from now on, until interrupted")]
Output = Annotated[Path | None, typer.Option("-o", "--output", help="file to write", show_default="standard output")]


@app.command(name="search")
def command(
    query: Line = None,
    from_: From = None,
    to: To = None,
    view: Viewed = None,
    saved: Saved = None,
    format_: As = Format.TABLE,
    legs: Legged = Legs.ALL,
    limit: Rows = 100,
    explain: Explain = False,
    output: Output = None,
    follow_: Follow = False,
    config: Config = None,
    data_dir: DataDir = None,
) -> None:
    """Search what is stored; without times the last hour."""
    settings = read_settings(config, data_dir)
    kept = saved_search(saved, settings) if saved is not None else Wanted("", "")
    line, viewed = both(kept.line, " ".join(query or ())), view.value if view else kept.view
    if follow_:
        if from_ or to or output:
            fail("--follow begins now and prints what comes: leave out --from, --to and --output", WRONG_USAGE)
        follow(settings, site_of(settings), line, viewed, format_.value)
        return
    question = _question(line, from_ or kept.from_ or None, to or kept.to or None, viewed)
    question = replace(
        question, custom_headers=settings.sip.custom_headers, legs="apart" if legs is Legs.APART else "joined"
    )
    if format_ in (Format.TEXT, Format.PCAP):
        notes = messages_of(question, format_.value, output, settings, alone=legs is Legs.ONE)
    else:
        page = _found(question, limit, settings)
        save(output, _written(question, page, format_))
        notes = page.notes
        if explain:
            print("".join(f"{line}\n" for line in searched.lines(page.plan)), end="", file=sys.stderr)
    meant = [f"{hint.sentence} Did you mean {shown(hint.line)}?" for hint in hints(question.line)]
    for note in [*meant, *notes]:
        print(f"hepbox: {note}", file=sys.stderr)


def _question(line: str, from_: str | None, to: str | None, view: str) -> Question:
    try:
        range_ = time_range(from_, to, time.time_ns() // 1000)
    except TimeError as error:
        fail(f"--{error.where}: {error}", WRONG_USAGE)
    return Question(line, range_.from_us, range_.to_us, view)


def _found(question: Question, limit: int, settings: Settings) -> Page:
    limits = Limits.of(settings.search)
    return asked(lambda database, site: _pages(database, site, question, limit, limits), settings, question.line)


async def _pages(database: Database, site: str, question: Question, limit: int, limits: Limits) -> Page:
    """As many pages as `limit` rows need, as one."""
    now_us = time.time_ns() // 1000
    question = replace(question, aliases=await aliases.read(database))
    first = page = await search(database, site, replace(question, limit=min(limit, MAX_ROWS)), now_us, limits)
    rows: list[Any] = list(page.rows)
    plan = list(page.plan)
    while page.next is not None and len(rows) < limit and not page.notes:
        wanted = min(limit - len(rows), MAX_ROWS)
        page = await search(database, site, replace(question, limit=wanted, cursor=page.next), now_us, limits)
        rows += page.rows
        plan += page.plan
    return replace(first, rows=tuple(rows), next=page.next, notes=page.notes, plan=tuple(plan))


def _written(question: Question, page: Page, format_: Format) -> str:
    match format_:
        case Format.JSON:
            whole = answer(question.line, question.view, question.from_us, question.to_us, page)
            return json.dumps(whole, ensure_ascii=False) + "\n"
        case Format.CSV:
            return as_csv.text(question.view, page.rows)
    return _table(page)


def _table(page: Page) -> str:
    total = f"{page.total.count}" if page.total.exact else f"more than {page.total.count}"
    if not page.rows or page.next is not None:
        print(f"hepbox: {_number(page.rows)} of {total}", file=sys.stderr)
    return "".join(f"{line}\n" for line in table(page.rows))


def _number(rows: Sequence[object]) -> str:
    return f"{len(rows)} rows" if rows else "no row"
