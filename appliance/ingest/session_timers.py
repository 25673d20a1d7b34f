"""Tells answered calls lost when their session timer ran out without a BYE (INTERFACES `lost`), for the settler alone.

Session-Expires is no column: only a call that was silent for FIRST_LOOK_US has its last 2xx read, when it is folded
once more for that, and again when the timer has run out. So calls that end sooner, which are most, cost nothing, and a
timer of less than FIRST_LOOK_US is told late by the difference.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from appliance.calls import fold
from appliance.calls.session_timer import last_refresh, runs_out_us
from appliance.calls.states import LOST_US
from appliance.ingest.folded import Folded
from appliance.ingest.spans import Span
from appliance.ingest.whole import Whole, read_messages
from appliance.model.rows import CallRow, CallState, MessageRow
from appliance.storage import messages
from appliance.storage.connection import Database

FIRST_LOOK_US = 600_000_000
"""Most calls are over by then, and most session timers are longer: RFC 4028 recommends 30 minutes."""


class SessionTimers:
    """What was read of timers in the settler's present turn."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._run_out: dict[tuple[str, int], int] = {}
        """By Call-ID and start, of calls that were looked at."""

    async def told(
        self, folded: Mapping[bytes, list[Folded]], whole: Mapping[bytes, Whole], names: set[str], now_us: int
    ) -> dict[bytes, list[Folded]]:
        """The calls with those lost whose timer has run out."""
        self._run_out.clear()
        silent = {
            callid: [one.record for one in some if _is_silent(one.record, now_us)] for callid, some in folded.items()
        }
        wanted = {callid: records for callid, records in silent.items() if records}
        if wanted:
            await self._read(wanted, whole, names)
        return {callid: [self._told(one, now_us) for one in some] for callid, some in folded.items()}

    def due(self, record: CallRow) -> int | None:
        """When the record must be folded again although nothing came."""
        last = fold.due(record)
        if record.state is not CallState.ANSWERED or last is None:
            return last
        return min(last, self._run_out.get(_key(record), record.ended + FIRST_LOOK_US))

    def _told(self, one: Folded, now_us: int) -> Folded:
        if self._run_out.get(_key(one.record), now_us + 1) > now_us:
            return one
        return replace(one, record=replace(one.record, state=CallState.LOST))

    async def _read(self, wanted: Mapping[bytes, list[CallRow]], whole: Mapping[bytes, Whole], names: set[str]) -> None:
        rows = await _rows(self._database, wanted, whole, names)
        answers = {
            _key(record): last_refresh(row for row in rows[callid] if record.started <= row.filed_ts <= record.ended)
            for callid, records in wanted.items()
            for record in records
        }
        packets = [row for some in answers.values() for row in some]
        texts = iter(await messages.with_texts(self._database, packets, names))
        for records in wanted.values():
            for record in records:
                found = runs_out_us([next(texts) for _ in answers[_key(record)]]) or 0
                # whoever still spoke after that time has refreshed the session where nobody saw it
                self._run_out[_key(record)] = found if found > record.ended else record.ended + LOST_US


async def _rows(
    database: Database, wanted: Mapping[bytes, list[CallRow]], whole: Mapping[bytes, Whole], names: set[str]
) -> dict[bytes, Iterable[MessageRow]]:
    """Messages with the ids of the tables, which those that were remembered have not."""
    spans = {
        callid: Span(min(record.started for record in records), max(record.ended for record in records))
        for callid, records in wanted.items()
        if whole[callid].from_memory
    }
    read = await read_messages(database, names, spans)
    return {callid: read[callid] if callid in spans else whole[callid].messages for callid in wanted}


def _is_silent(record: CallRow, now_us: int) -> bool:
    return record.state is CallState.ANSWERED and now_us - record.ended >= FIRST_LOOK_US


def _key(record: CallRow) -> tuple[str, int]:
    return record.callid, record.started
