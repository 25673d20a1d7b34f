"""What each field of a query looks at in a row: the twin of storage/search/columns.py, field by field."""

from collections.abc import Mapping
from typing import Any

from appliance.matching import values
from appliance.matching.attributes import Made, Test, counted, ends, folded, number, text, words
from appliance.matching.widths import width
from appliance.model.ids import parse_message_id
from appliance.model.octets import octets
from appliance.query import meant
from appliance.query.tree import Addresses, AnyOf, Exact, Pattern, Span, Value

ENDS_OF_REPORTS = ("measured.source", "measured.destination")
PARTIES = ("from_user", "to_user", "ruri_user", "pid_user")
"""Where a bare word is looked for."""


def _method(value: Value) -> Test:
    """A request's method: `method` also holds a response's code."""
    test = values.text(value, width("method"), case_counts=False)

    def asked(row: Any) -> bool:
        method = octets(row.method)
        return bool(method) and not b"0" <= method < b":" and test(method)

    return asked


def _code(value: Value) -> Test:
    """A response's code: three digits, which compare as text like numbers."""
    if isinstance(value, AnyOf):
        tests = [_code(one) for one in value.values]
        return lambda row: any(test(row) for test in tests)
    least, most = _codes(value)

    def asked(row: Any) -> bool:
        method = octets(row.method)
        return len(method) == 3 and method < b":" and least <= method <= most

    return asked


def _codes(value: Value) -> tuple[bytes, bytes]:
    match value:
        case Span(low, high, low_open, high_open):
            least = max(0, int(low or 0) + low_open)
            most = 999 if high is None else min(999, int(high) - high_open)
            return (b"%03d" % least, b"%03d" % most) if least <= most else (b"1", b"0")
        case Pattern() if value.is_anything:
            return b"0", b":"
        case _:
            return b"1", b"0"


def _cseq(value: Value) -> Test:
    if isinstance(value, AnyOf):
        tests = [_cseq(one) for one in value.values]
        return lambda row: any(test(row) for test in tests)
    return (number("cseq") if isinstance(value, Span) else folded("cseq_method"))(value)


def _diversion(value: Value) -> Test:
    """The header as a whole, or the user part of a URI in it."""
    whole, in_uri = folded("diversion")(value), folded("diversion")(meant.each(value, meant.user_of_a_uri))
    return lambda row: whole(row) or in_uri(row)


def _lasted(value: Value) -> Test:
    test = values.number(value)
    return lambda row: test(row.ended - row.started)


def _keyed(before: bytes) -> Made:
    """Of what joins calls (sip.leg_keys) the words that begin so."""

    def made(value: Value) -> Test:
        test = values.listed(value, before=before, separator=b" ")
        return lambda row: test(octets(row.leg_keys))

    return made


def _media(value: Value) -> Test:
    test = values.media(value)
    return lambda row: test(octets(row.sdp))


def _kind_of_report(value: Value) -> Test:
    """What kind of report it is, or of which kind the packet is that brought it."""
    of_report, of_packet = text("measured.kind")(value), values.text(value, width("kind"))
    return lambda row: of_report(row) or of_packet(octets(parse_message_id(row.id).kind))


PACKET: Mapping[str, Made] = {
    "callid": text("callid"),
    "correlation": text("correlation_id"),
    "src": ends("source"),
    "dst": ends("destination"),
    "ip": ends("source", "destination"),
    "port": number("source_port", "destination_port"),
    "node": folded("node"),
    "agent": folded("node"),
    "proto": folded("proto"),
    "size": number("size"),
    "problems": words("problems"),
}
"""What every stored packet has."""

SIP: Mapping[str, Made] = {
    **PACKET,
    "from": text("from_user", "pid_user"),
    "to": text("to_user"),
    "ruri": text("ruri_user"),
    "user": text(*PARTIES),
    "domain": folded("from_domain", "to_domain", "ruri_domain"),
    "contact": text("contact_user"),
    "pai": text("pid_user"),
    "authuser": text("auth_user"),
    "diversion": _diversion,
    "tag": text("from_tag", "to_tag"),
    "branch": text("via_branch"),
    "media": _media,
    "sessionid": _keyed(b"s:"),
    "icid": _keyed(b"i:"),
    "leg": text("callid_aleg"),
    "method": _method,
    "status": _code,
    "reason": folded("reply_reason", "reason"),
    "cseq": _cseq,
    "contenttype": folded("content_type"),
    "ua": folded("user_agent"),
}
"""What a SIP message has."""

CALL: Mapping[str, Made] = {
    "from": text("from_user", "pid_user"),
    "to": text("to_user"),
    "ruri": text("ruri_user"),
    "user": text(*PARTIES),
    "domain": folded("from_domain", "to_domain"),
    "callid": text("callid"),
    "status": number("status"),
    "reason": folded("reply_reason"),
    "ua": folded("user_agent"),
    "src": ends("source", with_port=False),
    "dst": ends("destination", with_port=False),
    "state": text("state"),
    "pdd": number("pdd_ms", unit=1000),
    "setup": number("setup_ms", unit=1000),
    "talk": number("talk_ms", unit=1000),
    "dur": _lasted,
    "hungup": text("hung_up_by"),
    "cause": words("causes", meant.of_any_protocol),
    "q850": words("causes", meant.each_cause, b"Q.850/"),
    "fromcountry": folded("from_country"),
    "tocountry": folded("to_country"),
    "retransmissions": number("retransmissions"),
    "legs": number("legs"),
    "codec": words("codecs"),
    "mos": number("mos"),
    "country": words("countries"),
}
"""What a call has."""

OF_FIRST_LEG = frozenset({"state", "status", "pdd", "setup", "talk", "dur", "hungup", "legs"})
"""What became of a joined call is what became of its earliest leg; what else a call has is true when any leg has it."""

WHOLE_CALL = frozenset({"reason"})
"""Fields that a call has and that its messages say more of: true when either fulfils them."""

OF_REPORTS: Mapping[str, Made] = {
    "loss": counted("measured.loss_percent", 1000, 1000),
    "jitter": counted("measured.jitter_ms", 1000, 1),
}
"""What reports say of a call's media: in calls and messages true when any report does."""


QUALITY: Mapping[str, Made] = {
    **OF_REPORTS,
    "mos": counted("measured.mos", 100, 100),
    "callid": text("callid"),
    "leg": text("callid"),
    "src": ends("measured.source"),
    "dst": ends("measured.destination"),
    "ip": ends(*ENDS_OF_REPORTS),
    "media": ends(*ENDS_OF_REPORTS),
    "port": number("measured.source_port", "measured.destination_port"),
    "node": folded("node"),
    "agent": folded("node"),
    "codec": folded("measured.codec"),
    "kind": _kind_of_report,
}
"""What a reported stream has."""


def word(
    value: Value, parties: tuple[str, ...], *, with_port: bool, of: tuple[str, str] = ("source", "destination")
) -> Test:
    """A bare word in parties, Call-ID and addresses; an address or network in the addresses alone, those `of` what."""
    if isinstance(value, AnyOf):
        tests = [word(one, parties, with_port=with_port, of=of) for one in value.values]
        return lambda row: any(test(row) for test in tests)
    of_ends = ends(*of, with_port=with_port)(value)
    if isinstance(value, Addresses):
        return of_ends
    found = [text(*parties)(value)] if parties else []
    found.append(text("callid")(value))
    if isinstance(value, Exact):
        user, at, host = value.text.rpartition("@")
        found += [_address_of_record(end, user, host) for end in ("from", "to") if at and parties]
    else:
        found.append(of_ends)
    return lambda row: any(test(row) for test in found)


def _address_of_record(end: str, user: str, host: str) -> Test:
    """`alice@example.com` as From or To."""
    of_user, of_host = text(f"{end}_user")(Exact(user)), folded(f"{end}_domain")(Exact(host))
    return lambda row: of_user(row) and of_host(row)
