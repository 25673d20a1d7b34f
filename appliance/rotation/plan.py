"""The retention plan: which tables to make, which to drop and why. Pure: today is an argument."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from appliance.model.kinds import FAMILY, Kind, calls_table
from appliance.rotation.policy import Policy
from appliance.storage import daily_tables
from appliance.storage.daily_tables import StoredTable, TableName


@dataclass(frozen=True, slots=True)
class Create:
    """A table that is missing."""

    table: TableName
    reason: str


@dataclass(frozen=True, slots=True)
class Drop:
    """A table past its days."""

    stored: StoredTable
    reason: str


@dataclass(frozen=True, slots=True)
class Close:
    """Calls whose day is over: their keys are made anew (storage.closed_days)."""

    stored: StoredTable


@dataclass(frozen=True, slots=True)
class Kept:
    """What stays of one kind; `bytes` on disk, `until` the last UTC day on which its oldest table is there."""

    kind: Kind
    tables: int
    bytes: int
    oldest: date
    until: date


@dataclass(frozen=True, slots=True)
class Plan:
    """In the order in which it is carried out."""

    creates: tuple[Create, ...]
    drops: tuple[Drop, ...]
    closes: tuple[Close, ...]
    kept: tuple[Kept, ...]


def make_plan(
    policy: Policy,
    existing: Sequence[StoredTable],
    today: date,
    imported: Mapping[date, date],
    open_days: Collection[date] = (),
) -> Plan:
    """What to do on this UTC day; `imported` gives for a day with imported captures the day of the import, `open_days`
    are those whose calls have keys of a day that is written."""
    drops = [Drop(stored, _reason(policy, stored.table, today, imported)) for stored in existing
             if today > kept_until(policy, stored.table, imported)]  # fmt: skip
    dropped = {drop.stored.table.name for drop in drops}
    stays = [stored for stored in existing if stored.table.name not in dropped]
    return Plan(
        tuple(_creates(policy, {stored.table.name for stored in existing}, today)),
        tuple(sorted(drops, key=_order)),
        tuple(Close(stored) for stored in stays if _is_to_close(stored.table, today, open_days)),
        tuple(_kept(policy, stays, imported)),
    )


def _is_to_close(table: TableName, today: date, open_days: Collection[date]) -> bool:
    return table.name == calls_table(table.day) and table.day < today and table.day in open_days


def kept_until(policy: Policy, table: TableName, imported: Mapping[date, date]) -> date:
    """The last UTC day on which the table is there: N days after its own, or after the import of what it holds."""
    return _counted_from(table, imported) + timedelta(days=policy.days[table.kind])


def _counted_from(table: TableName, imported: Mapping[date, date]) -> date:
    return max(table.day, imported.get(table.day, table.day))


def _creates(policy: Policy, there: set[str], today: date) -> Iterable[Create]:
    for ahead in range(policy.ahead + 1):
        day = today + timedelta(days=ahead)
        reason = "today" if ahead == 0 else f"{_days(ahead)} ahead, [MYSQL] newtables = {policy.ahead}"
        for name in daily_tables.names(day):
            table = daily_tables.parsed(name)
            assert table is not None
            if name not in there:
                yield Create(table, reason)


def _reason(policy: Policy, table: TableName, today: date, imported: Mapping[date, date]) -> str:
    start = _counted_from(table, imported)
    age = _days((today - start).days)
    what = f"imported {age} ago" if start != table.day else f"{age} old"
    return f"{what}, [DATA_TABLE_ROTATION] {FAMILY[table.kind]} = {policy.days[table.kind]}"


def _order(drop: Drop) -> tuple[date, Kind, bool, str]:
    """Oldest first; rows before their texts, so that nobody finds a message whose octets are gone."""
    table = drop.stored.table
    return table.day, table.kind, "_texts_" in table.name, table.name


def _kept(policy: Policy, stays: Sequence[StoredTable], imported: Mapping[date, date]) -> Iterable[Kept]:
    for kind in Kind:
        tables = [stored for stored in stays if stored.table.kind is kind]
        if tables:
            first = min((stored.table for stored in tables), key=lambda table: kept_until(policy, table, imported))
            size = sum(stored.size for stored in tables)
            oldest = min(stored.table.day for stored in tables)
            yield Kept(kind, len(tables), size, oldest, kept_until(policy, first, imported))


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"
