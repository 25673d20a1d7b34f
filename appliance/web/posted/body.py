"""The body of a posted request -> its items: JSON (one object or an array of them), JSON lines, or lines of a log."""

import json
import zlib
from typing import Any

MOST_OCTETS = 4 << 20
"""Of a body, also once it is unpacked."""
MOST_ITEMS = 10_000
_LINE_TYPES = ("application/x-ndjson", "application/jsonl", "application/x-jsonlines")
_ZLIB_OR_GZIP = 32 + zlib.MAX_WBITS


class BadBody(ValueError):
    """Nothing of the body can be read. `code` and `status` for the answer, `where` in the body."""

    def __init__(self, sentence: str, code: str = "bad_body", status: int = 400, where: str | None = None) -> None:
        super().__init__(sentence)
        self.code, self.status, self.where = code, status, where


def items(body: bytes, content_type: str, encoding: str = "") -> list[Any]:
    """The items in their order: values of JSON, or `str` for a line of text. Raises BadBody."""
    body = _unpacked(body, encoding.strip().lower())
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "text/plain":
        found: list[Any] = [line for line in body.decode("utf-8", "surrogateescape").splitlines() if line.strip()]
    elif kind in _LINE_TYPES:
        found = _lines(body)
    else:
        read = _json(body, None)
        found = read if isinstance(read, list) else [read]
    if len(found) > MOST_ITEMS:
        raise BadBody(f"That is {len(found)} items; send at most {MOST_ITEMS} at once.", "too_many", 413)
    return found


def _unpacked(body: bytes, encoding: str) -> bytes:
    """Janus compresses and says `gzip`; some say `deflate`."""
    if encoding in ("", "identity"):
        return body
    if encoding not in ("gzip", "deflate", "x-gzip"):
        raise BadBody("Send the body plain, or with Content-Encoding gzip or deflate.", "bad_encoding", 415)
    opened = zlib.decompressobj(_ZLIB_OR_GZIP)
    try:
        plain = opened.decompress(body, MOST_OCTETS + 1)
    except zlib.error as error:
        raise BadBody(f"The body is not {encoding}: {error}.") from error
    if len(plain) > MOST_OCTETS:
        raise BadBody(f"Unpacked, the body is larger than {MOST_OCTETS} octets.", "too_large", 413)
    if not opened.eof:
        raise BadBody(f"The {encoding} body ends too early.")
    return plain


def _lines(body: bytes) -> list[Any]:
    lines = enumerate(body.split(b"\n"), 1)
    return [_json(line, f"line {number}") for number, line in lines if line.strip()]


def _json(text: bytes, where: str | None) -> Any:
    try:
        return json.loads(text, parse_constant=_refuse)
    except RecursionError as error:
        raise BadBody("The JSON is nested too deeply.", where=where) from error
    except ValueError as error:  # JSONDecodeError, UnicodeDecodeError, a number of thousands of digits
        raise BadBody(f"The body is not JSON: {error}.", where=where) from error


def _refuse(word: str) -> None:
    raise ValueError(f"{word} is no JSON number")
