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
from appliance.cli.instance import WRONG_USAGE, fail
from appliance.cli.search_files import asked, messages_of, save
from appliance.cli.search_table import table
from appliance.export import as_csv
from appliance.export.answer import answer
from appliance.model.rows import Page
from appliance.query.errors import TimeError
from appliance.query.times import time_range
from appliance.storage.connection import Database
from appliance.storage.search import MAX_ROWS, Question, search


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


Line = Annotated[list[str] | None, typer.Argument(metavar="QUERY", help="the query line; without it everything")]
From = Annotated[str | None, typer.Option("--from", help="2026-11-23T10:00 (UTC), epoch seconds, -3h")]
To = Annotated[str | None, typer.Option("--to", help="the same; not included", show_default="now")]
Viewed = Annotated[View, typer.Option("--view", help="what a row is")]
As = Annotated[
    Format,
    typer.Option("--format", help="how to write them; text and pcap are of the messages, of calls all of theirs"),
]
Rows = Annotated[int, typer.Option("--limit", min=1, help="rows at most, the newest first; not of text and pcap")]
Output = Annotated[Path | None, typer.Option("-o", "--output", help="file to write", show_default="standard output")]


@app.command(name="search")
def command(
    query: Line = None,
    from_: From = None,
    to: To = None,
    view: Viewed = View.CALLS,
    format_: As = Format.TABLE,
    limit: Rows = 100,
    output: Output = None,
    config: Config = None,
    data_dir: DataDir = None,
) -> None:
    """Search what is stored; without times the last hour."""
    question = _question(" ".join(query or ()), from_, to, view)
    if format_ in (Format.TEXT, Format.PCAP):
        notes = messages_of(question, format_.value, output, config, data_dir)
    else:
        page = _found(question, limit, config, data_dir)
        save(output, _written(question, page, format_))
        notes = page.notes
    for note in notes:
        print(f"hepbox: {note}", file=sys.stderr)


def _question(line: str, from_: str | None, to: str | None, view: View) -> Question:
    try:
        range_ = time_range(from_, to, time.time_ns() // 1000)
    except TimeError as error:
        fail(f"--{error.where}: {error}", WRONG_USAGE)
    return Question(line, range_.from_us, range_.to_us, view.value)


def _found(question: Question, limit: int, config: Path | None, data_dir: Path | None) -> Page:
    return asked(lambda database, site: _pages(database, site, question, limit), config, data_dir)


async def _pages(database: Database, site: str, question: Question, limit: int) -> Page:
    """As many pages as `limit` rows need, as one."""
    first = page = await search(database, site, replace(question, limit=min(limit, MAX_ROWS)))
    rows: list[Any] = list(page.rows)
    while page.next is not None and len(rows) < limit and not page.notes:
        wanted = min(limit - len(rows), MAX_ROWS)
        page = await search(database, site, replace(question, limit=wanted, cursor=page.next))
        rows += page.rows
    return replace(first, rows=tuple(rows), next=page.next, notes=page.notes)


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
