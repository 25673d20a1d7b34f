from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.query.errors import QueryError
from appliance.query.fields import FIELDS
from appliance.query.parse import MAX_DEPTH, MAX_OCTETS, MAX_TERMS, parse
from appliance.query.printed import printed
from appliance.query.tree import Addresses, And, AnyOf, Exact, Node, Not, Or, Pattern, Query, Regex, Span, Term, Word


def addresses(first: str, last: str = "", port: int | None = None) -> Addresses:
    return Addresses(ip_address(first), ip_address(last or first), port)


LINES: dict[str, Node | None] = {
    "": None,
    "  \t ": None,
    "from:alice": Term("from", Exact("alice")),
    "FROM:Alice": Term("from", Exact("Alice")),
    "from:+49*": Term("from", Pattern(("+49", ""))),
    "from:+49%": Term("from", Pattern(("+49", ""))),
    'from:"+49%"': Term("from", Exact("+49%")),
    "from:*123*": Term("from", Pattern(("", "123", ""))),
    "from:*": Term("from", Pattern(("", ""))),
    "to:\\*21#": Term("to", Exact("*21#")),
    "to:*21#": Term("to", Pattern(("", "21#"))),
    'ua:"friendly scanner*"': Term("ua", Pattern(("friendly scanner", ""))),
    'ua:"a \\"b\\" \\* \\\\"': Term("ua", Exact('a "b" * \\')),
    'ua:a" b "c': Term("ua", Exact("a b c")),
    "from:a;b*;": Term("from", AnyOf((Exact("a"), Pattern(("b", ""))))),
    'from:"a;b"': Term("from", Exact("a;b")),
    "from:a\\;b": Term("from", Exact("a;b")),
    "from:/^0(049|030)/": Term("from", Regex("^0(049|030)")),
    "text:/a b\\/c/ to:x": And((Term("text", Regex("a b/c")), Term("to", Exact("x")))),
    "ua:/a/;b": Term("ua", AnyOf((Regex("a"), Exact("b")))),
    "callid:a:b@c..d": Term("callid", Exact("a:b@c..d")),
    "from:NOT": Term("from", Exact("NOT")),
    "header.X-Foo:bar": Term("header", Exact("bar"), "x-foo"),
    "status:404": Term("status", Span(404, 404)),
    "status:5xx": Term("status", Span(500, 599)),
    "status:18X": Term("status", Span(180, 189)),
    "status:4xx..5xx": Term("status", Span(400, 599)),
    "status:>4xx": Term("status", Span(499, None, low_open=True)),
    "status:486;5xx": Term("status", AnyOf((Span(486, 486), Span(500, 599)))),
    "port:1..1023": Term("port", Span(1, 1023)),
    "port:>=5060": Term("port", Span(5060, None)),
    "port:*": Term("port", Pattern(("", ""))),
    "dur:<3s": Term("dur", Span(None, 3_000_000, high_open=True)),
    "dur:3": Term("dur", Span(3_000_000, 3_999_999)),
    "dur:1.5s": Term("dur", Span(1_500_000, 1_599_999)),
    "pdd:150ms": Term("pdd", Span(150_000, 150_999)),
    "dur:1.50s": Term("dur", Span(1_500_000, 1_509_999)),
    "talk:1m..2m": Term("talk", Span(60_000_000, 120_000_000)),
    "mos:<3.5": Term("mos", Span(None, 3.5, high_open=True)),
    "cseq:7": Term("cseq", Span(7, 7)),
    "cseq:BYE": Term("cseq", Exact("BYE")),
    "state:BUSY": Term("state", Exact("busy")),
    "state:c*": Term("state", Pattern(("c", ""))),
    "src:10.0.0.1": Term("src", addresses("10.0.0.1")),
    "src:10.9.9.9/8": Term("src", addresses("10.0.0.0", "10.255.255.255")),
    "src:10.0.0.1..10.0.0.9": Term("src", addresses("10.0.0.1", "10.0.0.9")),
    "src:10.0.*": Term("src", Pattern(("10.0.", ""))),
    "src:10.0.0.1:5060": Term("src", addresses("10.0.0.1", port=5060)),
    "src:[2001:DB8::1]:5060": Term("src", addresses("2001:db8::1", port=5060)),
    "src:::ffff:10.0.0.1": Term("src", addresses("10.0.0.1")),
    "src:2001:db8::/32": Term("src", addresses("2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff")),
    "alice": Word(Exact("alice")),
    "alice*": Word(Pattern(("alice", ""))),
    "10.0.0.0/8": Word(addresses("10.0.0.0", "10.255.255.255")),
    "fe80::1": Word(addresses("fe80::1")),
    '"10.0.0.1"': Word(Exact("10.0.0.1")),
    "12345:abc@host": Word(Exact("12345:abc@host")),
    "a b": And((Word(Exact("a")), Word(Exact("b")))),
    "a AND b": And((Word(Exact("a")), Word(Exact("b")))),
    "a b OR c": Or((And((Word(Exact("a")), Word(Exact("b")))), Word(Exact("c")))),
    "a (b OR c)": And((Word(Exact("a")), Or((Word(Exact("b")), Word(Exact("c")))))),
    "a(b)": And((Word(Exact("a")), Word(Exact("b")))),
    "((a))": Word(Exact("a")),
    "NOT a b": And((Not(Word(Exact("a"))), Word(Exact("b")))),
    "NOT (a OR b)": Not(Or((Word(Exact("a")), Word(Exact("b"))))),
    "NOT NOT a": Not(Not(Word(Exact("a")))),
    "or and not": And((Word(Exact("or")), Word(Exact("and")), Word(Exact("not")))),
    '"OR"': Word(Exact("OR")),
    'from:+49* status:5xx dur:<3s (ua:"friendly*" OR src:10.0.0.0/8) NOT method:OPTIONS': And(
        (
            Term("from", Pattern(("+49", ""))),
            Term("status", Span(500, 599)),
            Term("dur", Span(None, 3_000_000, high_open=True)),
            Or((Term("ua", Pattern(("friendly", ""))), Term("src", addresses("10.0.0.0", "10.255.255.255")))),
            Not(Term("method", Exact("OPTIONS"))),
        )
    ),
}


@pytest.mark.parametrize("line", LINES)
def test_a_line_means_its_tree_and_prints_as_a_line_that_means_the_same(line: str) -> None:
    query = parse(line)
    assert query == Query(LINES[line])
    assert parse(printed(query)) == query


def test_a_nested_and_or_or_is_one() -> None:
    assert parse("a (b c)") == parse("a b c")
    assert parse("a OR (b OR c)") == parse("a OR b OR c")


WRONG: dict[str, tuple[int, str, str | None]] = {
    "form:alice": (0, "no field form", "from"),
    "x caller:alice": (2, "no field caller", "from"),
    "sip:alice@example.com": (0, 'quotation marks, "sip:', "alice@example.com"),
    "source_ip:10.0.0.1": (0, "no field source_ip", "src"),
    "from: to:x": (5, "without a blank", None),
    "from: alice to:x": (5, "without a blank", "from:alice to:x"),
    "status:!404": (0, "NOT before", "NOT status:404"),
    "from:": (5, "without a blank", None),
    "src:(10.0.0.1 OR 10.0.0.2)": (4, "src:a;b", "src:10.0.0.1;10.0.0.2"),
    "a OR": (4, "something after", "a"),
    "a NOT": (5, "something after", "a"),
    "OR a": (0, "nothing before", "a"),
    "a OR OR b": (5, "nothing before", "a OR b"),
    "(a": (0, "not closed", "(a)"),
    "a (b (c)": (2, "not closed", "a (b (c))"),
    "a)": (1, "closes nothing", "a"),
    "()": (1, "nothing in it", None),
    'a "b': (2, "not closed", 'a "b"'),
    'from:x"b': (6, "not closed", 'from:x"b"'),
    "a\\": (1, "wants a character", "a\\\\"),
    ";a": (0, "first semicolon", "a"),
    '""': (0, "nothing in these", None),
    "status:abc": (7, "response code", None),
    "status:200;abc": (11, "response code", None),
    "status:599..500": (7, "larger to the smaller", "500..599"),
    "status:/4../": (7, "regular expression", None),
    "port:5060a": (5, "is a number", None),
    "dur:3weeks": (4, "duration", "21d"),
    "dur:9999999999d": (4, "duration", None),
    "mos:x": (4, "is a number", None),
    "mos:4..3": (4, "larger to the smaller", "3..4"),
    "src:1.pc33.example.com": (4, "IP address", None),
    "src:10.0.0.9..10.0.0.1": (4, "IP address", "10.0.0.1..10.0.0.9"),
    "src:10.0.0.1:99999": (4, "IP address", None),
    "src:fe80::1%eth0": (4, "", None),
    "src:10.*x": (4, "no part of an IP address", None),
    "state:complete": (6, "not complete", "completed"),
    "state:z*": (6, "one of", None),
    "hungup:caler": (7, "one of", "caller"),
    "ua:/(a+)+/": (3, "repetition", None),
    "ua:/(a+|b)*/": (3, "repetition", None),
    "ua:/a(/": (3, "regular expression", None),
    "ua:/(?=a)/": (3, "regular expression", None),
    f"ua:/{'a' * 201}/": (3, "200 characters", None),
    "header:x": (0, "header.Subject", None),
    "header.:x": (0, "header's name", None),
    "from.x:y": (0, "no field from.x", "from"),
    "a\ud800b": (1, "no text", None),
}


@pytest.mark.parametrize("line", WRONG)
def test_a_wrong_line_is_one_sentence_that_points_at_the_place(line: str) -> None:
    position, words, suggestion = WRONG[line]
    with pytest.raises(QueryError) as caught:
        parse(line)
    assert words in caught.value.message
    assert (caught.value.position, caught.value.suggestion) == (position, suggestion)


@pytest.mark.parametrize("line", WRONG)
def test_a_line_with_what_may_be_meant_in_place_is_better(line: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(line)
    corrected = caught.value.corrected
    if caught.value.suggestion is None:
        return
    assert corrected is not None and corrected != line
    parse(corrected)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("a" * (MAX_OCTETS + 1), "octets"),
        ("é" * (MAX_OCTETS // 2 + 1), "octets"),
        ("a " * (MAX_TERMS + 1), "terms"),
        ("NOT " * MAX_DEPTH + "a", "within each other"),
        ("a (b OR " * MAX_DEPTH + "c" + ")" * MAX_DEPTH, "within each other"),
        ("a;" * 101, "100 values"),
    ],
)
def test_a_line_without_measure_is_refused(line: str, words: str) -> None:
    with pytest.raises(QueryError, match=words):
        parse(line)


def test_thousands_of_parentheses_are_no_trouble() -> None:
    assert parse("(" * 2000 + "a" + ")" * 2000) == parse("a")


PIECES = st.sampled_from(
    ["from:", "src:", "status:", "dur:", "header.x:", "OR", "NOT", "AND", "(", ")", " ", '"', "\\", ";", "*", "%", "..",
     ">", "<", "/", "5xx", "10.0.0.0/8", "3s", "a", "::1", "é", "\udcff", "\x00", "'", "--", "x'"]
)  # fmt: skip
HOSTILE = st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=40).map("".join))


@given(HOSTILE)
def test_no_line_raises_anything_but_an_error_of_the_query(line: str) -> None:
    try:
        query = parse(line)
    except QueryError as error:
        assert 0 <= error.position <= len(line)
        assert "\n" not in error.message or "\n" in line
        return
    assert parse(printed(query)) == query


TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)
SPANS = st.tuples(st.integers(0, 10**15), st.integers(0, 10**15)).map(sorted).map(lambda ends: Span(ends[0], ends[1]))
SOME_ADDRESSES = st.ip_addresses(v=4).map(lambda one: Addresses(one, one))
NETWORKS = st.tuples(st.ip_addresses(v=4), st.ip_addresses(v=4)).map(sorted).map(lambda ends: Addresses(*ends))
NAMES = {kind: [name for name, field in FIELDS.items() if field.type == kind and name != "header"] for kind in
         ("text", "number", "duration", "address")}  # fmt: skip
TEXT_VALUES = st.one_of(
    TEXTS.map(Exact), st.lists(TEXTS, min_size=2, max_size=4).map(lambda pieces: Pattern(tuple(pieces)))
)
TERMS = st.one_of(
    st.builds(Term, st.sampled_from(NAMES["text"]), TEXT_VALUES),
    st.builds(Term, st.just("header"), TEXT_VALUES, st.just("x-foo")),
    st.builds(Term, st.sampled_from(NAMES["number"] + NAMES["duration"]), SPANS),
    st.builds(Term, st.sampled_from(NAMES["address"]), st.one_of(SOME_ADDRESSES, NETWORKS)),
    st.builds(Word, TEXT_VALUES.filter(lambda value: value != Exact(""))),
)


@given(st.lists(TERMS, min_size=2, max_size=5, unique_by=repr), st.booleans(), st.booleans())
def test_every_tree_prints_as_a_line_that_means_it(terms: list[Term | Word], either: bool, negated: bool) -> None:
    root: Node = Or(tuple(terms)) if either else And(tuple(terms))
    query = Query(Not(root) if negated else root)
    assert parse(printed(query)) == query
