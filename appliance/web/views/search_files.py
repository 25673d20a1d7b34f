"""/search.csv and /search.json: all rows of a query as a file.

A CSV has every field of a row, or those that `columns=` names.
The rows are gathered page by page, on disk when they are many, before the answer begins: what goes wrong is then a
sentence and not half a file, and a file that has not all rows says so in its name and in a header.
"""

import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import IO

from starlette.responses import Response, StreamingResponse

from appliance.export import as_csv
from appliance.export.answer import Row, answer, row
from appliance.model.rows import Page
from appliance.storage.audit import Action
from appliance.storage.search import MAX_ROWS, SearchTimeout
from appliance.web import asking, audit_trail, chosen_columns, errors
from appliance.web.api import v1
from appliance.web.asking import Asked
from appliance.web.patience import while_wanted
from appliance.web.state import Request, now_us
from appliance.web.wording import minute, sentence

MOST_ROWS = 50_000
MOST_SECONDS = 45.0
"""Proxies wait for a minute."""
INCOMPLETE = "Hepbox-Incomplete"
"""The header that says what is missing."""
_IN_MEMORY = 4 << 20
_CHUNK = 1 << 16

Rows = Iterable[Row]


@dataclass(frozen=True, slots=True)
class Format:
    """How a file is written: `begin` from the fields' names, `rows` of a page, `between` where two meet."""

    name: str
    kind: str
    begin: Callable[[Sequence[str]], str]
    rows: Callable[[Sequence[str], Rows], str]
    between: str = ""


def _json_begin(_names: Sequence[str]) -> str:
    return '{"rows":[\n'


def _json_rows(_names: Sequence[str], rows: Rows) -> str:
    return ",\n".join(v1.dump(row(each)) for each in rows)


_CSV = Format("csv", "text/csv; charset=utf-8", as_csv.heading, as_csv.lines)
_JSON = Format("json", "application/json", _json_begin, _json_rows, ",\n")


@while_wanted
async def csv(request: Request) -> Response:
    """All rows of the query as CSV; of more than 50 000 the newest, and the name of the file says so."""
    return await _file(request, _CSV)


@while_wanted
async def json(request: Request) -> Response:
    """The same as JSON, in the API's words."""
    return await _file(request, _JSON)


async def _file(request: Request, form: Format) -> Response:
    asked = asking.of(request.query_params, MAX_ROWS)
    file: IO[bytes] = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - closed by _read
    try:
        asked = asking.resolved(asked, now_us()).in_order_of_time
        gathered = await _gather(request, asked, form, _names(request, asked), file)
    except asking.PROBLEMS as error:
        problem = asking.problem_of(error, asked)
        return errors.answer(request, problem.status, sentence(problem.sentence), where=problem.where)
    if form is _JSON:
        file.write(_tail(asked, gathered))
    await audit_trail.write(request, Action.EXPORTED, f"{form.name} {asked.words}")
    name = f"hepbox-{asked.view}-{minute(asked.from_us).replace(' ', '-').replace(':', '')}"
    said = {INCOMPLETE: " ".join(sentence(note) for note in gathered.notes)} if gathered.notes else {}
    name += "-incomplete" if gathered.notes else ""
    headers = {"Content-Disposition": f'attachment; filename="{name}.{form.name}"', **said}
    return StreamingResponse(_read(file), media_type=form.kind, headers=headers)


def _names(request: Request, asked: Asked) -> Sequence[str]:
    """Raises BadArgument."""
    chosen = request.query_params.get("columns", "")
    return chosen_columns.of_address(asked.view, chosen).names if chosen else as_csv.names_of(asked.view)


async def _gather(request: Request, asked: Asked, form: Format, names: Sequence[str], file: IO[bytes]) -> Page:
    """Write all pages; returns the last without rows, its notes what the file has not. Raises one of PROBLEMS."""
    deadline = time.monotonic() + MOST_SECONDS
    first = found = await asking.answer(request, asked)
    file.write(form.begin(names).encode())
    rows = _write(file, form, names, found, 0)
    while found.next is not None:
        if rows >= MOST_ROWS or time.monotonic() > deadline:
            why = "there are more" if rows >= MOST_ROWS else "the time for a file was over"
            note = f"these are the {asked.sort.order} {rows} rows; {why}: choose a shorter time"
            return replace(first, rows=(), next=found.next, notes=(note,))
        try:
            found = await asking.answer(request, asked.after(found.next))
        except SearchTimeout as error:
            return replace(first, rows=(), next=found.next, notes=(str(error),))
        rows = _write(file, form, names, found, rows)
    return replace(first, rows=(), next=None, notes=found.notes)


def _write(file: IO[bytes], form: Format, names: Sequence[str], found: Page, before: int) -> int:
    """Returns how many rows the file has then."""
    text = form.rows(names, found.rows)
    file.write(((form.between if before and text else "") + text).encode())
    return before + len(found.rows)


def _tail(asked: Asked, gathered: Page) -> bytes:
    about = answer(asked.q, asked.view, asked.from_us, asked.to_us, gathered)
    del about["rows"]
    return f"\n],{v1.dump({**about, 'complete': not gathered.notes})[1:]}\n".encode()


def _read(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        file.seek(0)
        while chunk := file.read(_CHUNK):
            yield chunk
