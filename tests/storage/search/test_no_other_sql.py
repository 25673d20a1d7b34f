"""No input makes other SQL: a statement's text depends on the shape of the query alone, its values are parameters."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from ipaddress import IPv4Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.model.kinds import DailyTable, Kind
from appliance.query.errors import QueryError
from appliance.query.fields import FIELDS
from appliance.query.tree import Addresses, And, AnyOf, Exact, Node, Not, Or, Pattern, Regex, Span, Term, Value, Word
from appliance.storage import daily_tables
from appliance.storage.connection import Database
from appliance.storage.search import any_leg, plan
from appliance.storage.search.condition import Condition
from appliance.storage.search.lookups import driver
from tests.storage.search.asking import asked, callids
from tests.storage.search.stored import a_call, store_calls

DAY = date(2026, 11, 23)
TABLES = plan.Tables(frozenset(daily_tables.names(DAY)), 0)
HOSTILE = "é☃\"\\;\0\x1a`'%_|-/*() \n"
OURS = re.compile(r"'(?:|\||0|:|,| )'")
"""Every quoted text that statements hold: what escapes, bounds of codes, and commas of lists."""

texts = st.text(HOSTILE, min_size=1, max_size=8)
values: st.SearchStrategy[Value] = st.one_of(
    texts.map(Exact),
    st.lists(st.one_of(st.just(""), texts), min_size=2, max_size=3).map(lambda pieces: Pattern(tuple(pieces))),
    texts.map(Regex),
    st.builds(Span, st.integers(0, 10**9), st.integers(0, 10**9)),
    st.integers(0, 2**32 - 1).map(lambda number: Addresses(IPv4Address(number), IPv4Address(number))),
)
some_values = st.one_of(values, st.lists(values, min_size=2, max_size=3).map(lambda found: AnyOf(tuple(found))))
terms = st.one_of(
    st.builds(Term, st.sampled_from(sorted({*FIELDS} - {"group", "attest", "aor", "expires"})), some_values),
    some_values.map(Word),
)  # fmt: skip
trees: st.SearchStrategy[Node] = st.recursive(
    terms,
    lambda inner: st.one_of(
        inner.map(Not),
        st.lists(inner, min_size=2, max_size=3).map(lambda found: And(tuple(found))),
        st.lists(inner, min_size=2, max_size=3).map(lambda found: Or(tuple(found))),
    ),
    max_leaves=6,
)


def harmless(value: Value) -> Value:
    """The same shape with other texts and numbers."""
    match value:
        case Exact():
            return Exact("a")
        case Pattern(pieces):
            return Pattern(tuple("a" if piece else "" for piece in pieces))
        case Regex():
            return Regex("a")
        case Addresses():
            return Addresses(IPv4Address(7), IPv4Address(7))
        case AnyOf(several):
            return AnyOf(tuple(map(harmless, several)))
    return value


def twin(node: Node) -> Node:
    match node:
        case Not(operand):
            return Not(twin(operand))
        case And(operands):
            return And(tuple(map(twin, operands)))
        case Or(operands):
            return Or(tuple(map(twin, operands)))
        case Term() | Word():
            return replace(node, value=harmless(node.value))


LEAVES: dict[str, Callable[[], plan.Leaf]] = {
    "calls": lambda: any_leg.leaf(TABLES, DAY),
    "calls apart": lambda: plan.call_leaf(TABLES, DAY),
    "messages": lambda: plan.message_leaf(TABLES, DailyTable(DAY, Kind.CALL)),
    "registrations": lambda: plan.message_leaf(TABLES, DailyTable(DAY, Kind.REGISTRATION)),
    "packets": lambda: plan.message_leaf(TABLES, DailyTable(DAY, Kind.LOG)),
    "quality": lambda: plan.quality_leaf(TABLES, DAY),
}


def is_ours(condition: Condition) -> bool:
    return (
        condition.sql.isascii()
        and not set(OURS.sub("", condition.sql)) & set("\"'\\;\0\x1a\n")
        and condition.sql.count("%s") == len(condition.arguments)
        and all(isinstance(argument, bytes | int | float) for argument in condition.arguments)
    )


@pytest.mark.parametrize("view", LEAVES)
@given(tree=trees)
def test_the_text_of_a_condition_depends_on_the_shape_of_the_query_alone(view: str, tree: Node) -> None:
    try:
        found = plan.condition(tree, LEAVES[view]())
    except QueryError:
        return
    assert is_ours(found)
    if "kind" not in repr(tree):  # which tables a kind is in is decided by its name
        assert found.sql == plan.condition(twin(tree), LEAVES[view]()).sql


@given(trees)
def test_what_an_index_is_asked_is_our_own_words_too(tree: Node) -> None:
    driven = driver(tree)
    columns = {"callid", "source_ip", "destination_ip", "status", "outcome"}
    for lookup in driven.lookups if driven else ():
        assert is_ours(lookup.where)
        assert lookup.index in columns or lookup.index.split("_")[1] in ("user", "reversed")


NASTY = ["a%b", "a_b", "a|b", "a\\b", "a'b", "aXb", "a*b", "%", "_", "|", "'; DROP TABLE users; --", "a%sb", "é"]


def typed(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("*", "\\*").replace("%", "\\%") + '"'


async def test_every_character_stands_for_itself_wherever_it_is_looked_for(database: Database) -> None:
    await store_calls(
        database, [a_call(str(n), from_user=user, to_user=user, user_agent=user) for n, user in enumerate(NASTY)]
    )
    for place, user in enumerate(NASTY):
        word = typed(user)
        assert await callids(database, f"to:{word}", "calls") == [str(place)], user
        assert await callids(database, f"ua:{word}", "calls") == [str(place)], user
        for line, holds in (
            (f"to:{word}*", lambda other, user=user: other.startswith(user)),
            (f"to:*{word}", lambda other, user=user: other.endswith(user)),
            (f"to:*{word}*", lambda other, user=user: user in other),
            (f"ua:*{word}*", lambda other, user=user: user.lower() in other.lower()),
        ):
            expected = {str(n) for n, other in enumerate(NASTY) if holds(other)}
            assert set(await callids(database, line, "calls")) == expected, line


@pytest.mark.parametrize("view", ["calls", "messages", "quality", "logs"])
async def test_hostile_lines_are_answered_or_refused_and_leave_the_tables_as_they_were(
    database: Database, view: str
) -> None:
    await store_calls(database, [a_call("one")])
    hostile = [
        "' OR 1=1 --",
        "%' OR '%'='",
        "\\",
        "1); DROP TABLE calls_20261123; --",
        "`",
        "\x00",
        "%s",
        "%(x)s",
        "{0}",
        "💥",
    ]
    for field in ("from", "to", "user", "callid", "ua", "src", "state", "status", "reason", "cause", "codec", ""):
        for text in hostile:
            for value in (typed(text), f"{typed(text)}*", f"*{typed(text)}*"):
                try:
                    await asked(database, f"{field}:{value}" if field else value, view)
                except QueryError:
                    continue
    assert await callids(database, "", "calls") == ["one"]
