"""rotation.ini: how many days each kind of packet is kept. A file of HOMER 5 works as it is.

    [DATA_TABLE_ROTATION]
        sip_capture_call = 10      # days kept beside today

`#` starts a comment anywhere; blanks around names and values do not count; the last of two equal keys holds.
What HOMER needed and we do not (its connection, partitions) is read, and a note says that it does nothing.
"""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from appliance.model.kinds import FAMILY, Kind
from appliance.rotation.keys import NEWTABLES, SCHEMAS, SECTIONS, TABLES

DEFAULT_FILE = Path("/etc/hepbox/rotation.ini")
DEFAULT_DAYS = 10
DEFAULT_STATISTICS_DAYS = 20
LONGEST_DAYS = 3650
MOST_AHEAD = 14
STOCK_SIZES = frozenset({1400, 1500, 2000, 3000})
"""Column widths that HOMER 5's files came with. Nobody chose them, and they cut messages: here they limit nothing."""
LARGEST_SIZE = 16 * 1024 * 1024

_SECTION = re.compile(r"\[\s*(\w+)\s*\]")


class PolicyError(Exception):
    """A mistake in rotation.ini; the text names the file, line, section, key and what is allowed."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What rotation.ini says, with HOMER 5's defaults where it says nothing."""

    days: dict[Kind, int] = field(default_factory=lambda: dict.fromkeys(Kind, DEFAULT_DAYS))
    """Days kept beside today; call records follow Kind.CALL."""
    ahead: int = 2
    """Days for which tables are made before they begin."""
    limits: dict[Kind, int] = field(default_factory=dict)
    """Octets that a message of this kind is cut to; a kind that is not here is never cut."""
    statistics_days: dict[str, int] = field(default_factory=dict)
    drops: bool = True
    """False (`exec = 0`): the plan is only shown. Tables are made all the same, or packets would have no place."""
    notes: tuple[str, ...] = ()

    @property
    def longest_days(self) -> int:
        """What is older than this from the network has no table to live in."""
        return max(self.days.values())


@dataclass(frozen=True, slots=True)
class _Line:
    """One `key = value`, and where it stands."""

    file: str
    number: int
    section: str
    key: str
    value: str

    def wrong(self, allowed: str) -> PolicyError:
        return PolicyError(f"{self.file} line {self.number}, [{self.section}] {self.key} = {self.value}: {allowed}")

    def whole(self, lowest: int, highest: int, what: str) -> int:
        """The value as a whole number within bounds."""
        allowed = f"write {what}, a whole number from {lowest} to {highest}"
        if not re.fullmatch(r"[0-9]{1,9}", self.value):
            raise self.wrong(allowed)
        number = int(self.value)
        if not lowest <= number <= highest:
            raise self.wrong(allowed)
        return number


def load(path: Path) -> Policy:
    """Read the file; defaults when there is none at the place where it lies by default. Raises PolicyError."""
    if path == DEFAULT_FILE and not path.exists():
        return Policy(notes=(f"there is no {path}: every kind is kept {DEFAULT_DAYS} days",))
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise PolicyError(f"{path}: cannot be read: {reason}") from error
    return parse(text, str(path))


def parse(text: str, file: str = "rotation.ini") -> Policy:
    """What the text of a rotation.ini says. Raises PolicyError at the first mistake."""
    reading = _Reading()
    for line in _lines(text, file):
        reading.take(line)
    return reading.policy()


def _lines(text: str, file: str) -> Iterator[_Line]:
    section = ""
    for number, raw in enumerate(text.splitlines(), 1):
        content = raw.split("#", 1)[0].strip()
        if not content or content.startswith(";"):
            continue
        header = _SECTION.fullmatch(content)
        if header:
            section = header[1]
            if section not in SECTIONS:
                raise PolicyError(
                    f"{file} line {number}: there is no section [{section}]; {_choice(section, SECTIONS)}"
                )
            continue
        key, equals, value = (part.strip() for part in content.partition("="))
        if not equals or not key:
            raise PolicyError(f"{file} line {number}: {content!r} is neither [SECTION] nor KEY = VALUE")
        if not section:
            raise PolicyError(f"{file} line {number}: {key} stands before any [SECTION]")
        line = _Line(file, number, section, key, value)
        if key not in SECTIONS[section]:
            raise line.wrong(f"there is no such key; {_choice(key, SECTIONS[section])}")
        yield line


def _choice(wrong: str, right: "dict[str, tuple[str, ...]] | tuple[str, ...]") -> str:
    near = difflib.get_close_matches(wrong, list(right), 1)
    listed = f"allowed are {', '.join(right)}"
    return f"did you mean {near[0]}? {listed}" if near else listed


class _Reading:
    """Takes line after line; one method a section."""

    def __init__(self) -> None:
        self._days: dict[str, int] = {}
        self._limits: dict[Kind, int] = {}
        self._statistics: dict[str, int] = {}
        self._ahead = 2
        self._drops = True
        self._notes: dict[str, str] = {}

    def take(self, line: _Line) -> None:
        section = getattr(self, f"_{line.section.lower()}")
        section(line)

    def policy(self) -> Policy:
        days = {kind: self._days_of(kind) for kind in Kind}
        return Policy(days, self._ahead, self._limits, self._statistics, self._drops, tuple(self._notes.values()))

    def _days_of(self, kind: Kind) -> int:
        """Our own name of a table counts before HOMER's undated one."""
        names = [FAMILY[kind], *(name for name in TABLES if TABLES[name] is kind and name != FAMILY[kind])]
        return next((self._days[name] for name in names if name in self._days), DEFAULT_DAYS)

    def _mysql(self, line: _Line) -> None:
        if line.key == NEWTABLES:
            self._ahead = line.whole(0, MOST_AHEAD, "days for which tables are made ahead")
        else:
            said = f"[{line.section}] has only {NEWTABLES} to say here: the connection is set by [mysql] of hepbox.ini"
            self._notes.setdefault(line.section, said)

    _pgsql = _mysql

    def _data_table_rotation(self, line: _Line) -> None:
        self._days[line.key] = line.whole(0, LONGEST_DAYS, "days to keep")

    def _data_table_type_timestamp(self, line: _Line) -> None:
        if line.value not in SCHEMAS:
            raise line.wrong(f"allowed are {', '.join(SCHEMAS)}")

    def _data_table_step(self, line: _Line) -> None:
        if line.whole(0, 3, "0 (day), 1 (hour), 2 (30 minutes) or 3 (15 minutes)"):
            self._notes[line.section] = f"[{line.section}] does nothing: a day's table has no partitions"

    _stats_table_step = _data_table_step

    def _drop_old_partitions(self, line: _Line) -> None:
        if line.whole(0, 86400, "seconds, 0 for off"):
            self._notes[line.section] = (
                f"[{line.section}] does nothing: a day's table has no partitions and is kept whole until it is dropped"
            )

    def _stats_table_rotation(self, line: _Line) -> None:
        self._statistics[line.key] = line.whole(0, LONGEST_DAYS, "days to keep")

    def _system(self, line: _Line) -> None:
        said = line.whole(0, 1 if line.key == "exec" else 9, "0 for off or 1 for on")
        if line.key == "exec":
            self._drops = bool(said)
        if not self._drops:
            self._notes["exec"] = "[SYSTEM] exec = 0: nothing is dropped, the plan is only shown"
        else:
            self._notes.pop("exec", None)

    def _msg_table_size(self, line: _Line) -> None:
        size, kind = line.whole(0, LARGEST_SIZE, "octets, 0 for no limit"), TABLES[line.key]
        self._limits.pop(kind, None)
        if size in STOCK_SIZES:
            self._notes[line.section] = (
                f"[{line.section}] {', '.join(map(str, sorted(STOCK_SIZES)))} are column widths that HOMER 5 came with:"
                " they limit nothing here, messages are kept whole"
            )
        elif size:
            self._limits[kind] = size
