"""Days of traffic put into an instance as fast as its tables take it: the mix, through the writers' own code.

Datagrams of the mix are understood, stored and noted as a writer does it, 4,000 in a transaction; only sockets and
Redis are left out. The instance's settler folds the calls meanwhile. `benchmarks/` loads others with the same messages.
"""

import asyncio
import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count, islice

from appliance.buffer.batch import Batch, Origin, record, seal
from appliance.capture.mixture import SHARES_WITH_FAILURES, Mix
from appliance.hep.encode import encode
from appliance.ingest.gathered import Gathered
from appliance.ingest.understand import Understanding
from appliance.model.kinds import DAY_US, days_between
from appliance.settings import Settings
from appliance.storage import daily_tables, measure
from appliance.storage.connection import Database
from appliance.storage.store import Store

DAYS = 3
AT_ONCE = 4000
ROW_US = 1_000_000
"""Between the rows of a dialog: the longest of the mix takes two minutes, however many messages there are."""
WRITER = 2047
"""A number that no writer of the instance has."""
MOST_WAITING = 40
"""Transactions that the settler may be behind: it remembers their messages."""
SETTLE_SECONDS = 600.0
LOOK_SECONDS = 0.25

Tell = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Traffic:
    """`messages` of the mix, spread evenly over DAYS that end at `to_us`; the same again for the same `run`."""

    messages: int
    to_us: int
    run: str = field(default_factory=lambda: secrets.token_hex(2))

    @property
    def from_us(self) -> int:
        return self.to_us - DAYS * DAY_US

    @property
    def mix(self) -> Mix:
        """Numbers in no order, and some calls that fail."""
        return Mix(encode, self.run, SHARES_WITH_FAILURES, scattered=True)

    def datagrams(self) -> Iterator[tuple[int, bytes]]:
        """(time in microseconds, datagram), nearly in order of time."""
        mix = self.mix
        apart_us = DAYS * DAY_US // (_rows(mix, self.messages) + 1)
        begun = ((number, *mix.place(number)) for number in count())
        for number, row, after in islice((each for each in begun if each[1] >= 0), self.messages):
            time_us = self.from_us + row * apart_us + after * ROW_US + number % 1000
            yield time_us, mix.datagram(number, time_us)


def _rows(mix: Mix, messages: int) -> int:
    """Rows in which so many messages are sent of dialogs that began in them."""
    after = [mix.place(number)[1] for number in range(mix.row_size)]
    rows = messages // mix.row_size
    while sum(max(0, rows - each) for each in after) < messages:
        rows += 1
    return rows


async def fill(settings: Settings, traffic: Traffic, tell: Tell) -> None:
    """Store all of it, and wait until every call is folded. Raises TimeoutError."""
    database = await Database.open(settings.mysql, size=2)
    store = Store(settings.mysql, WRITER)
    understanding = Understanding(settings.sip.correlation_headers, 2 * DAYS)
    try:
        await daily_tables.ensure_days(database, days_between(traffic.from_us, traffic.to_us + DAY_US))
        for done, batch in _batches(traffic):
            gathered = Gathered(understanding)
            gathered.add(batch)
            await store.store(gathered.bundle)
            tell(done)
            await _settled(database, MOST_WAITING)
        await _settled(database, 0)
    finally:
        await store.close()
        await database.close()


def _batches(traffic: Traffic) -> Iterator[tuple[int, Batch]]:
    """(messages so far, batch)."""
    records: list[bytes] = []
    done = 0
    for time_us, datagram in traffic.datagrams():
        records.append(record(time_us + 1000, "127.0.0.1", 9060, Origin.UDP, datagram))
        if len(records) == AT_ONCE:
            done += AT_ONCE
            yield done, Batch(f"fill-{traffic.run}-{done}", AT_ONCE, seal(records))
            records = []
    if records:
        yield traffic.messages, Batch(f"fill-{traffic.run}-rest", len(records), seal(records))


async def _settled(database: Database, most: int) -> None:
    """Until the settler is no more than `most` transactions behind."""
    deadline = time.monotonic() + SETTLE_SECONDS
    while (await measure.progress(database)).unsettled > most:
        if time.monotonic() > deadline:
            raise TimeoutError(f"calls were not settled within {SETTLE_SECONDS:.0f} s")
        await asyncio.sleep(LOOK_SECONDS)
