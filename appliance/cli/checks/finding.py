"""One thing that was looked at, and what to do about it."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How serious: wrong things keep hepbox from working or lose traffic, notes are worth knowing."""

    OK = "ok"
    NOTE = "note"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """A line of the report. `remedy` is a sentence, and there for all that is not ok."""

    verdict: Verdict
    subject: str
    said: str
    remedy: str = ""

    def line(self) -> str:
        remedy = f" - {self.remedy}" if self.remedy else ""
        return f"{self.verdict:<6} {self.subject}: {self.said}{remedy}"


def ok(subject: str, said: str) -> Finding:
    return Finding(Verdict.OK, subject, said)


def note(subject: str, said: str, remedy: str) -> Finding:
    return Finding(Verdict.NOTE, subject, said, remedy)


def wrong(subject: str, said: str, remedy: str) -> Finding:
    return Finding(Verdict.WRONG, subject, said, remedy)
