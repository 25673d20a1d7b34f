"""What was reported of a found call: the quality of its media, and its log lines and events (FEATURES F1, F2).

For the call's tabs, its files and the API.
"""

from collections.abc import Iterable, Sequence

from appliance.model.kinds import Kind
from appliance.model.octets import text
from appliance.model.quality import LogRow, QualityRow
from appliance.model.rows import CallRow, MessageRow
from appliance.storage import daily_tables, pinned_quality
from appliance.storage import quality as stored_quality
from appliance.storage.connection import Database
from appliance.web.call_media import CallMedia
from appliance.web.found_call import FoundCall
from appliance.web.state import Request, now_us

LOG_KINDS = (Kind.LOG, Kind.WEBRTC, Kind.ISUP, Kind.OTHER)


async def quality_of(request: Request, found: FoundCall) -> list[QualityRow]:
    """Reports of the legs' Call-IDs, and those of its media addresses within its time, pinned ones too;
    codecs by its SDP."""
    return await reported(
        request.state["database"], request.state["site"], found.shown_callids, found.call, found.messages
    )


async def reported(
    database: Database, site: str, callids: Sequence[str], call: CallRow | None, messages: Sequence[MessageRow]
) -> list[QualityRow]:
    """The same of a call by its parts, its messages in any order."""
    times = [row.ts for row in messages] + ([call.started, call.ended] if call else [])
    if not times:
        return []
    started = min(times)
    names = await daily_tables.all_names(database)
    media = CallMedia(messages)
    rows = await stored_quality.of_call(database, names, callids, media.ends, started, max(times), site)
    span = started - stored_quality.BEFORE_US, max(times) + stored_quality.AFTER_US
    pinned = await pinned_quality.of_callids(database, names, callids, *span, now_us())
    return media.told(sorted([*pinned, *rows], key=lambda row: row.ts))


def logs_of(found: FoundCall) -> list[LogRow]:
    """Log lines and events with the call's Call-ID, in order of time."""
    return logs_among(found.messages)


def logs_among(messages: Iterable[MessageRow]) -> list[LogRow]:
    """Those of these that are log lines and events."""
    rows = [row for row in messages if row.kind in LOG_KINDS]
    return [log_row(row) for row in sorted(rows, key=lambda row: (row.ts, row.arrival_ts, row.id))]


def log_row(row: MessageRow) -> LogRow:
    return LogRow(row.ts, row.callid, row.source_ip, row.node, row.kind, text(row.raw or b""), row.id)
