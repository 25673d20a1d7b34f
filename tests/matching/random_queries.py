"""Trees of a query over all fields that a view can be asked, with values that rows of `random_rows` (nearly) have."""

from hypothesis import strategies as st

from appliance.model.rows import CallState
from appliance.query.fields import FIELDS, Field, Type
from appliance.query.tree import And, AnyOf, Exact, Node, Not, Or, Pattern, Regex, Term, Value, Word
from appliance.query.values import read_value
from tests.matching.random_rows import ADDRESSES, CALLIDS, DIVERSIONS, LONG, TEXTS

_REGEXES = (
    "^a",
    "i.e$",
    "[A-Z]+",
    "li|ob",
    r"\+49",
    "a.*b",
    "^$",
    ".",
    "a{2}",
    "(?i)BOB",
    "[^a-z]",
    r"\|",
    "é",
    r"\d\d",
    "/",
)
_NUMBERS = ("*", "5060", "1..9", ">4", ">=1", "<2", "<=486", "0", "65535", "100..500", "7;0")
_WRITTEN = {
    Type.ADDRESS: (
        "*", "10.0.0.0/8", "10.0.0.1", "10.0.*", "*.1", "10.0.0.1..10.1.2.2", "10.0.0.1:5060", "[2001:db8::1]:5061",
        "2001:db8::/32", "2001:db8:1::1", "0.0.0.0/0", "::/0", "192.0.2.9;10.1.2.3:5080", "10.1.2.0/24", "10.0.0.0/31",
    ),
    Type.NUMBER: _NUMBERS,
    Type.CSEQ: (*_NUMBERS, "INVITE", "b*", "/^.Y/", "7;bye"),
    Type.FRACTION: ("*", "3.5", "1..4", ">1", ">=4.1", "<3.5", "<=12.345", "0", "4.1;1"),
    Type.STATUS: ("*", "200", "4xx", "48x", ">486", "<=404", "486..487", "5xx;200", ">100"),
    Type.DURATION: ("*", "3s", "2ms", "1500us", ">2.5ms", ">=1ms", "<3.2s", "<=1s", "1ms..3s", "1m;0s", "45ms",
                    "30.001ms"),
}  # fmt: skip
_MEDIA = (
    "*",
    "10.0.0.7",
    "10.0.0.7:40000",
    "10.0.0.7:4000",
    "10.0.0.0/8",
    "10.0.*",
    "*:40000",
    "*0.7*",
    "[2001:db8::1]:4002",
    "2001:db8::1",
    "10.0.0.70;0.0.0.0",
    "192.0.2.0/24",
)
_WORDS_OF = {
    "method": ("INVITE", "Options", "200", "REGISTER", "2x0", ""),
    "problems": ("no-cseq", "bad-via", "cut", "no-cseq,bad-via", ""),
    "cause": ("SIP/486", "Q.850/17", "17", "q.850/16", "16"),
    "codec": ("pcma", "telephone-event", "PCMA,telephone-event", "OPUS"),
    "country": ("de", "LV", ""),
    "fromcountry": ("de", "LV", ""),
    "tocountry": ("DE", ""),
    "diversion": (*DIVERSIONS, "+4930123", "ALICE", "bob"),
    "icid": ("4eb1", "77"),
    "event": ("presence", "dialog", ""),
    "sessionid": ("ab30", "AB30;remote=00"),
    "via": ("10.0.0.7", "192.0.2", "SIP/2.0/UDP 192.0.2.9"),
    "text": ("urgent", "ICID-value", "a=b;icid", "v=0"),
    "header": ("urgent", "", "alice é \udce9", "one two"),
    "warning": ('370 a "no bandwidth"', "bandwidth"),
}
_HEADERS = ("subject", "s", "x-text", "event", "x-folded", "v", "nothing")


def _texts(known: tuple[str, ...]) -> st.SearchStrategy[Value]:
    pieces = st.sampled_from(sorted({"", *(part for text in known for part in (text[:3], text[-2:], text[1:4]))}))
    exact = st.sampled_from([*known, LONG]).map(Exact)
    pattern = st.lists(pieces, min_size=2, max_size=4).map(lambda found: Pattern(tuple(found)))
    return st.one_of(exact, exact, pattern, st.sampled_from(_REGEXES).map(Regex))


def _values(field: Field) -> st.SearchStrategy[Value]:
    if field.name == "state":  # those of registrations are asked in their own view
        return st.sampled_from([*CallState, "*", "busy;lost"]).map(lambda text: read_value(field, text, 0))
    if field.type is Type.CHOICE:
        typed = (*field.choices, "*", f"{field.choices[0]};{field.choices[-1]}", f"{field.choices[-1][:2]}*")
        return st.sampled_from(typed).map(lambda text: read_value(field, text, 0))
    if field.name == "media":
        return st.sampled_from(_MEDIA).map(lambda text: read_value(field, text, 0))
    if field.type is not Type.TEXT:
        return st.sampled_from(_WRITTEN[field.type]).map(lambda text: read_value(field, text, 0))
    one = _texts(_WORDS_OF.get(field.name, CALLIDS if field.name == "callid" else TEXTS))
    return st.one_of(one, one, st.lists(one, min_size=2, max_size=3).map(lambda found: AnyOf(tuple(found))))


def _term(field: Field) -> st.SearchStrategy[Node]:
    headers = st.sampled_from(_HEADERS) if field.name == "header" else st.just("")
    return st.builds(Term, st.just(field.name), _values(field), headers)


def _words() -> st.SearchStrategy[Node]:
    known = tuple(text for text in (*TEXTS, *CALLIDS, "alice@example.com", "bob@EXAMPLE.com") if text)
    of_text = _texts(known).filter(lambda value: value != Exact(""))
    of_address = st.sampled_from([text for text in (*ADDRESSES, "10.0.0.0/8", "10.0.0.1:5060") if text]).map(
        lambda text: read_value(FIELDS["src"], text, 0)
    )
    return st.builds(Word, st.one_of(of_text, of_address))


def trees(refused: frozenset[str]) -> st.SearchStrategy[Node]:
    """Trees without these fields."""
    terms = st.one_of([_words(), *(_term(field) for name, field in FIELDS.items() if name not in refused)])

    def larger(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
        several = st.lists(inner, min_size=2, max_size=3).map(tuple)
        return st.one_of(inner.map(Not), several.map(And), several.map(Or))

    return st.recursive(terms, larger, max_leaves=5)
