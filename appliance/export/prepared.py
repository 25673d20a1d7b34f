"""A call made ready for showing: one step for pages, files, the API and the command."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from appliance.calls import merged
from appliance.calls.ladder import Ladder
from appliance.calls.layout import layout
from appliance.calls.media import sessions
from appliance.calls.picture import WHOLE, Picture
from appliance.export.descriptions import descriptions
from appliance.export.heard import with_heard
from appliance.export.streams import streams
from appliance.model.quality import QualityRow
from appliance.model.rows import MessageRow


@dataclass(frozen=True, slots=True)
class Prepared:
    """Messages with copies folded, in the order in which they happened, and their ladder."""

    messages: tuple[MessageRow, ...]
    ladder: Ladder


def in_order(messages: Iterable[MessageRow]) -> tuple[MessageRow, ...]:
    """Copies folded, in the order in which they happened, over all legs."""
    return tuple(merged.in_order(messages))


def prepared(
    messages: Iterable[MessageRow], names: Mapping[str, str] | None = None, picture: Picture = WHOLE
) -> Prepared:
    """Fold, sort and lay out stored messages; `names` are aliases of addresses."""
    rows = in_order(messages)
    return Prepared(rows, ladder_of(rows, names, picture))


def ladder_of(
    rows: Sequence[MessageRow],
    names: Mapping[str, str] | None = None,
    picture: Picture = WHOLE,
    quality: Sequence[QualityRow] = (),
) -> Ladder:
    """Lay out messages that are folded and in order, with their media and what reports say of it."""
    told = descriptions(rows)
    media = with_heard(sessions(rows, told), streams(quality)) if picture.media else []
    return layout(rows, names, picture, told, media)
