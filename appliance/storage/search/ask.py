"""One search: read the line, walk the days in order, count, and say what was not looked at."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from appliance.calls.copies import fold_copies, hop
from appliance.matching.filter import reads_octets
from appliance.model.dialogs import DialogRow
from appliance.model.kinds import DAY_US, day_start_us, days_between
from appliance.model.quality import LogRow, QualityRow
from appliance.model.registrations import RegistrationRow
from appliance.model.rows import CallRow, MessageRow, Page, Rows, SiteAnswer, Total
from appliance.query.aliased import with_aliases
from appliance.query.custom import with_headers
from appliance.query.parse import parse
from appliance.query.tree import Node
from appliance.storage import daily_tables
from appliance.storage.connection import Database
from appliance.storage.search import allowed, catalogue, plan, scan, totals
from appliance.storage.search import cursor as cursors
from appliance.storage.search.beside import split
from appliance.storage.search.calls import Calls
from appliance.storage.search.clock import Clock
from appliance.storage.search.dialogs import Dialogs
from appliance.storage.search.logs import Logs
from appliance.storage.search.messages import Messages
from appliance.storage.search.quality import Quality
from appliance.storage.search.question import (
    FOLDED,
    MAX_ROWS,
    VIEWS,
    Limits,
    Order,
    Question,
    SearchTimeout,
    Unsearchable,
)
from appliance.storage.search.read_calls import ReadCalls
from appliance.storage.search.registrations import Registrations
from appliance.storage.search.source import Found, Source, Span, Telling
from appliance.storage.search.statements import TimeOver

_DEFAULT_LIMITS = Limits()
_READ = {"calls": "calls", "quality": "reports", "registrations": "registrations"}
"""What a view reads through, where that is not messages."""


async def search(database: Database, site: str, question: Question, limits: Limits = _DEFAULT_LIMITS) -> Page:
    """One page of the answer, in the order of the question.

    Raises QueryError (of it Unsearchable), BadCursor, SearchTimeout, DatabaseError. When it is cancelled, what it
    runs in the database is ended.
    """
    clock = Clock(limits.seconds)
    root = root_of(question)
    held = cursors.read(question, question.cursor) if question.cursor else None
    oldest_first = question.order is Order.OLDEST_FIRST and question.view not in FOLDED
    span = Span(question.from_us, question.to_us, None, oldest_first)
    if held:
        span = Span(held.from_us, held.to_us, held.key, oldest_first)
    names = await catalogue.names(database)
    source, seconds = source_of(database, site, question, root, plan.Tables(names, span.from_us), span, limits)
    limit = max(1, min(question.limit, MAX_ROWS))
    reach = source.reach if isinstance(source, Registrations) else span
    days = days_of(reach, names)
    gathered = await _gather(source, reach, days, limit, Clock(seconds), _READ.get(question.view, "messages"))
    total = held.total if held else await _total(database, source, days, gathered, limits)
    following = gathered.following and cursors.written(
        question, cursors.Cursor(span.from_us, span.to_us, gathered.following, total)
    )
    answered = (SiteAnswer(site, ok=True, ms=clock.used_ms),)
    looked = await source.looked() if isinstance(source, Telling) else ()
    return Page(_rows(question.view, gathered.found), following, total, answered, gathered.notes, looked)


def continued(question: Question) -> Question:
    """The question with the range that its cursor holds, as it is to be echoed. Raises BadCursor."""
    if question.cursor is None:
        return question
    held = cursors.read(question, question.cursor)
    return replace(question, from_us=held.from_us, to_us=held.to_us)


def root_of(question: Question) -> Node | None:
    """The tree of its line, which its view can answer. Raises QueryError."""
    if question.view not in VIEWS:
        raise Unsearchable(f"the view {question.view} is not there yet; there are {', '.join(VIEWS)}")
    query = with_headers(parse(question.line), question.custom_headers)
    root = with_aliases(query, question.aliases, question.view).root
    allowed.check(root, question.view)
    return root


def source_of(
    database: Database,
    site: str,
    question: Question,
    root: Node | None,
    tables: plan.Tables,
    span: Span,
    limits: Limits,
) -> tuple[Source, float]:
    """Where the rows of its view come from, and how long that may take."""
    view = question.view
    if view == "calls" and root is not None and reads_octets(root):
        return _read_calls(database, question, root, tables, span, limits), limits.text_seconds
    if view == "calls":
        return Calls(database, tables, root, span, question.legs == "apart"), limits.seconds
    if view == "quality":
        return Quality(database, site, tables, root, span), limits.seconds
    if view == "registrations":
        return Registrations(database, tables, root, span), limits.seconds
    if view == "dialogs":
        seconds = min(limits.seconds, limits.text_seconds)
        return Dialogs(database, tables, root, span, limits, question.options == "apart"), seconds
    if view == "logs":
        reads = reads_octets(root)
        return Logs(database, site, tables, root, span, limits), limits.text_seconds if reads else limits.seconds
    if root is not None and reads_octets(root):
        return scan.Scan(database, site, tables, root, span, limits), limits.text_seconds
    return Messages(database, site, tables, root, span), limits.seconds


def _read_calls(
    database: Database, question: Question, root: Node, tables: plan.Tables, span: Span, limits: Limits
) -> ReadCalls:
    by_columns, by_reading = split(root)
    assert by_reading is not None
    return ReadCalls(database, tables, by_columns, by_reading, span, limits, question.legs == "apart")


@dataclass(frozen=True, slots=True)
class _Gathered:
    found: Sequence[Found]
    following: cursors.MessageKey | None
    """After which key there is more, or may be."""
    notes: tuple[str, ...] = ()


async def _gather(source: Source, span: Span, days: Sequence[date], limit: int, clock: Clock, noun: str) -> _Gathered:
    found: list[Found] = []
    for day in days:
        try:
            found += await source.of_day(day, limit + 1 - len(found), clock.left)
        except TimeOver as error:
            note = _not_looked_at(span, day, found)
            if not found:
                raise SearchTimeout(note) from error
            return _Gathered(found, found[-1].last_key, (note,))
        if len(found) > limit:
            return _Gathered(found[:limit], found[limit - 1].last_key)
        if source.stopped_at is not None:
            return _Gathered(found, source.stopped_at, (_read_until(noun, span, source.stopped_at),))
    return _Gathered(found, None)


def days_of(span: Span, names: Iterable[str]) -> list[date]:
    """The days of the span that have tables, in its order: a span may reach over centuries."""
    kept = {table.day for table in map(daily_tables.parsed, names) if table is not None}
    start, end = span.left
    asked = [day for day in kept if day_start_us(day) < end and start < day_start_us(day) + DAY_US]
    return sorted(asked, reverse=not span.oldest_first) if start < end else []


def _not_looked_at(span: Span, day: date, found: Sequence[Found]) -> str:
    inside = days_between(span.from_us, span.to_us)
    first, last = (day, inside[0]) if span.oldest_first else (inside[-1], day)
    days = f"{day}" if first == last else f"{first} to {last}"
    older = "newer" if span.oldest_first else "older"
    what = f"{older} rows of these days are missing" if found else "nothing was found before it was over"
    return f"the time for a search was over; not looked at (or not to the end): {days}; {what}; choose a shorter time"


def _read_until(noun: str, span: Span, key: cursors.MessageKey) -> str:
    moment = datetime.fromtimestamp(key[0] // 1_000_000, UTC)
    back, older = ("up", "newer") if span.oldest_first else ("back", "older")
    return f"{noun} were read {back} to {moment:%Y-%m-%d %H:%M:%S} UTC; {older} ones are on the next page"


async def _total(
    database: Database, source: Source, days: Sequence[date], gathered: _Gathered, limits: Limits
) -> Total:
    """How many rows there are: counted, or the bound that time and number allow."""
    if gathered.following is None:
        return Total(len(gathered.found), exact=True)
    seen = len(gathered.found)
    if gathered.notes:
        return Total(seen, exact=False)  # the time is over already
    total = await totals.counted(database, source, days, limits)
    count = min(max(total.count, seen), max(limits.count_rows, seen))
    return Total(count, total.exact and total.count <= limits.count_rows)


def _rows(view: str, found: Sequence[Found]) -> Rows:
    if view == "calls":
        return tuple(each.row for each in found if isinstance(each.row, CallRow))
    if view == "quality":
        return tuple(each.row for each in found if isinstance(each.row, QualityRow))
    if view == "logs":
        return tuple(each.row for each in found if isinstance(each.row, LogRow))
    if view == "registrations":
        return tuple(each.row for each in found if isinstance(each.row, RegistrationRow))
    if view == "dialogs":
        return tuple(each.row for each in found if isinstance(each.row, DialogRow))
    return _with_copies([each.row for each in found if isinstance(each.row, MessageRow)])


def _with_copies(rows: Sequence[MessageRow]) -> tuple[MessageRow, ...]:
    """Every row stays; `copies` says how many rows of this page are one message on the wire."""
    counted: dict[object, list[MessageRow]] = {}
    for message in fold_copies(rows):
        counted.setdefault((message.payload_hash, hop(message)), []).append(message)
    return tuple(_counted(row, counted[row.payload_hash, hop(row)]) for row in rows)


def _counted(row: MessageRow, messages: Sequence[MessageRow]) -> MessageRow:
    """The row with the count of the latest of these messages that began before it; they are in order of time."""
    begun = [message for message in messages if message.ts <= row.ts] or messages
    return row if begun[-1].copies == row.copies else replace(row, copies=begun[-1].copies)
