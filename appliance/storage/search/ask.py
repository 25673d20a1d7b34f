"""One search: read the line, walk the days from the newest, count, and say what was not looked at."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from appliance.calls.copies import fold_copies, hop
from appliance.model.kinds import DAY_US, day_start_us, days_between
from appliance.model.quality import LogRow, QualityRow
from appliance.model.rows import CallRow, MessageRow, Page, Rows, SiteAnswer, Total
from appliance.query.parse import parse
from appliance.query.tree import Node
from appliance.storage import daily_tables
from appliance.storage.connection import Database
from appliance.storage.search import allowed, plan, scan
from appliance.storage.search import cursor as cursors
from appliance.storage.search.calls import Calls
from appliance.storage.search.clock import Clock
from appliance.storage.search.logs import Logs
from appliance.storage.search.messages import Messages
from appliance.storage.search.quality import Quality
from appliance.storage.search.question import MAX_ROWS, VIEWS, Limits, Question, SearchTimeout, Unsearchable
from appliance.storage.search.source import Found, Source, Span
from appliance.storage.search.statements import TimeOver, select

_DEFAULT_LIMITS = Limits()


async def search(database: Database, site: str, question: Question, limits: Limits = _DEFAULT_LIMITS) -> Page:
    """One page of the answer, newest first.

    Raises QueryError (of it Unsearchable), BadCursor, SearchTimeout, DatabaseError. When it is cancelled, what it
    runs in the database is ended.
    """
    clock = Clock(limits.seconds)
    root = _read(question)
    held = cursors.read(question, question.cursor) if question.cursor else None
    span = Span(held.from_us, held.to_us, held.key) if held else Span(question.from_us, question.to_us, None)
    names = frozenset(await daily_tables.all_names(database))
    source, seconds = _source(database, site, question, root, plan.Tables(names, span.from_us), span, limits)
    limit = max(1, min(question.limit, MAX_ROWS))
    days = _days(span, names)
    gathered = await _gather(source, span, days, limit, Clock(seconds))
    total = held.total if held else await _total(database, source, days, gathered, limits)
    following = gathered.following and cursors.written(
        question, cursors.Cursor(span.from_us, span.to_us, gathered.following, total)
    )
    answered = (SiteAnswer(site, ok=True, ms=clock.used_ms),)
    return Page(_rows(question.view, gathered.found), following, total, answered, gathered.notes)


def continued(question: Question) -> Question:
    """The question with the range that its cursor holds, as it is to be echoed. Raises BadCursor."""
    if question.cursor is None:
        return question
    held = cursors.read(question, question.cursor)
    return replace(question, from_us=held.from_us, to_us=held.to_us)


def _read(question: Question) -> Node | None:
    if question.view not in VIEWS:
        raise Unsearchable(f"the view {question.view} is not there yet; there are {', '.join(VIEWS)}")
    root = parse(question.line).root
    allowed.check(root, question.view)
    return root


def _source(
    database: Database,
    site: str,
    question: Question,
    root: Node | None,
    tables: plan.Tables,
    span: Span,
    limits: Limits,
) -> tuple[Source, float]:
    view = question.view
    if view == "calls":
        return Calls(database, tables, root, span, question.legs == "apart"), limits.seconds
    if view == "quality":
        return Quality(database, site, tables, root, span), limits.seconds
    if view == "logs":
        reads = root is not None and scan.is_needed(root)
        return Logs(database, site, tables, root, span, limits), limits.text_seconds if reads else limits.seconds
    if root is not None and scan.is_needed(root):
        return scan.Scan(database, site, tables, root, span, limits), limits.text_seconds
    return Messages(database, site, tables, root, span), limits.seconds


@dataclass(frozen=True, slots=True)
class _Gathered:
    found: Sequence[Found]
    following: cursors.MessageKey | None
    """After which key there is more, or may be."""
    notes: tuple[str, ...] = ()


async def _gather(source: Source, span: Span, days: Sequence[date], limit: int, clock: Clock) -> _Gathered:
    found: list[Found] = []
    for day in days:
        try:
            found += await source.of_day(day, limit + 1 - len(found), clock.left)
        except TimeOver as error:
            note = _not_looked_at(span, day, found)
            if not found:
                raise SearchTimeout(note) from error
            return _Gathered(found, found[-1].key, (note,))
        if len(found) > limit:
            return _Gathered(found[:limit], found[limit - 1].key)
        if source.stopped_at is not None:
            return _Gathered(found, source.stopped_at, (_read_until(source.stopped_at),))
    return _Gathered(found, None)


def _days(span: Span, names: Iterable[str]) -> list[date]:
    """The days of the span that have tables, newest first: a span may reach over centuries."""
    kept = {table.day for table in map(daily_tables.parsed, names) if table is not None}
    last_us = min(span.to_us, span.after[0] + 1) if span.after else span.to_us
    asked = [day for day in kept if day_start_us(day) < last_us and span.from_us < day_start_us(day) + DAY_US]
    return sorted(asked, reverse=True) if span.from_us < last_us else []


def _not_looked_at(span: Span, day: date, found: Sequence[Found]) -> str:
    oldest = days_between(span.from_us, span.to_us)[-1]
    days = f"{day}" if day == oldest else f"{oldest} to {day}"
    what = "older rows of these days are missing" if found else "nothing was found before it was over"
    return f"the time for a search was over; not looked at (or not to the end): {days}; {what}; choose a shorter time"


def _read_until(key: cursors.MessageKey) -> str:
    moment = datetime.fromtimestamp(key[0] // 1_000_000, UTC)
    return f"messages were read back to {moment:%Y-%m-%d %H:%M:%S} UTC; older ones are on the next page"


async def _total(
    database: Database, source: Source, days: Sequence[date], gathered: _Gathered, limits: Limits
) -> Total:
    """How many rows there are: counted, or the bound that time and number allow."""
    if gathered.following is None:
        return Total(len(gathered.found), exact=True)
    clock, count, seen = Clock(limits.count_seconds), 0, len(gathered.found)
    for day in days:
        statements = source.counts(day, limits.count_rows + 1)
        if statements is None:
            return Total(seen, exact=False)
        for statement in statements:
            try:
                ((counted,),) = await select(database, statement, clock.left)
            except TimeOver:
                return Total(max(count, seen), exact=False)
            except ValueError:
                continue  # the table was dropped meanwhile
            count += counted
            if count > limits.count_rows:
                return Total(limits.count_rows, exact=False)
    return Total(max(count, seen), exact=True)


def _rows(view: str, found: Sequence[Found]) -> Rows:
    if view == "calls":
        return tuple(each.row for each in found if isinstance(each.row, CallRow))
    if view == "quality":
        return tuple(each.row for each in found if isinstance(each.row, QualityRow))
    if view == "logs":
        return tuple(each.row for each in found if isinstance(each.row, LogRow))
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
