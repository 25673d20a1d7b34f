"""A Call-ID's messages folded anew: its records, and each as a leg that may belong to others."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from appliance.calls.fold import Countries, fold
from appliance.calls.joins.edge import Place
from appliance.calls.joins.keys import keys_of
from appliance.calls.joins.leg import leg_of
from appliance.ingest.joining import ALONE, Changed
from appliance.ingest.whole import CALLID_WIDTH, Whole
from appliance.model.kinds import day_of
from appliance.model.octets import text
from appliance.model.rows import CallRow
from appliance.storage import daily_tables
from appliance.storage.calls import Home
from appliance.storage.leg_writes import Group


@dataclass(frozen=True, slots=True)
class Folded:
    """A call anew."""

    record: CallRow
    changed: Changed

    def is_in(self, names: set[str]) -> bool:
        """Whether its day has its tables: rotation may drop a day that still has notes."""
        return daily_tables.has_calls(names, day_of(self.record.started))

    def with_group(self, groups: Mapping[Place, Group]) -> CallRow:
        """The record with what it says of its legs."""
        group = groups[self.changed.leg.place]
        if group == ALONE:
            return self.record
        return replace(self.record, legs=group.legs, leg=group.leg, joined=group.joined)


def folded_anew(
    callid: bytes, whole: Whole, now_us: int, suffixes: Sequence[str], countries: Countries | None = None
) -> list[Folded]:
    """The calls of a Call-ID; columns hold only the beginning of a very long one, records are found by all of it."""
    rows = list(whole.messages)
    records = fold(rows, now_us, countries)
    if not records:
        return []
    if len(callid) > CALLID_WIDTH:
        records = [replace(record, callid=text(callid)) for record in records]
    lines = {row.leg_keys for row in rows if row.leg_keys}
    agents = {row.correlation_id for row in rows if row.correlation_id}
    keys = keys_of(records[0].callid, lines, agents, suffixes)
    before = {home.started for home in whole.homes}
    return [Folded(record, Changed(leg_of(record, rows), keys, record.started not in before)) for record in records]


def gone(replaced: Iterable[Home], found: Iterable[Folded]) -> list[Place]:
    """Places of old records that no new one takes."""
    kept = {one.changed.leg.place for one in found}
    return [place for home in replaced if (place := (home.started, home.hash)) not in kept]
