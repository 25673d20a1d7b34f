"""Numbers, times and octets as pages show them: Jinja filters. Times are read in the zone that the page is in."""

from collections.abc import Callable, Mapping
from typing import Any

from appliance.export import moments, scale
from appliance.model.ids import call_key, callid_hash
from appliance.model.octets import octets, shown
from appliance.quality.grade import grade

UNKNOWN = "–"
HUES = 24
"""How many hues tell calls apart (classes hue-0 … of app.css)."""

_BIDI = {*range(0x200E, 0x2010), *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x061C, 0xFEFF}


def clock(time_us: int) -> str:
    """`06:12:33.123`."""
    return moments.local(time_us).strftime("%H:%M:%S.%f")[:-3]


def stamp(time_us: int) -> str:
    """`2026-11-23 06:12:33.123`."""
    return moments.local(time_us).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]


def day(time_us: int) -> str:
    """`2026-11-23`."""
    return moments.local(time_us).strftime("%Y-%m-%d")


def minute(time_us: int) -> str:
    """`2026-11-23 06:12`."""
    return moments.local(time_us).strftime("%Y-%m-%d %H:%M")


def zoned(time_us: int) -> str:
    """The whole time with its zone, for titles: `… UTC`, `… CET (UTC+01:00)`."""
    read = moments.local(time_us)
    offset = read.isoformat()[26:]
    return f"{read:%Y-%m-%d %H:%M:%S.%f %Z}" + ("" if read.tzname() == "UTC" else f" (UTC{offset})")


def span(milliseconds: int | float | None) -> str:
    """`87 ms`, `3.42 s`, `4:05`, `1:02:03`."""
    if milliseconds is None:
        return UNKNOWN
    if milliseconds < 1000:
        return f"{milliseconds:.0f} ms"
    if milliseconds < 60_000:
        return f"{milliseconds / 1000:.2f} s"
    minutes, seconds = divmod(round(milliseconds / 1000), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def number(value: int | float | None) -> str:
    """`1 234 567`, with narrow no-break spaces."""
    if value is None:
        return UNKNOWN
    text = f"{value:,.1f}" if isinstance(value, float) and value < 100 else f"{value:,.0f}"
    return text.replace(",", "\u202f")


def size(count: int | None) -> str:
    """Octets: `512 B`, `1.4 KiB`, `3.1 GiB`."""
    if count is None:
        return UNKNOWN
    amount = float(count)
    for unit in ("B", "KiB", "MiB", "GiB"):
        if amount < 1024:
            return f"{amount:.0f} {unit}" if unit == "B" or amount >= 100 else f"{amount:.1f} {unit}"
        amount /= 1024
    return f"{amount:.1f} TiB"


def visible(text: str | None) -> str:
    """What came off the wire, safe to look at: controls and marks that turn the direction are written out."""
    if not text:
        return ""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_visible(character) for character in shown(text))


def visible_lines(text: str | None) -> str:
    """The same, keeping the ends of lines and tabs."""
    if not text:
        return ""
    joined = shown(text).replace("\r\n", "\n")
    return "".join(c if c in "\n\t" else _visible(c) for c in joined)


def _visible(character: str) -> str:
    point = ord(character)
    if point < 0x20:
        return chr(0x2400 + point)
    if point == 0x7F:
        return "\u2421"
    if 0x80 <= point < 0xA0 or point in _BIDI:
        return f"⟨U+{point:04X}⟩"
    return character


def sentence(words: str) -> str:
    """With a capital and a full stop, as errors of the lower packages have neither."""
    return words[:1].upper() + words[1:] + ("" if words.endswith((".", "!", "?")) else ".")


def hue(callid: str) -> str:
    """The class of a Call-ID's colour."""
    return f"hue-{callid_hash(octets(callid)) % HUES}"


def reply_class(method: str) -> str:
    """The class of a method's or code's colour: `req`, `req-invite`, `rc-2`."""
    if method[:1].isdigit():
        return f"rc-{method[0]}"
    name = "".join(c for c in method.lower() if c.isascii() and c.isalpha())
    return f"req req-{name}" if name else "req"


def status_class(status: int | None) -> str:
    return f"rc-{status // 100}" if status else ""


def address(ip: str, port: int | None = None) -> str:
    """`10.0.0.1:5060`, `[2001:db8::1]:5060`."""
    if port is None:
        return ip
    return f"[{ip}]:{port}" if ":" in ip else f"{ip}:{port}"


def end(socket: tuple[str, int]) -> str:
    """An end of a stream; without its port when that is not known (0)."""
    return address(socket[0] or UNKNOWN, socket[1] or None)


def figure(value: float | None) -> str:
    """A measured value: `4.31`, `12.5`, `340`, or that it is not known."""
    return UNKNOWN if value is None else scale.written(value)


def since(between_us: int) -> str:
    """`+1.234 s`: after the beginning."""
    return moments.span(between_us)


def one_line(text: str | None, most: int = 240) -> str:
    """The beginning of a text of many lines, for a cell of a table."""
    words = " ".join((text or "")[: 4 * most].split())
    return words if len(words) <= most else words[: most - 1] + "…"


def graded(mos: float | None, loss_percent: float | None = None) -> str:
    """The class of a figure's colour."""
    return f"g-{grade(mos, loss_percent)}"


FILTERS: Mapping[str, Callable[..., Any]] = {
    "clock": clock,
    "stamp": stamp,
    "day": day,
    "minute": minute,
    "zoned": zoned,
    "span": span,
    "number": number,
    "size": size,
    "visible": visible,
    "visible_lines": visible_lines,
    "sentence": sentence,
    "hue": hue,
    "call_key": lambda callid: call_key(octets(callid)),
    "reply_class": reply_class,
    "status_class": status_class,
    "end": end,
    "figure": figure,
    "since": since,
    "one_line": one_line,
    "graded": graded,
}
