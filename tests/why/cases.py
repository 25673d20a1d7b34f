"""What a test of a rule is made of: messages that fire it, with the sentence, and a near miss that does not."""

from collections.abc import Sequence
from dataclasses import dataclass

from appliance.model.rows import MessageRow
from tests.why.written import told


@dataclass(frozen=True)
class Case:
    """One rule's; `after_ms` is how long after the last message the call is looked at."""

    rule: str
    sentence: str
    fires: Sequence[MessageRow]
    near: Sequence[MessageRow]
    after_ms: int = 1000

    def check(self) -> None:
        assert told(self.rule, self.fires, self.after_ms) == [self.sentence]
        assert told(self.rule, self.near, self.after_ms) == []


CALL = ("0 A>B INVITE | sdp PCMA 10.0.0.1:4000", "90 B>A 180 INVITE", "2000 B>A 200 INVITE | sdp PCMA 10.0.0.2:6000",
        "2010 A>B ACK")  # fmt: skip
"""Answered after two seconds on one hop; what follows is another line."""
