"""Raw values of a report as names and words: what its page shows below the figures."""

from collections.abc import Iterable, Iterator
from typing import Any

from appliance.quality.rtcp import Block, Part, Sender

MAX_FIELDS = 500
MAX_TEXT = 500
MAX_DEPTH = 12

_PARTS = {200: "SR", 201: "RR", 202: "SDES", 203: "BYE", 204: "APP", 205: "RTPFB", 206: "PSFB", 207: "XR"}
_ITEMS = {1: "CNAME", 2: "NAME", 3: "EMAIL", 4: "PHONE", 5: "LOC", 6: "TOOL", 7: "NOTE", 8: "PRIV"}


def json_fields(value: Any) -> list[tuple[str, str]]:
    """Every value of a JSON document, named by its path: `report_blocks[0].ia_jitter`."""
    found: list[tuple[str, str]] = []
    for pair in _flat("", value, 0):
        found.append(pair)
        if len(found) == MAX_FIELDS:
            break
    return found


def _flat(path: str, value: Any, depth: int) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict) and depth < MAX_DEPTH:
        for name, one in value.items():
            yield from _flat(f"{path}.{name[:MAX_TEXT]}" if path else name[:MAX_TEXT], one, depth + 1)
    elif isinstance(value, list) and depth < MAX_DEPTH:
        for place, one in enumerate(value):
            yield from _flat(f"{path}[{place}]", one, depth + 1)
    elif path:
        yield path, _words(value)


def _words(value: Any) -> str:
    if isinstance(value, dict | list):
        return "…"
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    try:
        return str(value)[:MAX_TEXT]
    except ValueError:
        return "a number of thousands of digits"


def rtcp_fields(parts: Iterable[Part]) -> list[tuple[str, str]]:
    """Every value of a compound RTCP packet, named by its part: `SR block 1 jitter`."""
    found: list[tuple[str, str]] = []
    for part in parts:
        name = _PARTS.get(part.packet_type, f"type {part.packet_type}")
        if part.ssrc is not None:
            found.append((f"{name} ssrc", str(part.ssrc)))
        found += _values(name, part.sender) if part.sender else []
        for place, block in enumerate(part.blocks, 1):
            found += _values(f"{name} block {place}", block)
        found += [(f"{name} {_ITEMS.get(kind, f'item {kind}')}", text) for kind, text in part.texts]
        found += [(f"{name} left", str(ssrc)) for ssrc in part.left]
        for one in part.extended:
            found.append((f"{name} block type", str(one.block_type)))
            found += [(f"{name} {one.block_type} {key}", str(value)) for key, value in one.values.items()]
    return found[:MAX_FIELDS]


def _values(name: str, one: Sender | Block) -> list[tuple[str, str]]:
    return [(f"{name} {field}", str(value)) for field, value in one._asdict().items()]
