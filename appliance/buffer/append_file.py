"""What lies in a piece of Redis's append-only file: commands as RESP arrays of strings. Pure."""

import re
from collections.abc import Iterator

from appliance.buffer import keys
from appliance.buffer.batch import Batch

_XADD = re.compile(rb"\*(\d{1,3})\r\n\$4\r\nXADD\r\n", re.IGNORECASE)
_LENGTH = re.compile(rb"\$(\d{1,9})\r\n")
_NAME = re.compile(rb"[A-Za-z0-9-]{1,64}")
"""What becomes the name of a file."""


def batches_in(octets: bytes) -> Iterator[Batch]:
    """Batches that were added to the stream, as far as each is there whole; what lies between them is passed over."""
    for found in _XADD.finditer(octets):
        words = _words(octets, found.end(), int(found[1]) - 1)
        batch = _batch(words) if words and words[0] == keys.BATCHES.encode() else None
        if batch is not None:
            yield batch


def _words(octets: bytes, position: int, count: int) -> list[bytes]:
    """So many strings from there on; none when one of them is damaged."""
    words = []
    for _ in range(count):
        length = _LENGTH.match(octets, position)
        if length is None:
            return []
        end = length.end() + int(length[1])
        if octets[end : end + 2] != b"\r\n":
            return []
        words.append(octets[length.end() : end])
        position = end + 2
    return words


def _batch(words: list[bytes]) -> Batch | None:
    """From key, id, and the fields that `push` writes."""
    fields = dict(zip(words[2::2], words[3::2], strict=False))
    try:
        name, count, body = (fields[field] for field in (keys.NAME_FIELD, keys.COUNT_FIELD, keys.BODY_FIELD))
        return Batch(name.decode("ascii"), int(count), body) if _NAME.fullmatch(name) else None
    except (KeyError, ValueError):
        return None
