"""The octets of one SIP message -> the same message without what must not be told; None when it is withheld whole.

A message whose structure cannot be relied on is withheld, and so is one that after all still holds what was to be
hidden, or that reads worse than it did. Folded headers come out in one line; Content-Length is that of the new body.
"""

import re
from collections.abc import Iterator

from appliance.redaction import bodies, headers, parties
from appliance.redaction.hiding import Hiding
from appliance.sip.lines import head_lines, unfolded
from appliance.sip.names import canonical
from appliance.sip.parse import MAX_LINES, parse

_UNRELIABLE = frozenset(
    (
        *("not-sip", "leading-junk", "bad-first-line", "bad-version", "bad-method", "bad-status", "bad-ruri"),
        *("bad-header", "too-many-headers", "no-end-of-headers", "bad-from", "bad-to", "bad-via", "bad-contact"),
    )
)
"""Problems with which nobody can say what is a party and what is not."""
_LONGEST_MISSING = 9999
_RUN = re.compile(rb"(?:%3[0-9]|[0-9]){5,}")
_ESCAPED_OTHER = re.compile(rb"%(?!3[0-9])[0-9A-Fa-f]{2}")
"""An escape that is no digit: the 40 of `%40198.18.0.1` is an @, and begins no number."""
_REQUEST = re.compile(rb"([^ ]+) ([^ ]+) (SIP/2\.0)", re.IGNORECASE)
_STATUS = re.compile(rb"(SIP/2\.0 \d{3} ?)(.*)", re.IGNORECASE | re.DOTALL)


def redacted(payload: bytes, hiding: Hiding) -> bytes | None:
    """For messages of a share that hides parties; in the first reading (`hiding.learning`) the answer is of no use."""
    problems = set(parse(payload).problems)
    if problems & _UNRELIABLE:
        return None
    lines, start = head_lines(payload, MAX_LINES, [])
    body = payload[start:]
    end = b"\n" if "bare-lf" in problems else b"\r\n"
    named = list(_headers(lines[1:]))
    content_type, encoding = (_first(named, name) for name in (b"content-type", b"content-encoding"))
    new_body, new_type = bodies.body(body, content_type, encoding, hiding)
    missing = _missing(_first(named, b"content-length"), len(body))
    head = [_first_line(lines[0], hiding)]
    for name, value in named:
        known = canonical(name)
        if known == b"content-length":
            value = b"%d" % (len(new_body) + missing)
        elif known == b"content-type":
            value = hiding.text(new_type)
        elif known == b"content-encoding" and new_body != body:
            continue
        else:
            value = headers.value(known, value, hiding)
        head.append(name + b": " + value)
    made = end.join([*head, b"", new_body])
    return made if hiding.learning or _is_good(made, problems, hiding) else None


def _headers(lines: list[bytes]) -> Iterator[tuple[bytes, bytes]]:
    for line in unfolded(lines):
        name, _, value = line.partition(b":")
        yield name.strip(), value.strip()


def _first(named: list[tuple[bytes, bytes]], wanted: bytes) -> bytes:
    return next((value for name, value in named if canonical(name) == wanted), b"")


def _missing(length: bytes, there: int) -> int:
    """Octets that Content-Length promises beyond what came; so that a cut message stays one."""
    promised = int(length) if length.isdigit() and len(length) <= 9 else there
    return min(max(0, promised - there), _LONGEST_MISSING)


def _first_line(line: bytes, hiding: Hiding) -> bytes:
    if request := _REQUEST.fullmatch(line):
        return b" ".join((request[1], parties.uri(request[2], hiding), request[3]))
    status = _STATUS.fullmatch(line)
    assert status is not None, "sip.parse found no fault with it"
    return status[1] + hiding.text(parties.uris(status[2], hiding), liberal=True)


def _is_good(made: bytes, problems: set[str], hiding: Hiding) -> bool:
    """Whether nothing that is known is left, and nothing is wrong that was not."""
    return not still_tells(made, hiding) and set(parse(made).problems) <= problems


def still_tells(made: bytes, hiding: Hiding) -> bool:
    """Whether a number or an address that is known is left in it after all."""
    digits = (bytes(run) for run in _RUN.findall(_ESCAPED_OTHER.sub(b" ", made)))
    if any(hiding.known.tells(re.sub(rb"%3([0-9])", rb"\1", run)) for run in digits):
        return True
    lower = made.lower()
    return hiding.profile.hides_addresses and any(known.encode() in lower for known in hiding.known.addresses)
