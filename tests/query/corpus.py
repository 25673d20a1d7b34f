"""The corpus: query lines right and wrong with what they mean, in corpus.toml, which people read and correct.

`python -m tests.query.corpus` writes it anew from the lines in it: for review in a diff, line by line, never blindly.
SQL is that of one table of calls (view calls) or of messages of calls (messages) of 2026-11-23, where tables of that
day and the next exist; `reads` are the terms for which messages are read.
"""

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

from appliance.matching.filter import reads_octets
from appliance.model.aliases import Alias, Aliases
from appliance.model.kinds import DailyTable, Kind, calls_table, day_start_us, quality_table
from appliance.model.octets import text
from appliance.query.aliased import with_aliases
from appliance.query.errors import QueryError
from appliance.query.meaning import meaning
from appliance.query.parse import parse
from appliance.query.printed import printed
from appliance.query.tree import Node, Query, leaves
from appliance.storage.search import allowed, plan
from appliance.storage.search.beside import split
from appliance.storage.search.condition import Condition

FILE = Path(__file__).with_name("corpus.toml")
DAY, NEXT = date(2026, 11, 23), date(2026, 11, 24)
_KINDS = (Kind.CALL, Kind.REST)
TABLES = plan.Tables(
    frozenset(
        name
        for day in (DAY, NEXT)
        for name in (calls_table(day), quality_table(day), *(DailyTable(day, kind).name for kind in _KINDS))
    ),
    day_start_us(DAY),
)
ALIASES = Aliases([
    Alias("10.1.0.0/16", "carrier-a", group="carriers"),
    Alias("2001:db8::1", "Carrier B", 5061, "carriers"),
    Alias("192.0.2.1", "office"),
])  # fmt: skip
HOURS = ",".join(map(str, range(24)))

Entry = dict[str, Any]


def entries() -> list[Entry]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))["line"]  # type: ignore[no-any-return]


def right(line: str, view: str) -> Entry:
    """What a line that can be read is and asks."""
    query = parse(line)
    entry: Entry = {"q": line, "view": view, "printed": printed(query), "means": meaning(query, view)}
    try:
        named = with_aliases(query, ALIASES, view)
        allowed.check(named.root, view)
        where, reads = asked(named, view)
    except QueryError as error:
        return entry | {"refused": error.message}
    reading = {"reads": reads} if reads else {}
    arguments = [_argument(one) for one in where.arguments]
    return entry | {"sql": where.sql.replace(HOURS, "0..23"), "with": arguments} | reading


def _argument(value: object) -> str:
    """Octets that are no text as hexadecimal."""
    if not isinstance(value, bytes):
        return str(value)
    shown = text(value)
    return shown if shown.isprintable() else f"0x{value.hex()}"


def asked(query: Query, view: str) -> tuple[Condition, list[str]]:
    root: Node | None = query.root
    reads: list[str] = []
    if root is not None and reads_octets(root):
        root, reading = split(root)
        reads = [printed(Query(leaf)) for leaf in leaves(reading)]
    if root is None:
        return Condition("1=1"), reads
    leaf = plan.call_leaf(TABLES, DAY) if view == "calls" else plan.message_leaf(TABLES, DailyTable(DAY, Kind.CALL))
    return plan.condition(root, leaf), reads


def wrong(line: str) -> Entry:
    """What is said of a line that cannot be read."""
    try:
        parse(line)
    except QueryError as error:
        entry: Entry = {"q": line, "wrong": error.message, "at": error.position}
        entry |= {"meant": error.suggestion} if error.suggestion else {}
        return entry | ({"corrected": error.corrected} if error.corrected else {})
    raise AssertionError(f"{line!r} can be read")


def said(entry: Entry) -> Entry:
    """What the code says of an entry's line now; its `why` is a person's."""
    now = wrong(entry["q"]) if "wrong" in entry else right(entry["q"], entry["view"])
    return {"q": entry["q"], "why": entry["why"]} | now if "why" in entry else now


def written(all_entries: list[Entry]) -> str:
    head = "# Query lines and what they mean. See corpus.py.\n"
    return head + "".join(f"\n[[line]]\n{_table(entry)}" for entry in all_entries)


def _table(entry: Entry) -> str:
    return "".join(f"{name} = {_value(value)}\n" for name, value in entry.items())


def _value(value: object) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, str):
        return f"'{value}'" if "'" not in value and value.isprintable() else _basic(value)
    return str(value)


def _basic(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(one if one.isprintable() else f"\\u{ord(one):04x}" for one in escaped) + '"'


if __name__ == "__main__":
    FILE.write_text(written([said(entry) for entry in entries()]), encoding="utf-8")
