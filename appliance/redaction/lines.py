"""One log line -> the same line without what must not be told; None when nobody can say what in it is a secret.

Programs write what they like, so a line is only told when it is plain text: what is structured (JSON, XML, a whole
message), not UTF-8, or gives a secret a name is withheld, and with every host hidden (Profile.ALL) all lines are.
"""

import re

from appliance.redaction import parties
from appliance.redaction.hiding import Hiding
from appliance.redaction.message import still_tells

LONGEST = 4096
"""Octets; what is longer is a dump of something."""
_STRUCTURED = re.compile(rb"\A\s*[\[{<]|SIP/2\.0|(?:\A|\n)v=0", re.IGNORECASE)
_SECRET = re.compile(
    rb"(?:pass(?:word|wd|phrase)?|pwd|secret|token|c?nonce|response|opaque|ha1|api[_-]?key|inline|crypto|cookie"
    rb"|authorization|credentials?)[\"']?\s*(?:[=:]|\bis\b)",
    re.IGNORECASE,
)
_NAMED = re.compile(rb'"([^"\r\n]{1,80})"(?=\s*<)')
_SCHEMELESS = re.compile(rb"(?<![\w.+%*#!~:@/-])[\w.+%*#!~-]{1,64}@[\w.:\[\]-]{1,255}")
_FIELD = re.compile(
    rb"(?P<key>\b(?:[frt]u|user(?:name)?|auth_?user|au|from|to|call(?:er|ee|ed)(?:_?(?:id|name|number))?|src_?user"
    rb"|dst_?user|account|aor|contact|extension|display(?:_?name)?|name)[\"']?\s*[=:]\s*[\"']?)"
    rb"(?P<value>[^\s\"',;)\]>@:]+)(?![\w@:])",
    re.IGNORECASE,
)
_ADDRESS = re.compile(rb"[0-9A-Fa-f:.]*[.:][0-9A-Fa-f:.]*")


def line(text: bytes, hiding: Hiding) -> bytes | None:
    """In the first reading (`hiding.learning`) the answer is of no use."""
    if hiding.profile.hides_all or not _is_plain(text):
        return None
    made = _NAMED.sub(lambda found: b'"' + parties.display_name(found[1], hiding) + b'"', text)
    made = parties.uris(made, hiding)
    made = _SCHEMELESS.sub(lambda found: parties.uri(found.group(), hiding), made)
    made = _FIELD.sub(lambda found: found["key"] + _value(found["value"], hiding), made)
    made = hiding.text(made, liberal=True)
    return made if hiding.learning or not still_tells(made, hiding) else None


def _is_plain(text: bytes) -> bool:
    if len(text) > LONGEST or _STRUCTURED.search(text) or _SECRET.search(text):
        return False
    try:
        return all(char.isprintable() or char in "\t\r\n" for char in text.decode("utf-8"))
    except UnicodeDecodeError:
        return False


def _value(value: bytes, hiding: Hiding) -> bytes:
    """What a field says that names somebody; addresses are hidden like all others."""
    return value if _ADDRESS.fullmatch(value) else parties.user(value, hiding)
