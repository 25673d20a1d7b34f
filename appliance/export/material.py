"""What the files of a call are made of: its record, messages, reports and lines, gathered by web and command."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from appliance.model.quality import LogRow, QualityRow
from appliance.model.rows import CallRow, MessageRow
from appliance.storage.found_legs import FoundLeg
from appliance.storage.notes import Note
from appliance.why.explain import explain
from appliance.why.finding import Explanation


@dataclass(frozen=True, slots=True)
class Material:
    """One call; `messages` have their copies folded and are in the order in which they happened."""

    callid: str
    call: CallRow | None
    messages: tuple[MessageRow, ...]
    stored: int
    """Stored packets that these messages stand for."""
    cut: bool = False
    """More was stored than is read at once."""
    others: tuple[int, ...] = ()
    """Starts of other calls of this Call-ID."""
    quality: tuple[QualityRow, ...] = ()
    logs: tuple[LogRow, ...] = ()
    legs: tuple[FoundLeg, ...] = ()
    """Every leg, the earliest first; of those that are not `shown` there is no message here."""
    possible: tuple[FoundLeg, ...] = ()
    notes: tuple[Note, ...] = ()
    """What people wrote on it, the oldest first."""
    names: Mapping[str, str] = field(default_factory=dict)
    """What its addresses are called."""
    why: Explanation | None = None
    """What happened, and what was found; None when nobody asked."""

    @property
    def sentences(self) -> tuple[str, ...]:
        """Why the call went as it did, each a whole sentence in plain words; shown first."""
        return tuple(finding.sentence for finding in self.why.all) if self.why else ()

    @property
    def sip(self) -> tuple[MessageRow, ...]:
        return tuple(row for row in self.messages if row.kind.is_sip)

    @property
    def callids(self) -> tuple[str, ...]:
        """The Call-IDs of its legs, that of the call first."""
        return tuple(dict.fromkeys((self.callid, *(row.callid for row in self.sip))))

    @property
    def parties(self) -> tuple[str, str]:
        """Who calls whom, as far as known."""
        row = self.call or next(iter(self.messages), None)
        if row is None:
            return "", ""
        return row.from_user or row.from_domain, row.to_user or row.to_domain

    @property
    def started(self) -> int | None:
        if self.call is not None:
            return self.call.started
        return self.messages[0].ts if self.messages else None

    @property
    def ended(self) -> int | None:
        if self.call is not None:
            return self.call.ended
        return max(row.ts for row in self.messages) if self.messages else None


def explained(whole: Material, now_us: int) -> Material:
    """The same with what happened in it."""
    return replace(whole, why=explain(whole.messages, whole.call, now_us, whole.quality))
