"""What to put into each program's configuration so that it sends here (FEATURES O1): one TOML file a program.

The page /agents and docs/reference/agents.md are both written from these. In a file:

title     how people call it                      order     its place on the page
node      the name that its lines give it here    sends     what it can send, in words
file      where the lines go                      lines     the lines; @HOST@, @PORT@, @URL@, @KEY@ are filled in
key       what to add when a key is wanted        key_words the same in words, where it is no line
log       how to send a line of a log             oddities  sentences
proof     live, recorded or format                shown_by  the tests that show it
"""

import tomllib
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
KEY_PLACEHOLDER = "AUTH_KEY"
"""Stands in the lines for `[hep] auth_key`, which no page shows."""


class Proof(StrEnum):
    """How we know that it works."""

    LIVE = "live"
    RECORDED = "recorded"
    FORMAT = "format"

    @property
    def words(self) -> str:
        return _PROOFS[self]


_PROOFS = {
    Proof.LIVE: "the real program, in our tests",
    Proof.RECORDED: "its recorded traffic",
    Proof.FORMAT: "its format only",
}


@dataclass(frozen=True, slots=True)
class Program:
    """One program; `lines`, `key` and `log` with or without what is filled in."""

    name: str
    title: str
    order: int
    sends: tuple[str, ...]
    file: str
    lines: str
    oddities: tuple[str, ...]
    proof: Proof
    shown_by: tuple[str, ...]
    node: str = ""
    key: str = ""
    key_words: str = ""
    log: str = ""

    def is_sender(self, node: str) -> bool:
        """Whether a node was named by the lines of this program."""
        return bool(self.node) and node == self.node


@cache
def programs() -> tuple[Program, ...]:
    """All, in the order of the page, as written."""
    found = (_read(file) for file in HERE.glob("*.toml"))
    return tuple(sorted(found, key=lambda program: program.order))


def filled(program: Program, hep_address: str, url: str) -> Program:
    """With this appliance's addresses; `hep_address` is `HOST:PORT`, the host of IPv6 in brackets."""
    host, _, port = hep_address.rpartition(":")
    values = {"@HOST@": host, "@PORT@": port, "@URL@": url.rstrip("/"), "@KEY@": KEY_PLACEHOLDER}

    def fill(text: str) -> str:
        for name, value in values.items():
            text = text.replace(name, value)
        return text

    return replace(program, lines=fill(program.lines), key=fill(program.key), log=fill(program.log))


def _read(file: Path) -> Program:
    values = tomllib.loads(file.read_text(encoding="utf-8"))
    for name in ("sends", "oddities", "shown_by"):
        values[name] = tuple(values[name])
    for name in ("lines", "key", "log"):
        values[name] = values.get(name, "").strip("\n")
    values["proof"] = Proof(values["proof"])
    return Program(name=file.stem, **values)
