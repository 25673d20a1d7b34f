"""Times between two messages of a call as one agent saw both: two agents' clocks are only mixed if unavoidable."""

from collections.abc import Mapping, Sequence

from appliance.model.rows import MessageRow

LONGEST_MS = (1 << 32) - 1


class Spans:
    """Knows every packet of each message (copies from several agents) and its time; of one without a group its own."""

    def __init__(self, groups: Sequence[Sequence[MessageRow]], at_us: Mapping[str, int]) -> None:
        self._groups = {group[0].id: group for group in groups}
        self._at_us = at_us

    def share_agent(self, one: MessageRow, other: MessageRow) -> bool:
        return one.node == other.node or not self._by_agent(one).keys().isdisjoint(self._by_agent(other))

    def ms(self, start: MessageRow, end: MessageRow) -> int | None:
        """Milliseconds from one message to another; None when no agent saw both and the clocks disagree."""
        if start.node == end.node and len(self._packets(start)) == len(self._packets(end)) == 1:
            return _ms(max(0, self._at_us[end.id] - self._at_us[start.id]))
        started, ended = self._by_agent(start), self._by_agent(end)
        agents = sorted(started.keys() & ended.keys())
        if agents:
            return _ms(max(0, ended[agents[0]] - started[agents[0]]))
        between_us = min(ended.values()) - min(started.values())
        return _ms(between_us) if between_us >= 0 else None

    def _packets(self, message: MessageRow) -> Sequence[MessageRow]:
        return self._groups.get(message.id) or (message,)

    def _by_agent(self, message: MessageRow) -> dict[str, int]:
        """When each agent saw this message first."""
        times: dict[str, int] = {}
        for row in self._packets(message):
            times[row.node] = min(self._at_us[row.id], times.get(row.node, self._at_us[row.id]))
        return times


def _ms(between_us: int) -> int:
    return min((between_us + 500) // 1000, LONGEST_MS)
