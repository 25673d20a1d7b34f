"""The cursor: base64url of the resolved range, the sort, the last key, and which question it continues.

Nobody is kept from making one: it is read strictly, and says nothing that its owner could not ask anyway.
"""

import base64
import binascii
import json
from dataclasses import dataclass

import xxhash

from appliance.model.kinds import Kind
from appliance.model.rows import Total
from appliance.storage.search.question import BadCursor, Question

MAX_LENGTH = 512
BIGGEST = (1 << 64) - 1

MessageKey = tuple[int, int, str]
"""(micro_ts, row id, kind): rows follow in falling order of it, or in rising."""
StreamKey = tuple[int, int, str]
"""(micro_ts, row id, part in digits): the same for reported streams."""
CallKey = tuple[int, int, str]
"""(started, hash, ""): the same for calls."""
BindingKey = tuple[int, int, str]
"""(started, binding, microseconds of the first page in digits): the same for registrations."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """After which key a page begins."""

    from_us: int
    to_us: int
    key: MessageKey
    total: Total


def written(question: Question, cursor: Cursor) -> str:
    """The cursor as users get it."""
    fields = [
        _fingerprint(question),
        question.order.value,
        cursor.from_us,
        cursor.to_us,
        *cursor.key,
        cursor.total.count,
        int(cursor.total.exact),
    ]
    plain = json.dumps(fields, separators=(",", ":")).encode("ascii")
    return base64.urlsafe_b64encode(plain).rstrip(b"=").decode("ascii")


def read(question: Question, text: str) -> Cursor:
    """The cursor of this question. Raises BadCursor."""
    match _decoded(text):
        case [fingerprint, sort, int(start), int(end), int(time), int(row), str(kind), int(count), int(exact)]:
            numbers = (start, end, time, row, count, exact)
        case _:
            raise BadCursor("this cursor cannot be read; start again at the first page")
    if fingerprint != _fingerprint(question) or sort != question.order.value:
        raise BadCursor("this cursor belongs to another search; start again at the first page")
    if not all(0 <= number <= BIGGEST for number in numbers) or not _is_last(kind):
        raise BadCursor("this cursor cannot be read; start again at the first page")
    return Cursor(start, end, (time, row, kind), Total(count, bool(exact)))


def _is_last(part: str) -> bool:
    """What a key may end with: a kind, the number of a report's stream, the time of a first page, or nothing."""
    return part in set(Kind) or (len(part) <= 17 and part.isascii() and part.isdigit()) or not part


def _fingerprint(question: Question) -> str:
    about = "\0".join((question.line, question.view, question.legs, question.options))
    return xxhash.xxh3_64_hexdigest(about.encode("utf-8", "surrogatepass"))


def _decoded(text: str) -> object:
    try:
        encoded = text.encode("ascii")
        if len(encoded) > MAX_LENGTH:
            return None
        plain = base64.b64decode(encoded + b"=" * (-len(encoded) % 4), altchars=b"-_", validate=True)
        return json.loads(plain)
    except (UnicodeEncodeError, binascii.Error, ValueError, RecursionError):
        return None
