"""A search that finds pinned calls too after their day was dropped: its rows, with theirs where they belong.

They are few (pins.MOST_PINS) and lie in no table of a day, so they are read and matched here, and laid into the page
that their time belongs to; the cursor goes on from whichever row is the last.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from appliance.matching.filter import Call, Leg, OfCall, Packet, of_calls, of_messages
from appliance.model.ids import callid_hash, parse_message_id
from appliance.model.kinds import DailyTable, calls_table, day_of
from appliance.model.octets import octets
from appliance.model.rows import CallRow, MessageRow, Page, Total
from appliance.query.tree import Node, Word, asks_for_a_port, leaves
from appliance.storage import daily_tables, pinned_rows
from appliance.storage import search as tables
from appliance.storage.connection import Database
from appliance.storage.search import MAX_ROWS, Limits, Order, Question, cursor

VIEWS = ("calls", "messages")
LONGEST_CALL_US = 86_400_000_000
"""Rows are looked for in pins of calls that began so long before, or after: one of its legs may be the earlier."""
FIELDS = frozenset({"callid", "from", "to", "ruri", "user", "src", "dst", "ip"})
"""What people look for a kept call with; its messages and reports are not read to answer anything else."""
CANNOT = (
    "pinned calls whose days were dropped were not looked at: they are found by Call-ID, parties and addresses alone"
)
_DEFAULT_LIMITS = Limits()
_Row = CallRow | MessageRow
_Read = TypeVar("_Read", CallRow, MessageRow)


async def search(
    database: Database, site: str, question: Question, now_us: int, limits: Limits = _DEFAULT_LIMITS
) -> Page:
    """As storage.search.search, and raises what that does."""
    page = await tables.search(database, site, question, limits)
    span = tables.continued(question)
    pins = await _pins(database, span, now_us) if question.view in VIEWS else []
    if not pins:
        return page
    names = await daily_tables.all_names(database)
    gone = [number for number, call_at in pins if calls_table(day_of(call_at)) not in names]
    if not gone:
        return page
    root = tables.root_of(question)
    if not _can_be_told(root):
        return page if page.next else replace(page, notes=(*page.notes, CANNOT))
    found: Sequence[_Row]
    if question.view == "calls":
        rows = await _rows(database, gone, pinned_rows.call, of_calls=True)
        found = _one_a_call(rows, of_calls(root), question.legs == "apart")
    else:
        test = of_messages(root)
        read = await _rows(database, gone, pinned_rows.message, of_calls=False)
        found = [row for row in read if test(Packet(row))]
    there = {key_of(row): row for row in found if _is_gone(row, names)}
    inside = [row for key, row in there.items() if span.from_us <= key[0] < span.to_us]
    return _laid_in(span, page, inside) if inside else page


def _can_be_told(root: Node | None) -> bool:
    """Whether a row alone tells if it fulfils the query."""
    return all(
        (isinstance(leaf, Word) or leaf.field in FIELDS) and not asks_for_a_port(leaf.value) for leaf in leaves(root)
    )


async def _pins(database: Database, span: Question, now_us: int) -> Sequence[tuple[int, int]]:
    """(id, when the call began) of pins that may have rows within the span."""
    return await database.fetch(
        "SELECT id, call_at FROM pins WHERE keep_until > %s AND call_at BETWEEN %s AND %s",
        (now_us, max(0, span.from_us - LONGEST_CALL_US), span.to_us + LONGEST_CALL_US),
    )


async def _rows(
    database: Database, pins: Sequence[int], read: Callable[[bytes], _Read], *, of_calls: bool
) -> list[_Read]:
    """The calls that were pinned, which have no message id, or their messages."""
    marks = ",".join(["%s"] * len(pins))
    bodies = await database.fetch(
        f"SELECT body FROM pinned_messages WHERE pin_id IN ({marks}) AND (message_id = '') = %s",  # noqa: S608
        (*pins, of_calls),
    )
    return [read(body) for (body,) in bodies]


def _one_a_call(rows: Sequence[CallRow], test: OfCall, apart: bool) -> list[CallRow]:
    """Of joined legs the first; apart each for itself."""
    calls: dict[object, list[CallRow]] = defaultdict(list)
    for row in rows:
        calls[(not apart and row.joined) or key_of(row)].append(row)
    sorted_legs = [sorted(legs, key=lambda row: row.leg) for legs in calls.values()]
    return [legs[0] for legs in sorted_legs if test(Call([Leg(row) for row in legs]))]


def _is_gone(row: _Row, names: set[str]) -> bool:
    """Whether its day has no table any more that would have it."""
    if isinstance(row, CallRow):
        return calls_table(day_of(row.started)) not in names
    return DailyTable(day_of(row.filed_ts), row.kind).name not in names


def key_of(row: Any) -> cursor.MessageKey:
    """By which rows of a view follow one another, as in search.cursor."""
    if isinstance(row, CallRow):
        return row.started, callid_hash(octets(row.callid)), ""
    id_ = parse_message_id(row.id)
    return id_.micro_ts, id_.row, str(id_.kind)


def _laid_in(question: Question, page: Page, rows: Sequence[_Row]) -> Page:
    """The page with those of these rows that belong between its first key and that of the next page."""
    after = cursor.read(question, question.cursor).key if question.cursor else None
    until = cursor.read(question, page.next).key if page.next else None
    oldest_first = question.order is Order.OLDEST_FIRST
    lower, upper = (after, until) if oldest_first else (until, after)
    here = [row for row in rows if (lower is None or key_of(row) > lower) and (upper is None or key_of(row) < upper)]
    merged = sorted([*page.rows, *here], key=key_of, reverse=not oldest_first)
    most = max(1, min(question.limit, MAX_ROWS))
    following, notes = page.next, page.notes
    if len(merged) > most:
        merged = merged[:most]
        last = cursor.Cursor(question.from_us, question.to_us, key_of(merged[-1]), page.total)
        following = cursor.written(question, last)
    if following is None:
        what = "calls are pinned ones" if question.view == "calls" else "messages are of pinned calls"
        notes = (*notes, f"{len(rows)} of these {what}, kept beyond their days")
    total = Total(page.total.count + len(rows), page.total.exact)
    return replace(page, rows=tuple(merged), next=following, total=total, notes=notes)
