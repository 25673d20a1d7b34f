"""One header line of a SIP message: which rule its value goes by."""

import re

from appliance.redaction import credentials, parties
from appliance.redaction.hiding import Hiding

_PARTIES = frozenset(
    b"from to contact p-asserted-identity p-preferred-identity diversion history-info remote-party-id refer-to"
    b" referred-by route record-route path service-route p-called-party-id p-associated-uri p-served-user reply-to"
    b" alert-info call-info error-info p-profile-key p-user-database p-refused-uri-list also cc-redirect"
    b" permission-missing trigger-consent".split()
)
_CREDENTIALS = frozenset(
    b"authorization proxy-authorization www-authenticate proxy-authenticate authentication-info"
    b" proxy-authentication-info".split()
)
_WITHHELD = frozenset(
    b"user-to-user geolocation geolocation-error subject p-access-network-info cellular-network-info cookie set-cookie"
    b" p-com.siemens.location p-visited-network-id p-dcs-billing-info p-dcs-laes p-dcs-redirect identity-info".split()
)
_NUMERIC = frozenset(
    b"cseq max-forwards expires min-expires session-expires min-se rseq rack retry-after timestamp"
    b" content-length".split()
)
_PROGRAMS = frozenset((b"user-agent", b"server"))
_SIP = _NUMERIC | frozenset(
    b"via call-id content-type content-disposition content-encoding content-language allow supported require"
    b" unsupported proxy-require accept accept-encoding accept-language accept-contact reject-contact date event"
    b" allow-events subscription-state reason warning mime-version replaces target-dialog join in-reply-to privacy"
    b" session-id x-cid x-callidaleg x-call-id p-charging-vector p-charging-function-addresses p-early-media"
    b" security-client security-server security-verify request-disposition organization priority info-package"
    b" recv-info sip-etag sip-if-match flow-timer feature-caps resource-priority answer-mode priv-answer-mode"
    b" p-preferred-service p-asserted-service suppress-if-match policy-contact max-breadth".split()
)
"""Headers whose values hold no number but by name of a call or host."""
_SENT_BY = re.compile(rb"\s*SIP\s*/\s*[\d.]+\s*/\s*\w+\s+([^;,\s]+)", re.IGNORECASE)


def value(name: bytes, text: bytes, hiding: Hiding) -> bytes:
    """The value of a header by its canonical name, for a message that hides parties."""
    if name in _PARTIES:
        return parties.values(text, hiding)
    if name in _CREDENTIALS:
        return credentials.credentials(text, hiding)
    if name == b"identity":
        return credentials.identity(text)
    if name in _WITHHELD:
        return credentials.WITHHELD
    if name in _PROGRAMS:
        return hiding.text(parties.uris(text, hiding), told=True)
    if name in _SIP:
        _note(name, text, hiding)
        return hiding.text(parties.uris(text, hiding), numeric=name in _NUMERIC)
    if hiding.profile.hides_all:
        return credentials.WITHHELD
    return hiding.text(parties.uris(text, hiding), liberal=True)


def _note(name: bytes, text: bytes, hiding: Hiding) -> None:
    if name == b"via":
        for host in _SENT_BY.findall(text):
            hiding.note_host(host)
    if name in (b"call-id", b"x-cid", b"x-callidaleg", b"x-call-id"):
        if b"@" in text:
            hiding.note_host(text.rpartition(b"@")[2])
        if hiding.profile.hides_all:
            hiding.known.add_word(text.strip())
