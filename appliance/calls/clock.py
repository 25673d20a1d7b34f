"""One time line for the packets of a call, whatever their agents' clocks say (FEATURES A6).

A packet's own time counts, unless it was so absurd that the packet had to be filed under its arrival. The
packets of an agent with such a clock are moved together to where they were filed, so that the differences
between them stay those of the agent. A clock that does not even run (always zero, random) is not used.
"""

from collections.abc import Sequence

from appliance.model.rows import MessageRow

RUNNING_US = 10_000_000
"""How much the delay between a clock and the filing may vary for the clock to count as running."""


def times(rows: Sequence[MessageRow]) -> dict[str, int]:
    """Microseconds UTC by id of the packet."""
    if not [row for row in rows if row.ts != row.filed_ts]:
        return {row.id: row.ts for row in rows}
    shifts = _shifts(rows)
    return {row.id: row.ts if row.ts == row.filed_ts else _filed(row, shifts[row.node]) for row in rows}


def _shifts(rows: Sequence[MessageRow]) -> dict[str, int | None]:
    delays: dict[str, list[int]] = {}
    for row in rows:
        if row.ts != row.filed_ts:
            delays.setdefault(row.node, []).append(row.filed_ts - row.ts)
    return {node: min(found) if max(found) - min(found) <= RUNNING_US else None for node, found in delays.items()}


def _filed(row: MessageRow, shift: int | None) -> int:
    return row.filed_ts if shift is None else row.ts + shift
