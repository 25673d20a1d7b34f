"""The torture messages of RFC 4475 and RFC 5118, and which of them are malformed."""

from typing import Any

from tests.captures import CAPTURES, load_json

_INDEX = load_json("torture_index")
RFC_4475: dict[str, dict[str, Any]] = {entry["name"]: entry for entry in _INDEX["rfc4475"]}
RFC_5118: dict[str, dict[str, Any]] = {entry["name"]: entry for entry in _INDEX["rfc5118"]}
INVALID = {
    "badinv01": ("bad-via",),
    "ncl": ("bad-content-length",),
    "scalar02": ("bad-cseq", "bad-expires"),
    "quotbal": ("bad-to",),
    "ltgtruri": ("bad-ruri",),
    "lwsruri": ("bad-first-line",),
    "lwsstart": ("bad-first-line",),
    "escruri": ("bad-ruri",),
    "regbadct": ("bad-contact",),
    "badaspec": ("bad-to",),
    "badvers": ("bad-version", "bad-via"),
    "mismatch01": ("cseq-mismatch",),
    "insuf": ("no-from", "no-to", "no-callid"),
    "mcl01": ("repeated-header",),
    "ipv6-bad": ("bad-ruri",),
}
"""The rest is either valid, or wrong in what is not read here (Date) or at a layer above the parser."""


def octets_of(name: str) -> bytes:
    """The message as the RFC has it."""
    octets: bytes = (CAPTURES / (RFC_4475 | RFC_5118)[name]["file"]).read_bytes()
    return octets
