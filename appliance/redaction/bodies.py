"""Bodies: session descriptions without keys, addresses and numbers; of all others what they were and how long."""

import re

from appliance.redaction import parties
from appliance.redaction.hiding import Hiding

_FRAGMENT = re.compile(rb"SIP/2\.0 [1-6]\d\d [A-Za-z ]{0,40}(?=\r?\n|\Z)")
_BOUNDARY = re.compile(rb"boundary\s*=\s*\"?([^\";,\s]{1,70})\"?", re.IGNORECASE)
_SAYS_SDP = re.compile(rb"\A\s*v=0\s*?\r?\n")
_FREE_TEXT = (b"s=", b"i=")
_CONTACTS = (b"u=", b"e=", b"p=")
_KEYED = re.compile(
    rb"(?P<head>a=(?:crypto:\d+\s+\S+\s+|ice-ufrag:|ice-pwd:|key-mgmt:|identity:|tls-id:|connection-id:|"
    rb"ssrc:\d+\s+cname:|ssrc:\d+\s+(?:msid|label|mslabel):|msid:|msid-semantic:\s*WMS\s*))(?P<key>.*)",
    re.IGNORECASE | re.DOTALL,
)
_INLINE = re.compile(rb"inline:([^|\s;]+)", re.IGNORECASE)


def body(octets: bytes, content_type: bytes, encoding: bytes, hiding: Hiding) -> tuple[bytes, bytes]:
    """The body to show, and its type: text where it was withheld."""
    kind = content_type.partition(b";")[0].strip().lower()
    if not octets.strip():
        return octets, content_type
    if not encoding.strip() and _SAYS_SDP.match(octets) and kind in (b"application/sdp", b""):
        return session(octets, hiding), content_type
    if kind == b"message/sipfrag" and (found := _FRAGMENT.match(octets)):
        return found.group() + b"\r\n", content_type
    if kind.startswith(b"multipart/") and not encoding.strip() and (found := _BOUNDARY.search(content_type)):
        inner = _first_session(octets, found[1], hiding)
        if inner is not None:
            return inner, b"application/sdp"
    named = kind if re.fullmatch(rb"[a-z][a-z.+-]{0,30}/[a-z][a-z.+-]{0,40}", kind) else b"body"
    return b"[withheld: %b]\r\n" % named, b"text/plain"


def _first_session(octets: bytes, boundary: bytes, hiding: Hiding) -> bytes | None:
    """The session description among the parts of a multipart body; the others are left out."""
    for part in octets.split(b"--" + boundary)[1:]:
        head, _, inner = part.replace(b"\r\n", b"\n").partition(b"\n\n")
        plain = b"content-transfer-encoding" not in head.lower()
        if b"application/sdp" in head.lower() and plain and _SAYS_SDP.match(inner):
            return session(inner.replace(b"\n", b"\r\n"), hiding)
    return None


def session(octets: bytes, hiding: Hiding) -> bytes:
    """A session description, line by line; what is no line of one is left out."""
    lines = octets.split(b"\n")
    return b"\n".join(_line(line.rstrip(b"\r"), hiding) + b"\r" * line.endswith(b"\r") for line in lines)


def _line(line: bytes, hiding: Hiding) -> bytes:
    kind = line[:2].lower()
    if not line.strip():
        return line.strip()
    if len(line) < 2 or line[1:2] != b"=":
        return b"a=withheld"
    if kind == b"o=":
        return _origin(line, hiding)
    if kind == b"k=":
        return line[:2] + b"prompt"
    if kind in _CONTACTS or (kind in _FREE_TEXT and hiding.profile.hides_all):
        return line[:2] + b"-"
    if kind in _FREE_TEXT:
        return line[:2] + hiding.text(parties.uris(line[2:], hiding), liberal=True)
    if kind == b"c=":
        _note(line, hiding)
    if line[:14].lower() == b"a=fingerprint:":
        function, blank, hexadecimal = line.partition(b" ")
        return function + blank + hiding.standins.hexadecimal(hexadecimal)
    if keyed := _KEYED.fullmatch(line):
        return hiding.text(keyed["head"], numeric=True) + _key(keyed["head"], keyed["key"], hiding)
    return hiding.text(parties.uris(line, hiding), numeric=True)


def _origin(line: bytes, hiding: Hiding) -> bytes:
    """`o=user id version IN IP4 address`."""
    user, blank, rest = line[2:].partition(b" ")
    if user.isdigit() and len(user) >= 5:
        hiding.known.add_number(user)
    _note(line, hiding)
    made = user if user == b"-" else hiding.text(user, liberal=True)
    if hiding.profile.hides_all:
        made = b"-"
    return line[:2] + made + blank + hiding.text(rest, numeric=True)


def _note(line: bytes, hiding: Hiding) -> None:
    """The host at the end of c= and o=."""
    words = line.split()
    if words and b"=" not in words[-1]:
        hiding.note_host(words[-1].partition(b"/")[0])


def _key(head: bytes, key: bytes, hiding: Hiding) -> bytes:
    """Letters as long; of crypto the key alone, so that lifetime and MKI are still read."""
    if not head.lower().startswith(b"a=crypto"):
        return b" ".join(hiding.standins.token(word) for word in key.split(b" "))
    if not _INLINE.search(key):
        return b"inline:" + hiding.standins.token(key)
    return _INLINE.sub(lambda found: b"inline:" + hiding.standins.token(found[1]), hiding.text(key, numeric=True))
