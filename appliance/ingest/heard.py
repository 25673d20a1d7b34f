"""The MOS of calls whose codec the E-model hears otherwise than G.711, which it assumes of a report that names none.

RTCP names no codec. Writers score its streams without the call's SDP; the record knows what was agreed, so of such
calls (G.729, AMR, Opus …) the stored figures are scored again here. An answer's first codec is the one that is sent
(RFC 3264 6.1); a call that changed its codec on the way is taken as of its first, while its page has each stream's own.
"""

from collections.abc import Mapping

from appliance.calls.negotiation import BESIDES
from appliance.ingest.spans import Span, keys_by_day
from appliance.model.rows import CallRow
from appliance.quality.codecs import codec, is_heard_otherwise
from appliance.quality.scored import with_codec
from appliance.storage import quality
from appliance.storage.connection import Database


def otherwise(record: CallRow) -> str:
    """The codec of the call's voice if it is heard otherwise than what is assumed; else ""."""
    first = next((name for name in record.codecs if name.lower() not in BESIDES), "")
    known = codec(first)
    return known if known and is_heard_otherwise(known) else ""


async def lowest(
    database: Database, names: set[str], codecs: Mapping[int, str], spans: Mapping[int, Span]
) -> dict[int, int]:
    """The lowest MOS in hundredths by hash of the Call-ID, for calls with these codecs; reports within their spans."""
    wanted = {hash_: spans[hash_] for hash_ in codecs}
    times = {hash_: (span.first_us, span.last_us) for hash_, span in wanted.items()}
    rows = await quality.worst_of(database, names, keys_by_day(wanted), times)
    found: dict[int, int] = {}
    for hash_, some in rows.items():
        scored = (with_codec(row.measured, codecs[hash_]).mos for row in some)
        known = [round(mos * 100) for mos in scored if mos is not None]
        if known:
            found[hash_] = min(known)
    return found
