"""All messages of calls from the tables, with the records that they have already."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from appliance.ingest.spans import Span, keys_by_day
from appliance.model.ids import HASH_MASK, HOUR_US, callid_hash, hour_of_day, parse_message_id
from appliance.model.kinds import day_of
from appliance.model.octets import octets
from appliance.model.rows import CallRow, MessageRow
from appliance.sip.parse import parse
from appliance.storage import calls, daily_tables, messages
from appliance.storage.calls import Home
from appliance.storage.connection import Database

CALLID_WIDTH = 255
"""Octets of a Call-ID that the tables hold in a column."""
BACK_US = 25 * HOUR_US
"""A call that was silent for longer is another one (INTERFACES: 24 h)."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A call's messages, the records to replace, and whether the messages were remembered."""

    messages: Iterable[MessageRow]
    homes: Sequence[Home]
    from_memory: bool


async def read_whole(
    database: Database,
    spans: Mapping[bytes, Span],
    noted: Mapping[bytes, Iterable[MessageRow]],
    names: set[str] | None = None,
) -> dict[bytes, Whole]:
    """For each Call-ID what the notes brought, if the call begins there; else what the tables (`names`) hold."""
    if names is None:
        names = await daily_tables.all_names(database)
    starting = {callid for callid in spans if begins(noted[callid])}
    homes = await _homes(database, names, spans, starting)
    new = {callid for callid in starting if not homes[callid]}
    older = {
        callid: span.with_(*(Span(home.started, home.ended) for home in homes[callid]))
        for callid, span in spans.items()
        if callid not in new
    }
    read = await read_messages(database, names, older)
    return {
        callid: Whole(noted[callid], (), True) if callid in new else Whole(read[callid], homes[callid], False)
        for callid in spans
    }


def begins(messages: Iterable[MessageRow]) -> bool:
    """Whether the INVITE that makes the call is among these."""
    return any(row.method == "INVITE" and not row.to_tag for row in messages)


def home_of(callid: bytes, record: CallRow) -> Home:
    """Where a record lies once it is written."""
    started = record.started
    return Home(
        day_of(started), hour_of_day(started), callid_hash(callid), started, record.ended, callid[:CALLID_WIDTH]
    )


async def read_messages(
    database: Database, names: set[str], spans: Mapping[bytes, Span]
) -> dict[bytes, list[MessageRow]]:
    """What the tables hold of each Call-ID in its span, without octets."""
    found: dict[bytes, list[MessageRow]] = defaultdict(list)
    by_hash = {callid_hash(callid): callid for callid in spans}
    for day, keys in keys_by_day({hash_: spans[callid] for hash_, callid in by_hash.items()}).items():
        if daily_tables.has_calls(names, day):
            for key, row in await calls.messages_of(database, day, keys):
                callid = by_hash[key & HASH_MASK]
                if callid[:CALLID_WIDTH] == octets(row.callid):
                    found[callid].append(row)
    return found


async def whole_callid(database: Database, home: Home) -> bytes:
    """The Call-ID of a record, whose column holds only the beginning of a very long one: read from a message."""
    if len(home.callid) < CALLID_WIDTH:
        return home.callid
    ((day, keys), *_) = keys_by_day({home.hash: Span(home.started, home.started)}).items()
    for _, row in await calls.messages_of(database, day, keys):
        found = await messages.message(database, parse_message_id(row.id))
        callid = parse(found.raw).callid if found is not None and found.raw is not None else b""
        if callid_hash(callid) == home.hash:
            return callid
    return home.callid


async def _homes(
    database: Database, names: set[str], spans: Mapping[bytes, Span], starting: set[bytes]
) -> dict[bytes, list[Home]]:
    """Records that these calls have, looked for as far back as they can lie."""
    homes: dict[bytes, list[Home]] = {callid: [] for callid in spans}
    near = {callid: spans[callid].wider(HOUR_US) for callid in starting}
    far = {callid: span.wider(BACK_US) for callid, span in spans.items() if callid not in starting}
    for wider in (near, far):
        by_hash = {callid_hash(callid): callid for callid in wider}
        for day, keys in keys_by_day({hash_: wider[callid] for hash_, callid in by_hash.items()}).items():
            if not daily_tables.has_calls(names, day):
                continue
            hours, hashes = {key >> 56 for key in keys}, sorted({key & HASH_MASK for key in keys})
            for home in await calls.homes(database, day, hours, hashes):
                callid = by_hash[home.hash]
                if callid[:CALLID_WIDTH] == home.callid:
                    homes[callid].append(home)
    return homes
