"""The fields of the query line: what each holds, what may be asked of it, and where it is at home.

`FIELDS` is the one list that parsing, completion, the search form and the manual read.
"""

from dataclasses import dataclass
from enum import StrEnum

from appliance.model.kinds import Kind
from appliance.model.quality import ReportKind
from appliance.model.registrations import RegistrationState
from appliance.model.rows import CallState


class Type(StrEnum):
    """How the value of a field is read."""

    TEXT = "text"
    """Exact, `*`, /regex/."""
    ADDRESS = "address"
    """An IP address, a network, a range or part of an address with `*`, with `:port` if wanted."""
    NUMBER = "number"
    FRACTION = "fraction"
    STATUS = "status"
    """A response code; `5xx` and `18x` too."""
    DURATION = "duration"
    """`3s`, `150ms`, `2m`; a bare number is seconds."""
    CHOICE = "choice"
    CSEQ = "cseq"
    """A number or a method."""


class Home(StrEnum):
    """What a field is a property of; it can be asked in every view."""

    CALL = "call"
    MESSAGE = "message"
    BOTH = "both"
    REGISTRATION = "registration"


@dataclass(frozen=True, slots=True)
class Field:
    """One field; `help` is one sentence for completion, form and manual."""

    name: str
    type: Type
    home: Home
    help: str
    example: str
    case_sensitive: bool = True
    choices: tuple[str, ...] = ()


_T, _H = Type, Home
_STATES = tuple(dict.fromkeys([*(state.value for state in CallState), *(state.value for state in RegistrationState)]))
_KINDS = tuple(dict.fromkeys([*(kind.value for kind in Kind), *(kind.value for kind in ReportKind)]))
_PROTOCOLS = ("udp", "tcp", "tls", "ws", "wss", "sctp")
_ENDS = ("caller", "callee", "network", "both")

_LIST = (
    Field("from", _T.TEXT, _H.BOTH, "User of From, or of P-Asserted-Identity.", "from:+4930*"),
    Field("to", _T.TEXT, _H.BOTH, "User of To.", "to:*1234"),
    Field("ruri", _T.TEXT, _H.BOTH, "User of the Request-URI.", "ruri:0900*"),
    Field("user", _T.TEXT, _H.BOTH, "User of From, To, the Request-URI or P-Asserted-Identity.", "user:alice"),
    Field("domain", _T.TEXT, _H.BOTH, "Host of From, To or the Request-URI.", "domain:*.example.com", False),
    Field("contact", _T.TEXT, _H.MESSAGE, "User of Contact.", "contact:alice"),
    Field("pai", _T.TEXT, _H.MESSAGE, "User of P-Asserted-Identity or P-Preferred-Identity.", "pai:+4930*"),
    Field("authuser", _T.TEXT, _H.MESSAGE, "User name that authorises itself.", "authuser:alice"),
    Field("diversion", _T.TEXT, _H.MESSAGE, "The Diversion header, or the user in it.", "diversion:+4930*", False),
    Field("tag", _T.TEXT, _H.MESSAGE, "Tag of From or To.", "tag:as6f2b*"),
    Field("branch", _T.TEXT, _H.MESSAGE, "Branch of the top Via.", "branch:z9hG4bK77*"),
    Field("callid", _T.TEXT, _H.BOTH, "Call-ID.", "callid:a84b4c76e66710@pc33*"),
    Field("leg", _T.TEXT, _H.MESSAGE, "Call-ID of the other leg, as a header names it.", "leg:a84b4c*"),
    Field("correlation", _T.TEXT, _H.MESSAGE, "Correlation id that the agent sent.", "correlation:a84b4c*"),
    Field("sessionid", _T.TEXT, _H.MESSAGE, "Session-ID header (RFC 7989).", "sessionid:ab30317f*", False),
    Field("icid", _T.TEXT, _H.MESSAGE, "icid-value of P-Charging-Vector.", "icid:4eb1*"),
    Field("method", _T.TEXT, _H.MESSAGE, "Method of a request.", "method:INVITE", False),
    Field("status", _T.STATUS, _H.BOTH, "Code of a response; of a call the final response.", "status:5xx"),
    Field(
        "reason", _T.TEXT, _H.BOTH, "Reason phrase of a response, or the Reason header.", 'reason:"*cause=16*"', False
    ),
    Field("cseq", _T.CSEQ, _H.MESSAGE, "CSeq of requests and responses: number or method.", "cseq:BYE", False),
    Field("event", _T.TEXT, _H.MESSAGE, "Event header.", "event:presence", False),
    Field("contenttype", _T.TEXT, _H.MESSAGE, "Content-Type header.", "contenttype:application/sdp", False),
    Field("ua", _T.TEXT, _H.BOTH, "User-Agent, or Server.", "ua:friendly*", False),
    Field("src", _T.ADDRESS, _H.BOTH, "Address that sent it; of a call its first message.", "src:10.0.0.0/8"),
    Field("dst", _T.ADDRESS, _H.BOTH, "Address that it was sent to; of a call its first message.", "dst:10.0.0.7"),
    Field("ip", _T.ADDRESS, _H.MESSAGE, "Address of either end of any message.", "ip:2001:db8::/32"),
    Field("port", _T.NUMBER, _H.MESSAGE, "Port of either end.", "port:5060"),
    Field("via", _T.TEXT, _H.MESSAGE, "A Via header, or the host in it.", "via:*10.0.0.7*", False),
    Field("media", _T.ADDRESS, _H.MESSAGE, "Address and port of RTP, as SDP offers it.", "media:10.0.0.7:40000"),
    Field("node", _T.TEXT, _H.MESSAGE, "Agent that sent the packet to us.", "node:sbc-1", False),
    Field("agent", _T.TEXT, _H.MESSAGE, "The same as node.", "agent:sbc-*", False),
    Field("proto", _T.CHOICE, _H.MESSAGE, "Transport.", "proto:tls", choices=_PROTOCOLS),
    Field("kind", _T.CHOICE, _H.MESSAGE, "Kind of packet, or of report.", "kind:registration", choices=_KINDS),
    Field("size", _T.NUMBER, _H.MESSAGE, "Octets of the message.", "size:>1300"),
    Field("problems", _T.TEXT, _H.MESSAGE, "What is wrong with the message; `*` for anything.", "problems:*", False),
    Field("text", _T.TEXT, _H.MESSAGE, "Anything in the message.", 'text:"a=sendonly"', False),
    Field("header", _T.TEXT, _H.MESSAGE, "`header.NAME`: value of that header.", "header.Subject:*urgent*", False),
    Field("custom1", _T.TEXT, _H.MESSAGE, "First header of `[sip] custom_headers`.", "custom1:*", False),
    Field("custom2", _T.TEXT, _H.MESSAGE, "Second header of `[sip] custom_headers`.", "custom2:*", False),
    Field("custom3", _T.TEXT, _H.MESSAGE, "Third header of `[sip] custom_headers`.", "custom3:*", False),
    Field(
        "state",
        _T.CHOICE,
        _H.CALL,
        "How the call or registration ended, or where it is.",
        "state:failed",
        choices=_STATES,
    ),
    Field("pdd", _T.DURATION, _H.CALL, "Post-dial delay: INVITE to the first ringing.", "pdd:>5s"),
    Field("setup", _T.DURATION, _H.CALL, "INVITE to the answer.", "setup:>10s"),
    Field("dur", _T.DURATION, _H.CALL, "First to last message of the call.", "dur:<3s"),
    Field("talk", _T.DURATION, _H.CALL, "Answer to hang-up.", "talk:1m..5m"),
    Field("hungup", _T.CHOICE, _H.CALL, "Who hung up.", "hungup:callee", choices=_ENDS),
    Field("cause", _T.TEXT, _H.CALL, "Cause of the end; a bare number is of any protocol.", "cause:Q.850/17", False),
    Field("q850", _T.NUMBER, _H.CALL, "Q.850 cause of the end.", "q850:17"),
    Field("warning", _T.TEXT, _H.MESSAGE, "Warning header.", "warning:*370*", False),
    Field("retransmissions", _T.NUMBER, _H.CALL, "Messages sent again.", "retransmissions:>3"),
    Field("legs", _T.NUMBER, _H.CALL, "Call-IDs of the joined call.", "legs:>1"),
    Field("codec", _T.TEXT, _H.CALL, "Codec that both ends agreed on, or of a reported stream.", "codec:opus", False),
    Field("mos", _T.FRACTION, _H.CALL, "Quality, 1 to 5.", "mos:<3.5"),
    Field("loss", _T.FRACTION, _H.CALL, "Lost media packets, percent.", "loss:>1"),
    Field("jitter", _T.DURATION, _H.CALL, "Jitter of the media.", "jitter:>30ms"),
    Field(
        "country",
        _T.TEXT,
        _H.CALL,
        "Country of the caller's or callee's address; needs `[paths] geoip`.",
        "country:DE",
        False,
    ),
    Field("fromcountry", _T.TEXT, _H.CALL, "Country of the caller's number.", "fromcountry:DE", False),
    Field("tocountry", _T.TEXT, _H.CALL, "Country of the called number.", "tocountry:LV", False),
    Field("group", _T.TEXT, _H.BOTH, "Group of aliases that either end is in.", "group:carriers", False),
    Field("attest", _T.CHOICE, _H.CALL, "STIR attestation.", "attest:A", choices=("a", "b", "c")),
    Field("aor", _T.TEXT, _H.REGISTRATION, "Address of record that is registered.", "aor:alice@example.com"),
    Field("expires", _T.DURATION, _H.REGISTRATION, "For how long the registrar granted it.", "expires:<60s"),
)

FIELDS: dict[str, Field] = {field.name: field for field in _LIST}
"""Every field by its name, in the order of the manual."""

MEANT: dict[str, str] = {
    "caller": "from",
    "called": "to",
    "callee": "to",
    "call-id": "callid",
    "call_id": "callid",
    "cid": "callid",
    "code": "status",
    "duration": "dur",
    "useragent": "ua",
    "user-agent": "ua",
    "source": "src",
    "destination": "dst",
    "ruri_user": "ruri",
    "from_user": "from",
    "to_user": "to",
    "pid": "pai",
    "transport": "proto",
    "body": "text",
    "msg": "text",
    "user_agent": "ua",
    "source_ip": "src",
    "destination_ip": "dst",
    "source_port": "port",
    "destination_port": "port",
    "originator_ip": "via",
    "via_1": "via",
    "contact_user": "contact",
    "pid_user": "pai",
    "auth_user": "authuser",
    "from_domain": "domain",
    "to_domain": "domain",
    "ruri_domain": "domain",
    "from_tag": "tag",
    "to_tag": "tag",
    "callid_aleg": "leg",
    "correlation_id": "correlation",
    "reply_reason": "reason",
    "content_type": "contenttype",
    "custom_field1": "custom1",
    "custom_field2": "custom2",
    "custom_field3": "custom3",
}
"""What people who come from other programs type, for suggestions only."""
