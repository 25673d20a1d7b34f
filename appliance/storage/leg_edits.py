"""Joining and cutting legs by hand: what a person says of two Call-IDs, written down for the settler and all pages."""

from collections.abc import Sequence

from appliance.calls.joins.edge import Edge, Place
from appliance.calls.joins.graph import component
from appliance.calls.joins.leg import place_of
from appliance.model.ids import callid_hash
from appliance.model.octets import octets, shown, text
from appliance.model.rows import CallRow
from appliance.storage import calls, daily_tables, leg_decisions, legs
from appliance.storage.bundle import CallChange
from appliance.storage.connection import Database
from appliance.storage.found_legs import FoundLegs, legs_of


class NoSuchLeg(ValueError):
    """There is no call to be joined or cut; the sentence says which."""


async def join(database: Database, callid: bytes, at: int | None, other: bytes, user_name: str, now_us: int) -> None:
    """Make two calls legs of one. Raises NoSuchLeg."""
    names = await daily_tables.all_names(database)
    if callid == other:
        raise NoSuchLeg("A call is its own leg already; name another Call-ID.")
    record, added = await _record(database, names, callid, at), await _record(database, names, other, at)
    pair = _change(callid, record), _change(other, added)
    await leg_decisions.decide(database, [pair], True, user_name, now_us)


async def cut(database: Database, callid: bytes, at: int | None, other: bytes, user_name: str, now_us: int) -> None:
    """Have a call be no leg of another: it is cut from all legs that are connected without it. Raises NoSuchLeg."""
    names = await daily_tables.all_names(database)
    if callid == other:
        raise NoSuchLeg("A call cannot be cut from itself; name one of its other legs.")
    record, gone = await _record(database, names, callid, at), await _record(database, names, other, at)
    found = await legs_of(database, names, record, callid_hash(callid))
    kept = await _without(database, names, found, (record.started, callid_hash(callid)), gone, other)
    pairs = [(_change(octets(one.callid), one), _change(other, gone)) for one in kept]
    await leg_decisions.decide(database, pairs, False, user_name, now_us)


async def _without(
    database: Database, names: set[str], found: FoundLegs, place: Place, gone: CallRow, other: bytes
) -> list[CallRow]:
    """Records of the legs that stay when one goes."""
    records = {place_of(leg.record): leg.record for leg in found.legs}
    left = await legs.edges_of(database, names, records)
    without = gone.started, callid_hash(other)

    def edges(of: Place) -> Sequence[Edge]:
        return [edge for edge in left.get(of, ()) if without not in (edge.one, edge.other)]

    kept = [records[member] for member in component(place, edges) if member in records]
    return kept or [records[place]]


async def _record(database: Database, names: set[str], callid: bytes, at: int | None) -> CallRow:
    """The record that lies nearest to `at`, else the latest."""
    found = await calls.of_callid(database, names, callid)
    if not found:
        raise NoSuchLeg(f"There is no call with Call-ID {shown(text(callid))}; it may not be settled yet.")
    return found[0] if at is None else min(found, key=lambda record: abs(record.started - at))


def _change(callid: bytes, record: CallRow) -> CallChange:
    return CallChange(callid, record.started, record.ended)
