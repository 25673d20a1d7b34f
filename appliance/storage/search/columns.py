"""Which columns a field of the query means, in each sort of table: the allow-list of every search.

`SIP` and `PACKET` are the tables of messages (what SIP has, and what all packets have), `CALL` the tables
of calls. A field in none of them is said to be unsearchable, with the reason.
"""

from collections.abc import Callable, Mapping

from appliance.matching.fields import PARTIES
from appliance.query import meant
from appliance.query.tree import Exact, Pattern, Span, Value, alternatives
from appliance.storage.search import compare
from appliance.storage.search.condition import FALSE, Condition, all_of, any_of

Test = Callable[[Value], Condition]
"""From a value of the query to the condition that its field fulfils it."""

NOT_A_CODE = Condition("method <> '' AND (method < '0' OR method >= ':')")
"""`method` holds a request's method, or a response's code."""

SOURCE = ("source_ip", "source_port")
DESTINATION = ("destination_ip", "destination_port")


def _text(*columns: str) -> Test:
    return lambda value: compare.text(columns, value)


def _folded(*columns: str) -> Test:
    return lambda value: compare.text(columns, value, folded=True)


def _number(column: str, *, nullable: bool = False) -> Test:
    return lambda value: compare.number(column, value, nullable=nullable)


def _milliseconds(column: str) -> Test:
    return lambda value: compare.number(column, value, nullable=True, unit=1000)


def _scaled(column: str, units: int) -> Test:
    """The column counts in small units of the value."""
    return lambda value: compare.number(column, meant.scaled(value, units), nullable=True)


def _addresses(*ends: tuple[str, str]) -> Test:
    return lambda value: compare.addresses(ends, value)


def _method(value: Value) -> Condition:
    return all_of([NOT_A_CODE, compare.text(("method",), value, folded=True)])


def _code(value: Value) -> Condition:
    """Three digits compare as text like numbers; what begins with a digit and is none has another length or `:`."""
    return compare.each(value, _one_code)


def _one_code(value: Value) -> Condition:
    is_code = "LENGTH(method) = 3 AND method < ':'"
    match value:
        case Span(low, high, low_open, high_open):
            least = max(0, int(low or 0) + low_open)
            most = 999 if high is None else min(999, int(high) - high_open)
            if least > most:
                return FALSE
            bounds = (b"%03d" % min(least, 999), b"%03d" % most)
            return Condition(f"({is_code} AND method BETWEEN %s AND %s)", bounds) if least <= 999 else FALSE
        case Pattern() if value.is_anything:
            return Condition(f"({is_code} AND method >= '0')")
        case _:
            return FALSE


def _cseq(value: Value) -> Condition:
    return compare.each(
        value,
        lambda one: (
            compare.number("cseq", one, nullable=True)
            if isinstance(one, Span)
            else compare.text(("cseq_method",), one, folded=True)
        ),
    )


def _diversion(value: Value) -> Condition:
    """The header as a whole, or the user part of a URI in it."""
    in_uri = compare.each(value, lambda one: compare.text(("diversion",), meant.user_of_a_uri(one), folded=True))
    return any_of([compare.text(("diversion",), value, folded=True), in_uri])


def _party(*columns: str) -> Test:
    """The index (hour, user) of a table of calls is used when every hour is named, with each user for itself."""
    hours = Condition(f"hour IN ({','.join(map(str, range(24)))})")

    def test(value: Value) -> Condition:
        if Exact("") in alternatives(value):
            return compare.text(columns, value)
        return any_of(all_of([hours, compare.text((column,), value)]) for column in columns)

    return test


def _cause(value: Value) -> Condition:
    return compare.each(value, lambda one: compare.listed("causes", meant.of_any_protocol(one)))


def _q850(value: Value) -> Condition:
    return compare.each(value, lambda one: compare.listed("causes", meant.each_cause(one), before=b"Q.850/"))


PACKET: Mapping[str, Test] = {
    "callid": _text("callid"),
    "correlation": _text("correlation_id"),
    "src": _addresses(SOURCE),
    "dst": _addresses(DESTINATION),
    "ip": _addresses(SOURCE, DESTINATION),
    "port": lambda value: any_of([compare.number(port, value) for port in ("source_port", "destination_port")]),
    "node": _folded("node"),
    "agent": _folded("node"),
    "proto": _folded("proto"),
    "size": _number("size"),
    "problems": lambda value: compare.listed("problems", value),
}
"""What every stored packet has."""

SIP: Mapping[str, Test] = {
    **PACKET,
    "from": _text("from_user", "pid_user"),
    "to": _text("to_user"),
    "ruri": _text("ruri_user"),
    "user": _text(*PARTIES),
    "domain": _folded("from_domain", "to_domain", "ruri_domain"),
    "contact": _text("contact_user"),
    "pai": _text("pid_user"),
    "authuser": _text("auth_user"),
    "diversion": _diversion,
    "tag": _text("from_tag", "to_tag"),
    "branch": _text("via_1_branch"),
    "media": lambda value: compare.media("sdp", value),
    "sessionid": lambda value: compare.listed("leg_keys", value, before=b"s:", separator=" "),
    "icid": lambda value: compare.listed("leg_keys", value, before=b"i:", separator=" "),
    "leg": _text("callid_aleg"),
    "method": _method,
    "status": _code,
    "reason": _folded("reply_reason", "reason"),
    "cseq": _cseq,
    "contenttype": _folded("content_type"),
    "ua": _folded("user_agent"),
}
"""What a SIP message has."""

CALL: Mapping[str, Test] = {
    "from": _party("from_user", "pid_user"),
    "to": _party("to_user"),
    "ruri": _text("ruri_user"),
    "user": _party(*PARTIES),
    "domain": _folded("from_domain", "to_domain"),
    "callid": _text("callid"),
    "status": _number("status", nullable=True),
    "reason": _folded("reply_reason"),
    "ua": _folded("user_agent"),
    "src": _addresses(("source_ip", "")),
    "dst": _addresses(("destination_ip", "")),
    "state": _text("state"),
    "pdd": _milliseconds("pdd_ms"),
    "setup": _milliseconds("setup_ms"),
    "talk": _milliseconds("talk_ms"),
    "dur": _number("(CAST(ended AS SIGNED) - CAST(started AS SIGNED))"),
    "hungup": _text("COALESCE(hung_up_by, '')"),
    "cause": _cause,
    "q850": _q850,
    "fromcountry": _folded("from_country"),
    "tocountry": _folded("to_country"),
    "retransmissions": _number("retransmissions"),
    "legs": _number("legs"),
    "codec": lambda value: compare.listed("codecs", value),
    "mos": lambda value: compare.number("mos", value, nullable=True),
    "country": lambda value: compare.listed("countries", value),
}
"""What a call has."""

OF_REPORTS: Mapping[str, Test] = {
    "loss": _scaled("loss_milli_percent", 1000),
    "jitter": _number("jitter_us", nullable=True),
}
"""What reports say of a call's media: in calls and messages true when any report does."""

QUALITY: Mapping[str, Test] = {
    **OF_REPORTS,
    "mos": _scaled("mos_hundredths", 100),
    "callid": _text("callid"),
    "leg": _text("callid"),
    "src": _addresses(SOURCE),
    "dst": _addresses(DESTINATION),
    "ip": _addresses(SOURCE, DESTINATION),
    "media": _addresses(SOURCE, DESTINATION),
    "port": lambda value: any_of([compare.number(port, value) for port in ("source_port", "destination_port")]),
    "node": _folded("node"),
    "agent": _folded("node"),
    "codec": _folded("codec"),
    "kind": lambda value: any_of([compare.text((column,), value) for column in ("kind", "packet_kind")]),
}
"""What a reported stream has."""
