"""Octets that are no text as people read them: place, sixteen octets, and those that are printable ASCII."""

MOST_OCTETS = 16_384
_ROW = 16


def is_text(octets: bytes) -> bool:
    """Whether these are UTF-8 without controls other than blanks and ends of lines."""
    try:
        octets.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return not any(octet < 0x20 and octet not in b"\t\r\n" for octet in octets)


def dump(octets: bytes) -> str:
    """`0000  81 c9 00 07 …  .…`; what is beyond MOST_OCTETS is counted."""
    shown = octets[:MOST_OCTETS]
    lines = [_line(place, shown[place : place + _ROW]) for place in range(0, len(shown), _ROW)]
    if len(octets) > len(shown):
        lines.append(f"… {len(octets) - len(shown)} more octets")
    return "\n".join(lines)


def _line(place: int, octets: bytes) -> str:
    pairs = " ".join((octets[:8].hex(" "), "", octets[8:].hex(" "))).rstrip()
    letters = "".join(chr(octet) if 0x20 <= octet < 0x7F else "." for octet in octets)
    return f"{place:04x}  {pairs:<49} {letters}"
