from datetime import date

from appliance.model.kinds import day_of
from appliance.query.parse import parse
from appliance.query.tree import Term
from appliance.storage.search import plan
from appliance.storage.search.call_statements import CallStatements
from appliance.storage.search.source import Span
from tests.storage.search.stored import HOUR, NOON, SECOND

DAY: date = day_of(NOON)
SPAN = Span(NOON, NOON + HOUR, None)
TABLES = plan.Tables(frozenset({"calls_20261123"}), NOON)


def statements(line: str, span: Span = SPAN, beside: str = "") -> CallStatements:
    told = [node for node in [parse(beside).root] if isinstance(node, Term)]
    return CallStatements(TABLES, parse(line).root, span, False, told)


def test_arguments_stand_in_the_order_of_their_marks() -> None:
    page = statements("to:bob", beside="ua:snom").page(DAY, NOON, NOON + SECOND, 10)
    assert page.sql.count("%s") == len(page.arguments)
    values = [value for value in page.arguments if value in (b"snom", b"bob", NOON, NOON + SECOND)]
    assert list(dict.fromkeys(values)) == [b"snom", NOON, NOON + SECOND, b"bob"]


def test_short_parts_are_read_by_their_time_and_hours_as_they_lie() -> None:
    asked = statements("to:bob")
    assert "FORCE INDEX (`started`)" in asked.page(DAY, NOON, NOON + SECOND, 10).sql
    assert "FORCE INDEX (`PRIMARY`)" in asked.page(DAY, NOON, NOON + HOUR, 10).sql
    assert "FORCE INDEX (`started`)" in statements("").page(DAY, NOON, NOON + HOUR, 10).sql


def test_a_page_begins_after_the_last_row_of_the_one_before() -> None:
    asked = statements("", Span(NOON, NOON + HOUR, (NOON + SECOND, 7, "")))
    assert "(started < %s OR hash < %s)" in asked.within(NOON, NOON + SECOND + 1).sql
    asked.span = Span(NOON, NOON + HOUR, (NOON + SECOND, 7, ""), oldest_first=True)
    assert "(started > %s OR hash > %s)" in asked.within(NOON + SECOND, NOON + HOUR).sql
