"""Values that were seen lately, for completing a query: from the newest rows by their primary key, never a scan."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from appliance.model.kinds import DailyTable, Kind, calls_table, day_of
from appliance.model.octets import text
from appliance.storage import daily_tables
from appliance.storage.connection import Database, Row
from appliance.storage.search.condition import Condition
from appliance.storage.search.statements import TimeOver, select

Counted = dict[str, Counter[bytes]]
"""Values by field, with how often each was seen."""

ROWS = 2000
"""The newest of each sort of table."""
MOST_OF_A_FIELD = 300
SECONDS = 0.3
"""For each statement; what takes longer is left out."""
DAYS = 2

_OF_CALLS: Mapping[str, tuple[str, ...]] = {
    "from": ("from_user", "pid_user"),
    "to": ("to_user",),
    "ruri": ("ruri_user",),
    "user": ("from_user", "to_user", "ruri_user"),
    "domain": ("from_domain", "to_domain"),
    "callid": ("callid",),
    "ua": ("user_agent",),
    "src": ("source_ip",),
    "dst": ("destination_ip",),
    "ip": ("source_ip", "destination_ip"),
    "reason": ("reply_reason",),
    "cause": ("causes",),
    "codec": ("codecs",),
    "node": ("nodes",),
    "fromcountry": ("from_country",),
    "tocountry": ("to_country",),
    "country": ("countries",),
}
_OF_MESSAGES: Mapping[str, tuple[str, ...]] = {
    "from": ("from_user",),
    "to": ("to_user",),
    "user": ("from_user", "to_user"),
    "domain": ("from_domain", "to_domain", "ruri_domain"),
    "contact": ("contact_user",),
    "pai": ("pid_user",),
    "authuser": ("auth_user",),
    "diversion": ("diversion",),
    "leg": ("callid_aleg",),
    "correlation": ("correlation_id",),
    "ua": ("user_agent",),
    "reason": ("reply_reason", "reason"),
    "contenttype": ("content_type",),
    "problems": ("problems",),
    "node": ("node",),
    "src": ("source_ip",),
    "dst": ("destination_ip",),
    "ip": ("source_ip", "destination_ip"),
}
_LISTS = frozenset({"causes", "codecs", "nodes", "countries", "problems"})
"""Columns of words joined by commas."""
_ALIKE = {"agent": "node"}


async def lately(database: Database, now_us: int) -> dict[str, tuple[str, ...]]:
    """Values by field of the query, the most frequent first. Raises DatabaseError."""
    names = frozenset(await daily_tables.all_names(database))
    today = day_of(now_us)
    counted: Counted = {}
    await _count(database, _calls(names, today), "started", _OF_CALLS, counted)
    for kind in (Kind.CALL, Kind.REGISTRATION, Kind.REST):
        await _count(database, _messages(names, today, kind), "micro_ts", _OF_MESSAGES, counted)
    found = {
        field: tuple(text(value) for value, _ in values.most_common(MOST_OF_A_FIELD))
        for field, values in counted.items()
    }
    return {**found, **{field: found[other] for field, other in _ALIKE.items() if other in found}}


def newest(table: str, columns: Sequence[str], order: str, most: int) -> str:
    """SELECT of the newest rows by the key that begins with `order`; the server would rather sort the whole table."""
    key = "started" if order == "started" else "PRIMARY"
    return (
        f"SELECT {', '.join(columns)} FROM `{table}` FORCE INDEX (`{key}`)"  # noqa: S608
        f" ORDER BY {order} DESC LIMIT {most:d}"
    )


def _days(names: Iterable[str], today: date) -> list[date]:
    """The newest days with tables; those of days to come are made ahead and empty."""
    days = {table.day for table in map(daily_tables.parsed, names) if table is not None}
    return sorted((day for day in days if day <= today), reverse=True)[:DAYS]


def _calls(names: frozenset[str], today: date) -> list[str]:
    return [calls_table(day) for day in _days(names, today) if calls_table(day) in names]


def _messages(names: frozenset[str], today: date, kind: Kind) -> list[str]:
    tables = [DailyTable(day, kind).name for day in _days(names, today)]
    return [table for table in tables if table in names]


async def _count(
    database: Database,
    tables: Sequence[str],
    order: str,
    fields: Mapping[str, tuple[str, ...]],
    counted: Counted,
    most: int = ROWS,
) -> None:
    """Add what the newest rows hold to `counted`."""
    columns = tuple(dict.fromkeys(column for named in fields.values() for column in named))
    left = most
    for table in tables:
        try:
            rows = await select(database, Condition(newest(table, columns, order, left)), SECONDS)
        except TimeOver:
            return
        _add(rows, columns, fields, counted)
        left -= len(rows)
        if left <= 0:
            return


def _add(
    rows: Sequence[Row],
    columns: Sequence[str],
    fields: Mapping[str, tuple[str, ...]],
    counted: Counted,
) -> None:
    of_column: dict[str, Counter[bytes]] = {}
    for place, column in enumerate(columns):
        values = Counter(bytes(row[place]) for row in rows if row[place])
        of_column[column] = _words(values) if column in _LISTS else values
    for field, named in fields.items():
        for column in named:
            counted.setdefault(field, Counter()).update(of_column[column])


def _words(lists: Counter[bytes]) -> Counter[bytes]:
    words: Counter[bytes] = Counter()
    for joined, times in lists.items():
        for word in joined.split(b","):
            words[word] += times
    return words
