"""Header names: the compact forms of RFC 3261 section 7.3.3 and its extensions, as registered with IANA."""

COMPACT: dict[bytes, bytes] = {
    b"a": b"accept-contact",
    b"b": b"referred-by",
    b"c": b"content-type",
    b"d": b"request-disposition",
    b"e": b"content-encoding",
    b"f": b"from",
    b"i": b"call-id",
    b"j": b"reject-contact",
    b"k": b"supported",
    b"l": b"content-length",
    b"m": b"contact",
    b"n": b"identity-info",
    b"o": b"event",
    b"r": b"refer-to",
    b"s": b"subject",
    b"t": b"to",
    b"u": b"allow-events",
    b"v": b"via",
    b"x": b"session-expires",
    b"y": b"identity",
}
"""Compact form -> long form, lower case."""


def canonical(name: bytes) -> bytes:
    """The long form of a header's name in lower case, without the blanks that may stand before the colon."""
    name = name.strip().lower()
    return COMPACT.get(name, name)
