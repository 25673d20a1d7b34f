"""The MOS of call records: the lowest of a call's reports (FEATURES B6, F1), for the settler alone.

A record that is folded gets it from the tables, so that it is right after whatever happened. What is reported later,
of a call in progress or after its end, comes with the writers' notes and lowers the record as it lies there, without
folding it; later reports seldom do. Measured with 4,000 calls of 36 reports each: 15 µs of the server for each call
folded, and 1 µs of writer and settler for each Call-ID in a note. To look each turn for new reports in the tables would
miss those that come late (spilled, or by a clock that is behind).

Of a codec that is heard otherwise than the writers assume it is made of the call's own (ingest.heard).
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import replace
from operator import attrgetter

from appliance.calls.states import LOST_US
from appliance.ingest import heard
from appliance.ingest.spans import Span, keys_by_day
from appliance.ingest.whole import BACK_US, CALLID_WIDTH
from appliance.model.ids import HASH_MASK, callid_hash
from appliance.model.kinds import calls_table
from appliance.model.octets import octets
from appliance.model.rows import CallRow
from appliance.storage import calls, legs, quality
from appliance.storage.bundle import Lowest
from appliance.storage.calls import Home
from appliance.storage.connection import Database

MOST_REMEMBERED = 100_000
"""Call-IDs; when there are more the memory begins anew, which costs each one statement more than it needs."""
AFTER_US = LOST_US
"""How long after a call's last message a report is still of it: as long as it may be in progress without one."""
_NOT_BEFORE_US = -1
_STARTED = attrgetter("started")


class Opinions:
    """What the records say, as far as remembered, and what was reported since."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._written: dict[bytes, Lowest] = {}
        """By Call-ID the MOS of its last record in hundredths, and from when on reports are of it."""
        self._told: dict[bytes, Lowest] = {}

    @property
    def waiting(self) -> int:
        """Call-IDs with a MOS that no record has yet."""
        return len(self._told)

    def hear(self, told: Iterable[tuple[bytes, Lowest]]) -> None:
        """Take from a note what is lower than what the record has."""
        for callid, (hundredths, at_us) in told:
            lowest, since_us = self._written.get(callid, (1000, _NOT_BEFORE_US))
            if hundredths < lowest or at_us < since_us:
                self._told[callid] = min((hundredths, at_us), self._told.get(callid, (1000, at_us)))

    def forget(self) -> None:
        """After a fault: the tables and the notes know it all."""
        self._written.clear()
        self._told.clear()

    async def given(self, records: Sequence[CallRow], names: set[str], now_us: int) -> list[CallRow]:
        """The records with their MOS out of the tables."""
        spans = _spans(records, now_us)
        often = Counter(record.callid for record in records)
        alone = {callid_hash(octets(r.callid)): span for r, span in zip(records, spans, strict=True)
                 if often[r.callid] == 1}  # fmt: skip
        lowest = await quality.lowest_mos(self._database, names, keys_by_day(alone))
        by_codec = await self._by_codec(records, alone, lowest.keys(), names)
        return [
            self._noted(record, span, lowest.get(hash_), by_codec.get(hash_))
            if often[record.callid] == 1
            else self._noted(record, span, *await self._within(record, span, names))
            for record, span in zip(records, spans, strict=True)
            for hash_ in (callid_hash(octets(record.callid)),)
        ]

    async def _by_codec(
        self, records: Iterable[CallRow], spans: Mapping[int, Span], having: Container[int], names: set[str]
    ) -> dict[int, int]:
        """The lowest MOS of calls whose codec is heard otherwise than the writers assumed, by hash of the Call-ID; of
        those that have one at all."""
        codecs = {callid_hash(octets(record.callid)): codec for record in records if (codec := heard.otherwise(record))}
        wanted = {hash_: codec for hash_, codec in codecs.items() if hash_ in having and hash_ in spans}
        return await heard.lowest(self._database, names, wanted, spans) if wanted else {}

    async def _within(self, record: CallRow, span: Span, names: set[str]) -> tuple[int | None, int | None]:
        """Of one of several calls of a Call-ID: by the reports' own times, since two may touch the same hour."""
        hash_ = callid_hash(octets(record.callid))
        found = await quality.lowest_mos(self._database, names, keys_by_day({hash_: span}), span.first_us, span.last_us)
        by_codec = await self._by_codec([record], {hash_: span}, found, names)
        return found.get(hash_), by_codec.get(hash_)

    def _noted(self, record: CallRow, span: Span, told: int | None, by_codec: int | None) -> CallRow:
        """The record with its MOS; remembered is what writers told, with which they are compared again."""
        callid = octets(record.callid)
        self._told.pop(callid, None)
        if told is None:
            self._written.pop(callid, None)
            return record
        self._remember(callid, (told, span.first_us))
        return replace(record, mos=(told if by_codec is None else by_codec) / 100)

    def _remember(self, callid: bytes, lowest: Lowest) -> None:
        if len(self._written) >= MOST_REMEMBERED:
            self._written.clear()
        self._written[callid] = lowest

    async def late(
        self, homes_of: Callable[[bytes], Sequence[Home]], pending: Container[bytes], names: set[str], now_us: int
    ) -> list[tuple[Home, int]]:
        """Records that lie in the tables, with the MOS in hundredths that they must have.

        `homes_of` tells the places of records as far as they are remembered; `pending` Call-IDs are folded soon anyway.
        """
        told = {callid: lowest for callid, lowest in self._told.items() if callid not in pending}
        self._told.clear()
        unknown = {callid: at_us for callid, (_, at_us) in told.items() if not homes_of(callid)}
        read = await self._homes(unknown, names, now_us)
        found = []
        for callid, (hundredths, at_us) in told.items():
            homes = homes_of(callid) or read[callid]
            home = _home_at(homes, at_us)
            if not homes:
                self._remember(callid, (hundredths, _NOT_BEFORE_US))
            elif home == max(homes, key=_STARTED):
                self._remember(callid, (hundredths, home.started - quality.BEFORE_US))
            if home is not None and calls_table(home.day) in names:
                found.append((home, hundredths))
        return await self._heard(found, names, now_us)

    async def _heard(self, told: Sequence[tuple[Home, int]], names: set[str], now_us: int) -> list[tuple[Home, int]]:
        """The same by the codecs of the calls."""
        places = {(home.started, home.hash) for home, _ in told}
        records = list((await legs.records(self._database, names, places)).values()) if places else []
        spans = {callid_hash(octets(r.callid)): span for r, span in zip(records, _spans(records, now_us), strict=True)}
        lowest = await self._by_codec(records, spans, spans, names)
        return [(home, lowest.get(home.hash, hundredths)) for home, hundredths in told]

    async def _homes(self, at_us: Mapping[bytes, int], names: set[str], now_us: int) -> dict[bytes, list[Home]]:
        """Read from the tables, as far back as they can lie, and later ones too."""
        by_hash = {callid_hash(callid): callid for callid in at_us}
        spans = {hash_: _around(at_us[callid], now_us) for hash_, callid in by_hash.items()}
        found: dict[bytes, list[Home]] = defaultdict(list)
        for day, keys in keys_by_day(spans).items():
            if calls_table(day) in names:
                for home in await calls.homes(self._database, day, *_hours_and_hashes(keys)):
                    callid = by_hash[home.hash]
                    if callid[:CALLID_WIDTH] == home.callid:
                        found[callid].append(home)
        return found


def _hours_and_hashes(keys: Iterable[int]) -> tuple[set[int], list[int]]:
    return {key >> 56 for key in keys}, sorted({key & HASH_MASK for key in keys})


def _around(at_us: int, now_us: int) -> Span:
    return Span(max(0, at_us - BACK_US), max(at_us, min(now_us, at_us + BACK_US)))


def _home_at(homes: Iterable[Home], at_us: int) -> Home | None:
    """The call that a report of this time is of."""
    begun = [home for home in homes if home.started - quality.BEFORE_US <= at_us <= home.ended + AFTER_US]
    return max(begun, key=_STARTED, default=None)


def _spans(records: Sequence[CallRow], now_us: int) -> list[Span]:
    """When reports are of each record: until the next call of the Call-ID begins."""
    following: dict[str, int] = {}
    spans = dict[tuple[str, int], Span]()
    for record in sorted(records, key=_STARTED, reverse=True):
        last_us = min(max(now_us, record.ended), record.ended + AFTER_US, following.get(record.callid, 1 << 63) - 1)
        begun_us = max(0, record.started - quality.BEFORE_US)
        following[record.callid] = begun_us
        spans[record.callid, record.started] = Span(begun_us, max(begun_us, last_us))
    return [spans[record.callid, record.started] for record in records]
