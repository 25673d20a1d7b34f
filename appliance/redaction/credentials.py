"""Header values that are secrets as a whole or in part: credentials, STIR tokens, and what only machines read."""

import base64
import json
import re

from appliance.redaction import parties
from appliance.redaction.hiding import Hiding

WITHHELD = b"withheld"

_SECRETS = frozenset(
    b"response nonce cnonce opaque auts nextnonce rspauth ik ck integrity-key digest-response uniq".split()
)
_PARAMETER = re.compile(rb'([\w*-]+)(\s*=\s*)("[^"\\]*+(?:\\.[^"\\]*+)*"?+|[^,\s"]*+)', re.DOTALL)
_TOKEN_PARAMETER = re.compile(rb";\s*(alg|ppt)\s*=\s*\"?([\w-]{1,16})\"?", re.IGNORECASE)


def credentials(value: bytes, hiding: Hiding) -> bytes:
    """Authorization, WWW-Authenticate, Authentication-Info …: names of parameters stay, secrets do not."""
    scheme, blank, rest = value.partition(b" ")
    if b"=" in scheme:
        scheme, blank, rest = b"", b"", value
    elif scheme.lower() != b"digest":
        return scheme + b" " + WITHHELD if blank else WITHHELD
    return scheme + blank + _PARAMETER.sub(lambda found: _parameter(found, hiding), rest)


def _parameter(found: re.Match[bytes], hiding: Hiding) -> bytes:
    name, equals, value = found.groups()
    quote = b'"' if value[:1] == b'"' else b""
    inside = value.strip(b'"')
    word = name.lower()
    if word in _SECRETS:
        made = hiding.standins.hexadecimal(inside) if re.fullmatch(rb"[0-9A-Fa-f]+", inside) else b""
        made = made or hiding.standins.token(inside)
    elif word in (b"username", b"username*"):
        user, at, host = inside.partition(b"@")
        made = parties.user(user, hiding) + at + hiding.text(host)
    elif word == b"uri":
        made = parties.uri(inside, hiding)
    elif word == b"realm":
        hiding.note_host(inside)
        made = hiding.text(inside)
    else:
        made = hiding.text(inside, numeric=word == b"nc")
    return name + equals + quote + made + quote


def identity(value: bytes) -> bytes:
    """A token (RFC 8224) that says that it stands for another; `attest`, `alg` and `ppt` are nobody's secret."""
    payload: dict[str, str] = {"redacted": "the token was replaced: it names numbers"}
    attest = _attest(value)
    if attest:
        payload["attest"] = attest
    parts = [_encoded({"typ": "passport", "redacted": "true"}), _encoded(payload), _encoded("redacted")]
    kept = [b";%b=%b" % (name.lower(), word) for name, word in _TOKEN_PARAMETER.findall(value)]
    return b".".join(parts) + b";info=<https://redacted.invalid>" + b"".join(dict.fromkeys(kept))


def _encoded(value: object) -> bytes:
    return base64.urlsafe_b64encode(json.dumps(value, separators=(",", ":")).encode()).rstrip(b"=")


def _attest(value: bytes) -> str:
    """A, B or C; "" of what cannot be read."""
    parts = value.split(b";")[0].split(b".")
    try:
        octets = base64.b64decode(parts[1] + b"=" * (-len(parts[1]) % 4), altchars=b"-_", validate=True)
        found = json.loads(octets)["attest"]
    except (IndexError, KeyError, TypeError, ValueError, RecursionError):
        return ""
    return found if found in ("A", "B", "C") else ""
