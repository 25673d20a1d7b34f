import re
from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.matching.filter import reads_octets
from appliance.model.kinds import DailyTable, Kind, calls_table, day_start_us, quality_table
from appliance.query.errors import QueryError
from appliance.query.fields import FIELDS, Type
from appliance.query.parse import parse
from appliance.storage.search import allowed, plan
from appliance.storage.search.condition import FALSE, Condition
from appliance.storage.search.question import Unsearchable

DAY = date(2026, 11, 23)
DAYS = (DAY - timedelta(days=1), DAY, DAY + timedelta(days=1))
TABLES = plan.Tables(
    frozenset(table(day) for day in DAYS for table in (calls_table, quality_table))
    | frozenset(DailyTable(day, kind).name for day in DAYS for kind in Kind),
    day_start_us(DAY),
)
OUR_WORDS = re.compile(r"(?:[A-Za-z0-9_ .,()<>=&`+\-]|%s|'[|,:0 ]?')*")


def conditions(line: str) -> list[Condition]:
    """What the line asks of every table of a day."""
    root = parse(line).root
    if root is None:
        return []
    allowed.check(root, "calls")
    leaves = [plan.call_leaf(TABLES, DAY), *(plan.message_leaf(TABLES, DailyTable(DAY, kind)) for kind in Kind)]
    return [plan.condition(root, leaf) for leaf in leaves]


def of_reports_and_logs(line: str) -> list[Condition]:
    """The same of the views quality and logs, where they allow it."""
    root = parse(line).root
    found = []
    if root is not None:
        for view, leaf in (
            ("quality", plan.quality_leaf(TABLES, DAY)),
            ("logs", plan.message_leaf(TABLES, DailyTable(DAY, Kind.LOG))),
        ):
            with suppress(Unsearchable):
                allowed.check(root, view)
                if not reads_octets(root):
                    found.append(plan.condition(root, leaf))
    return found


TYPED = st.text("abz019 +*%_|'\"`\\;:/.()<>=#é\x00\udcff-", max_size=20)
SOME_FIELDS = [name for name, field in FIELDS.items() if field.type in (Type.TEXT, Type.CSEQ)]
LINES = st.one_of(
    st.tuples(st.sampled_from(SOME_FIELDS), TYPED).map(lambda term: f"{term[0]}:{term[1]}"),
    st.lists(st.tuples(st.sampled_from(["OR", "NOT", ""]), st.sampled_from(SOME_FIELDS), TYPED), max_size=4).map(
        lambda terms: " ".join(f"{word} {field}:{value}" for word, field, value in terms)
    ),
    TYPED,
    st.sampled_from([field.example for field in FIELDS.values()]),
)


@given(LINES)
def test_nothing_that_was_typed_stands_in_the_sql(line: str) -> None:
    try:
        found = conditions(line)
    except QueryError:
        return
    for condition in found:
        assert OUR_WORDS.fullmatch(condition.sql), condition.sql
        assert condition.sql.count("%s") == len(condition.arguments)


@given(LINES)
def test_nothing_that_was_typed_stands_in_the_sql_of_reports_and_logs(line: str) -> None:
    try:
        found = of_reports_and_logs(line)
    except QueryError:
        return
    for condition in found:
        assert OUR_WORDS.fullmatch(condition.sql), condition.sql
        assert condition.sql.count("%s") == len(condition.arguments)


def test_loss_of_a_call_asks_the_reports_of_its_day_and_the_next() -> None:
    condition = conditions("loss:>1")[0]
    assert re.findall(r"FROM `(\w+)`", condition.sql) == ["quality_20261123", "quality_20261124"]


@pytest.mark.parametrize(
    "line",
    ["from:qzx'qzx", 'from:"qzx"', "ua:qzx*", "callid:/qzx/", "problems:qzx*", "qzx", "diversion:qzx", "q@qzx"],
)
def test_a_typed_text_is_only_a_parameter(line: str) -> None:
    for condition in conditions(line):
        assert "qzx" not in condition.sql
    assert any(isinstance(each, bytes) and b"qzx" in each for each in conditions(line)[1].arguments)


def test_wildcards_of_the_database_are_escaped() -> None:
    (argument,) = conditions(r'to:"a%_|b\\"*')[1].arguments
    assert argument == b"a|%|_||b\\%"


def test_a_message_field_of_a_call_asks_its_day_and_the_next_by_the_callids_hash() -> None:
    condition = conditions("method:BYE")[0]
    assert re.findall(r"FROM `(\w+)`", condition.sql) == ["sip_capture_call_20261123", "sip_capture_call_20261124"]
    assert condition.arguments[0] == day_start_us(DAY)
    assert condition.arguments[2] == day_start_us(DAY + timedelta(days=1))


def test_a_call_field_of_a_message_asks_its_day_and_the_one_before() -> None:
    condition = conditions("state:busy")[1]
    assert re.findall(r"FROM `(\w+)`", condition.sql) == ["calls_20261123", "calls_20261122"]


def test_a_missing_table_is_not_asked() -> None:
    none = plan.Tables(frozenset(), 0)
    root = parse("method:BYE").root
    assert root is not None
    assert plan.condition(root, plan.call_leaf(none, DAY)) == FALSE
