"""The bindings of one address of record, and the exchanges behind them: what the page of a registration reads."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from appliance.model.ids import HOUR_US
from appliance.model.kinds import DAY_US, day_start_us, registrations_table
from appliance.model.octets import octets
from appliance.model.registrations import BindingHour
from appliance.registrations.exchanges import Exchange, Seen, exchanges
from appliance.storage import daily_tables
from appliance.storage.connection import Database
from appliance.storage.register_packets import packets_around
from appliance.storage.registrations import COLUMNS, Unit, aor_key, binding_hour

MOST_HOURS = 5_000
MOST_UNITS = 200
"""Hours of Call-IDs whose messages are read for one page, the latest first."""
_ALL_HOURS = ",".join(map(str, range(24)))


@dataclass(slots=True)
class Binding:
    """What is stored of one binding within a time."""

    hours: list[BindingHour] = field(default_factory=list)
    units: set[Unit] = field(default_factory=set)


async def of_aor(database: Database, names: Collection[str], aor: str, since_us: int, to_us: int) -> dict[int, Binding]:
    """By binding; at most MOST_HOURS rows, the latest first."""
    found: dict[int, Binding] = defaultdict(Binding)
    left = MOST_HOURS
    days = (day for day in daily_tables.days_of(names) if registrations_table(day) in names)
    for day in sorted(days, reverse=True):
        if day_start_us(day) >= to_us or day_start_us(day) + DAY_US <= since_us or not left:
            continue
        rows = await database.fetch(
            f"SELECT binding, hash, {', '.join(COLUMNS)} FROM `{registrations_table(day)}`"  # noqa: S608
            f" WHERE hour IN ({_ALL_HOURS}) AND aor_key = %s AND aor = %s AND started >= %s AND started < %s"
            f" ORDER BY started DESC LIMIT {left:d}",
            (aor_key(aor), octets(aor)[:255], since_us, to_us),
        )
        left -= len(rows)
        for binding, hash_, *values in rows:
            hour = binding_hour(values)
            found[binding].hours.append(hour)
            found[binding].units.add((hour.started // HOUR_US, hash_))
    return dict(found)


async def exchanges_of(
    database: Database, names: Collection[str], units: Sequence[Unit], between: tuple[int, int]
) -> list[Exchange]:
    """The exchanges of some hours of Call-IDs that began between these microseconds, the second not included."""
    packets: dict[int, dict[int, Seen]] = defaultdict(dict)
    for unit in units:
        for packet in await packets_around(database, names, unit):
            if packet.ts < between[1]:
                packets[unit[1]][packet.id] = packet
    found = [exchange for of_callid in packets.values() for exchange in exchanges(of_callid.values())]
    return [exchange for exchange in found if between[0] <= exchange.started < between[1]]
