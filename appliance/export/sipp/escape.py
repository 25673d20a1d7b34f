"""Octets of the network as SIPp's scenario language takes them back: text for a CDATA section, without keywords.

SIPp makes CR LF of each line end, cuts blanks at both ends of a line, begins a keyword at each `[`, and reads `\\xHH`
as an octet. So brackets (and with them `]]>`), outer blanks and whatever is not printable ASCII are written as `\\xHH`,
a backslash before an x too. What comes out holds no line end.
"""

import ipaddress
import re
from dataclasses import dataclass

_NOT_PLAIN = re.compile(r"[^ -~]|[\[\]]|\\(?=x)")
_OUTER_BLANK = re.compile(r"\A | \Z")
_ADDRESS = re.compile(
    r"(?P<six>\[[0-9A-Fa-f:.%]+\])(?P<port6>:\d+)?|(?<![\w.])(?P<four>\d{1,3}(?:\.\d{1,3}){3})(?P<port4>:\d+)?(?![\w.])"
)


@dataclass(frozen=True, slots=True)
class Ends:
    """The two ends of the captured hop as one side sees them."""

    local: tuple[str, int]
    remote: tuple[str, int]


def escaped(octets: bytes) -> str:
    """A whole line: nothing in it means anything to SIPp or XML."""
    return _OUTER_BLANK.sub(_hex, piece(octets))


def piece(octets: bytes) -> str:
    """What stands within a line."""
    return _NOT_PLAIN.sub(_hex, octets.decode("latin-1"))


def addressed(octets: bytes, ends: Ends) -> str:
    """A piece with the addresses of both ends as keywords, so that it fits wherever the scenario runs."""
    text, parts, at = octets.decode("latin-1"), [], 0
    for found in _ADDRESS.finditer(text):
        keyword = _keyword(found, ends)
        if keyword:
            parts += [text[at : found.start()], keyword]
            at = found.end()
    parts.append(text[at:])
    return "".join(part if number % 2 else piece(part.encode("latin-1")) for number, part in enumerate(parts))


def comment(text: str) -> str:
    """Text for an XML comment: no two hyphens beside each other, none at its end, nothing that is not printable."""
    shown = "".join(char if char.isprintable() else "\ufffd" for char in text)
    shown = re.sub(r"-(?=-)", "- ", shown.encode("ascii", "replace").decode("ascii"))
    return shown + " " if shown.endswith("-") else shown


def _hex(found: re.Match[str]) -> str:
    return f"\\x{ord(found.group()):02X}"


def _keyword(found: re.Match[str], ends: Ends) -> str:
    """`[local_ip]:[local_port]`; another port stays as it is; "" for an address of neither end."""
    address = found["six"][1:-1] if found["six"] else found["four"]
    port = (found["port6"] or found["port4"] or "")[1:]
    for name, (ip, number) in (("local", ends.local), ("remote", ends.remote)):
        if _same(address, ip):
            return f"[{name}_ip]" + (f":[{name}_port]" if port == str(number) else f":{port}" if port else "")
    return ""


def _same(one: str, other: str) -> bool:
    try:
        return ipaddress.ip_address(one) == ipaddress.ip_address(other)
    except ValueError:
        return False
