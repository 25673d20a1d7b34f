"""Reports of streams, for tests: `report(5)` tells at 5 s of a good stream from 10.0.0.2 to 10.0.0.1."""

from typing import Any

from appliance.model.quality import Measured, QualityRow, ReportKind, Told

START_US = 1_795_428_672_000_000
"""2026-11-23 10:11:12 UTC"""


def report(second: float, node: str = "tap", id_: str = "", **measured: Any) -> QualityRow:
    """`measured` are fields of Measured."""
    values = {"kind": ReportKind.RTCP, "told": Told.RECEIVED, "source_ip": "10.0.0.2", "source_port": 4000,
              "destination_ip": "10.0.0.1", "destination_port": 5000, **measured}  # fmt: skip
    ts = START_US + round(second * 1_000_000)
    return QualityRow(id_ or f"t1-rtcp-{second:g}", ts, "c1", node, Measured(**values))
