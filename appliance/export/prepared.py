"""A call made ready for showing: one step for pages, files, the API and the command."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from appliance.calls import merged
from appliance.calls.ladder import Ladder, layout
from appliance.model.rows import MessageRow


@dataclass(frozen=True, slots=True)
class Prepared:
    """Messages with copies folded, in the order in which they happened, and their ladder."""

    messages: tuple[MessageRow, ...]
    ladder: Ladder


def in_order(messages: Iterable[MessageRow]) -> tuple[MessageRow, ...]:
    """Copies folded, in the order in which they happened, over all legs."""
    return tuple(merged.in_order(messages))


def prepared(messages: Iterable[MessageRow], names: Mapping[str, str] | None = None) -> Prepared:
    """Fold, sort and lay out stored messages; `names` are aliases of addresses."""
    rows = in_order(messages)
    return Prepared(rows, layout(rows, names))
