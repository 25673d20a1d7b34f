"""What an explanation is made of: rules as data, what they find, and the sentence that stands first."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum, StrEnum

from appliance.why.seen import Seen
from appliance.why.view import View


class Severity(StrEnum):
    """How much a finding matters to whoever asks what went wrong."""

    ERROR = "error"
    """It is why the call failed, or would be enough to make it fail."""
    WARNING = "warning"
    """Something is not as it should be; the call may have suffered."""
    INFO = "info"
    """What happened, nothing wrong in itself."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a rule tells of one occurrence."""

    sentence: str
    messages: tuple[Seen | None, ...]
    """Evidence, the most telling first; None stands for what was not captured."""
    hop: str = ""
    """`10.0.0.1 → 10.0.0.2`: where it was born."""
    reports: tuple[str, ...] = ()
    """Ids of packets with reports of media, evidence too."""


class Told(Enum):
    """What becomes of one fact that shows on several hops or legs, which hosts pass on (why.once)."""

    EACH = 0
    """It is another fact on each."""
    OF_SENDER = 1
    """It was born where the message that shows it was sent first."""
    OF_SERVER = 2
    """It was born at the last host that the request reached, even if the request shows it."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that can be told from messages; the function's docstring is its text in the manual."""

    name: str
    severity: Severity
    reference: str
    """`RFC 3261 21.4.24`: document and section."""
    find: Callable[[View], Iterable[Found]]
    told: Told = Told.EACH


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence with its evidence."""

    rule: str
    severity: Severity
    sentence: str
    rfc: str
    messages: tuple[str, ...]
    """Ids."""
    hop: str


SUMMARY = "summary"
"""The rule name of the first sentence."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """The sentence that says what happened, then what was found, the most telling first."""

    summary: Finding
    findings: tuple[Finding, ...] = ()

    @property
    def sentence(self) -> str:
        return self.summary.sentence

    @property
    def all(self) -> tuple[Finding, ...]:
        return self.summary, *self.findings
