"""Reported streams put into the daily tables as a writer puts them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from appliance.model.kinds import Kind, day_of, quality_ends_table, quality_table
from appliance.model.quality import Measured, ReportKind, Told
from appliance.quality.scored import REPORTED
from appliance.storage import daily_tables
from appliance.storage.bundle import fields_of
from appliance.storage.connection import Database
from appliance.storage.reports import Origin, ends_of, lines_of, reports
from tests.storage.search.stored import NOON

STREAM = Measured(
    kind=ReportKind.RTCP,
    told=Told.RECEIVED,
    source_ip="10.0.0.2",
    source_port=40000,
    destination_ip="10.0.0.1",
    destination_port=30000,
    ssrc=0xDEADBEEF,
    codec="PCMA",
    clock_rate_hz=8000,
    packets=500,
    lost=15,
    loss_percent=3.0,
    jitter_ms=12.125,
    round_trip_ms=40.5,
    mos=3.85,
    mos_model=REPORTED,
)


def stream(**changes: Any) -> Measured:
    return replace(STREAM, **changes)


async def report(
    database: Database,
    measured: Sequence[Measured] = (STREAM,),
    callid: bytes = b"call-1@pc33",
    at: int = NOON,
    row: int = 1 << 16,
    kind: Kind = Kind.RTCP,
    node: bytes = b"rtpengine",
) -> None:
    """Store what one packet told."""
    await daily_tables.ensure_table_for(database, Kind.RTCP, day_of(at))
    found = reports(Origin(kind, at, None, callid, node), measured)
    tables = {
        quality_table(day_of(at)): lines_of(at, row, found),
        quality_ends_table(day_of(at)): ends_of(at, row, found),
    }
    for table, lines in tables.items():
        for line in lines:
            values = fields_of(line)
            marks = ", ".join(["%s"] * len(values))
            await database.execute(f"INSERT INTO `{table}` VALUES ({marks})", values)
