"""The token of an Identity header (PASSporT, RFC 8225; SHAKEN, RFC 8588) taken apart; its signature is not checked."""

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any

from appliance.web.wording import zoned

_LIMIT = 20_000
ATTESTATIONS = {
    "A": "A, full: the carrier knows the caller and its right to this number",
    "B": "B, partial: the carrier knows the caller, not its right to this number",
    "C": "C, gateway: the carrier knows only where the call entered",
}
_LAST_SECOND = 253_402_300_799


@dataclass(frozen=True, slots=True)
class Passport:
    """Header and payload as JSON in lines, and what they say in words."""

    header: str
    payload: str
    claims: list[tuple[str, str]]
    rest: str
    """Parameters after the token: info, alg, ppt."""
    problem: str


def passport(value: str) -> Passport:
    """Of an Identity header's value."""
    token, _, rest = value.strip().partition(";")
    if len(token) > _LIMIT:
        return _broken(rest, "The token is too long to be shown taken apart.")
    parts = token.strip().strip('"').split(".")
    if len(parts) != 3:
        return _broken(rest, "This is no token of three parts: the older form of RFC 4474, or broken.")
    try:
        header, payload = (_unpacked(part) for part in parts[:2])
    except ValueError as error:
        return _broken(rest, f"The token cannot be read: {error}.")
    return Passport(_lines(header), _lines(payload), _claims(header, payload), rest, "")


def _broken(rest: str, problem: str) -> Passport:
    return Passport("", "", [], rest, problem)


def _claims(header: Any, payload: Any) -> list[tuple[str, str]]:
    """What the token says, in words; of its parts those that are of the right form."""
    head = header if isinstance(header, dict) else {}
    said = payload if isinstance(payload, dict) else {}
    attest = said.get("attest")
    named = [
        ("Attestation", ATTESTATIONS.get(attest, str(attest)) if isinstance(attest, str) else ""),
        ("Caller", _party(said.get("orig"))),
        ("Called", _party(said.get("dest"))),
        ("Issued", _issued(said.get("iat"))),
        ("Origin id", _text(said.get("origid"))),
        ("Diverted by", _party(said.get("div"))),
        ("Kind", _text(head.get("ppt"))),
        ("Algorithm", _text(head.get("alg"))),
        ("Certificate", _text(head.get("x5u"))),
    ]
    return [(name, value) for name, value in named if value]


def _party(value: Any) -> str:
    """`orig` has one number or URI, `dest` lists of them."""
    if not isinstance(value, dict):
        return ""
    found = [each for name in ("tn", "uri") if name in value for each in _each(value[name])]
    return ", ".join(found)


def _each(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [one for one in values if isinstance(one, str)]


def _issued(value: Any) -> str:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _LAST_SECOND:
        return zoned(value * 1_000_000).replace(".000000", "")
    return ""


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _unpacked(part: str) -> Any:
    """JSON of base64url; None of an empty part, which the compact form leaves out."""
    if not part:
        return None
    try:
        octets = base64.b64decode(part.encode("ascii") + b"=" * (-len(part) % 4), altchars=b"-_", validate=True)
        found = json.loads(octets)
        json.dumps(found)
    except (UnicodeError, binascii.Error, RecursionError) as error:
        raise ValueError("it is not base64url") from error
    except ValueError as error:
        raise ValueError("it is not JSON") from error
    return found


def _lines(value: Any) -> str:
    return "(compact form: left out)" if value is None else json.dumps(value, indent=2, ensure_ascii=False)
