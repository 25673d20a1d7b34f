"""JSON as agents send it: with NULs, a byte order mark or junk at its end, and as deep as somebody likes."""

import json
from typing import Any

_DECODER = json.JSONDecoder()
_OPENING = (b"{", b"[")


def looks_like_json(payload: bytes) -> bool:
    return payload.lstrip(b" \t\r\n\0\xef\xbb\xbf")[:1] in _OPENING


def read_json(payload: bytes) -> Any:
    """The first value in it, None when there is none; what follows is not looked at."""
    text = payload.decode("utf-8", "replace").replace("\0", "").lstrip(" \t\r\n\ufeff")
    try:
        return _DECODER.raw_decode(text)[0]
    except (ValueError, RecursionError):
        return None
