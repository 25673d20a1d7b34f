"""Registrations for the search to find, as the settler writes them."""

from collections import defaultdict
from collections.abc import Iterable

from appliance.model.ids import HOUR_US, callid_hash
from appliance.model.kinds import day_of
from appliance.model.packet import Packet
from appliance.registrations.exchanges import TOGETHER_US, Seen
from appliance.registrations.fold import fold
from appliance.storage import daily_tables, registrations
from appliance.storage.connection import Database
from appliance.storage.registrations import Written
from tests.registrations.made import seen


async def keep(database: Database, packets: Iterable[Packet], made_us: int | None = None) -> None:
    """Fold these packets and store what their hours say; made when each began unless it is said."""
    by_hash: dict[int, list[Seen]] = defaultdict(list)
    for packet in seen(packets):
        by_hash[callid_hash(packet.callid.encode())].append(packet)
    rows = {}
    for hash_, found in by_hash.items():
        hours = {(packet.ts + edge) // HOUR_US for packet in found for edge in (-TOGETHER_US, 0, TOGETHER_US)}
        for hour in hours:
            rows[hour, hash_] = [(row, registrations.binding_key(row), made_us or row.started)
                                 for row in fold(found, hour)]  # fmt: skip
    await daily_tables.ensure_days(database, {day_of(hour * HOUR_US) for (hour, _), found in rows.items() if found})
    await registrations.write(database, Written(rows, {}))
