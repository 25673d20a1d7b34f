"""Octets from the wire as text and back, without losing any.

Values that came from the network are kept as bytes where they are parsed and stored, and as `str` where
they are shown. A byte that is not UTF-8 becomes a lone surrogate (PEP 383), so `octets(text(b)) == b`
for every `b`. `shown` is for the edges (HTML, SVG, JSON): there a lone surrogate may not appear.
"""

from collections.abc import Iterable


def text(value: bytes) -> str:
    """Decode octets for use inside; bytes that are not UTF-8 become lone surrogates."""
    return value.decode("utf-8", "surrogateescape")


def octets(value: str) -> bytes:
    """The inverse of `text`."""
    return value.encode("utf-8", "surrogateescape")


def shown(value: str) -> str:
    """Replace what may not leave the process in a text file (lone surrogates) by U+FFFD."""
    return octets(value).decode("utf-8", "replace")


def whole_words(words: Iterable[str], width: int) -> bytes:
    """The first of these words with commas between them, as many as fit in so many octets."""
    joined = b""
    for word in words:
        longer = joined + b"," + octets(word) if joined else octets(word)
        if len(longer) > width:
            break
        joined = longer
    return joined
