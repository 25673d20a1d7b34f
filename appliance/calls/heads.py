"""The heads of a ladder's columns, and where the columns stand: as near together as labels and heads allow."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from appliance.calls.hosts import Column, Hosts, key
from appliance.calls.labels import cells, printable, shortened
from appliance.calls.ladder import CHAR, HOOK, Host
from appliance.model.rows import MessageRow

NARROWEST, WIDEST = 128, 272
"""Limits of the distance of two neighbouring columns by the labels between them."""
MARGIN = 24
LINE_CELLS = 22
"""Characters in one line of a head; an IPv6 address takes two."""
MOST_AGENTS = 2


def heads(columns: Sequence[Column], hosts: Hosts, names: Mapping[str, str], rows: Sequence[MessageRow]) -> list[Host]:
    """One of each column; `rows` are the messages that are drawn, and tell by which agents a host is known."""
    agents = _agents(rows, hosts)
    return [_head(column, hosts, names, agents.get(column, [])) for column in columns]


def _agents(rows: Sequence[MessageRow], hosts: Hosts) -> dict[Column, list[str]]:
    """The agents that tell of each column; of none when one agent tells of all."""
    if len({row.node for row in rows}) < 2:
        return {}
    found: dict[Column, dict[str, None]] = {}
    for row in rows:
        for end in hosts.ends(row):
            found.setdefault(hosts.columns[end], {})[printable(row.node)] = None
    return {column: [name for name in known if name] for column, known in found.items()}


def _head(column: Column, hosts: Hosts, names: Mapping[str, str], agents: Sequence[str]) -> Host:
    address, _ = column
    members = hosts.members.get(column, [column])
    ports = hosts.ports[column]
    name = printable(names.get(address, ""))
    own = " ".join(f":{port}" for port in ports[:3]) + (" …" if len(ports) > 3 else "")
    others = f" + {len(members) - 1}" if len(members) > 1 else ""
    lines = tuple(_lines((name or printable(address) or "?") + others))
    below = shortened(f"{_bracketed(address, own)}{own}", LINE_CELLS + 4) if name else own
    by = shortened(", ".join(agents[:MOST_AGENTS]) + (" …" if len(agents) > MOST_AGENTS else ""), LINE_CELLS)
    addresses = dict.fromkeys(printable(member[0]) for member in members)
    told = [f"agents: {', '.join(agents)}"] if agents else []
    title = " ".join(part for part in (name, *addresses, *(f":{port}" for port in ports[:50]), *told) if part)
    width = max(cells(line) for line in (*lines, below, by))
    keys = tuple(key(member) for member in members)
    return Host(lines, below, title, 0, round(width * CHAR) + 20, keys, by, column not in hosts.talking)


def _bracketed(address: str, ports: str) -> str:
    return f"[{printable(address)}]" if ":" in address and ports else printable(address)


def _lines(text: str) -> list[str]:
    if cells(text) <= LINE_CELLS:
        return [text]
    cut = max(text.rfind(":", 0, LINE_CELLS), text.rfind(" ", 0, LINE_CELLS), text.rfind("-", 0, LINE_CELLS))
    cut = cut + 1 if cut > 3 else LINE_CELLS
    return [text[:cut], shortened(text[cut:], LINE_CELLS + 2)]


def positions(
    heads: Sequence[Host], labels: Sequence[str], ends: Sequence[tuple[int, int]], gutter: int
) -> tuple[list[int], int]:
    """Where the columns stand, and the width of all; `labels` and `ends` are those of the arrows."""
    gaps = [max(NARROWEST, (one.width + other.width) // 2 + 12) for one, other in pairwise(heads)]
    right = max((heads[-1].width // 2 if heads else 0), 40)
    for text, (source, destination) in zip(labels, ends, strict=True):
        wide = min(WIDEST, round(cells(text) * CHAR) + 30)
        first = min(source, destination)
        if source == destination and first == len(heads) - 1:
            right = max(right, HOOK + wide)
        elif abs(source - destination) <= 1:
            gaps[first] = max(gaps[first], wide + HOOK * (source == destination))
    x = gutter + (heads[0].width // 2 if heads else 0)
    xs = [x]
    for gap in gaps:
        xs.append(xs[-1] + gap)
    return xs[: len(heads)], xs[-1] + right + MARGIN


def room(xs: Sequence[int], width: int, source: int, destination: int) -> int:
    """Pixels that the label of an arrow may take."""
    if source != destination:
        return abs(xs[destination] - xs[source]) - 22
    until = xs[source + 1] if source + 1 < len(xs) else width - MARGIN // 2
    return until - xs[source] - HOOK - 12
