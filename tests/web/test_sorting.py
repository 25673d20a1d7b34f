from typing import Any

import pytest

from appliance.model.rows import CallRow, Page, Total
from appliance.storage.search import MAX_ROWS, Order
from appliance.web import columns, sorting
from appliance.web.sorting import Sort
from tests.storage.search.stored import a_call


def page(*rows: CallRow, following: str | None = None) -> Page:
    return Page(rows, following, Total(len(rows), exact=True))


def ordered(name: str, text: str, *values: Any) -> list[Any]:
    sort = sorting.read("calls", text)
    assert sort is not None
    found = sorting.in_order(page(*(a_call(f"c{n}", **{name: value}) for n, value in enumerate(values))), sort)
    return [getattr(row, name) for row in found.rows]


@pytest.mark.parametrize(
    ("text", "order", "again"),
    [("", Order.NEWEST_FIRST, ""), ("-started", Order.NEWEST_FIRST, ""), ("started", Order.OLDEST_FIRST, "started"),
     ("-pdd_ms", Order.NEWEST_FIRST, "-pdd_ms"), ("state", Order.NEWEST_FIRST, "state")],
)  # fmt: skip
def test_an_address_says_the_order(text: str, order: Order, again: str) -> None:
    sort = sorting.read("calls", text)
    assert sort is not None and (sort.order, sort.text) == (order, again)


def test_what_is_no_column_is_none() -> None:
    assert sorting.read("calls", "nothing") is sorting.read("messages", "-started") is None


def test_figures_begin_at_the_greatest_and_words_at_the_first() -> None:
    by_name = {column.name: column for column in columns.all_of("calls")}
    now = sorting.newest_first("calls")
    assert [sorting.of_head(by_name[name], now).text for name in ("pdd_ms", "state", "started")] == [
        "-pdd_ms", "state", "started"]  # fmt: skip
    assert sorting.of_head(by_name["state"], Sort("calls", "state", False)).text == "-state"


def test_what_is_not_known_comes_last_either_way() -> None:
    assert ordered("pdd_ms", "pdd_ms", 30, None, 4) == [4, 30, None]
    assert ordered("pdd_ms", "-pdd_ms", 30, None, 4) == [30, 4, None]
    assert ordered("user_agent", "user_agent", "snom", "", "Asterisk") == ["Asterisk", "snom", ""]
    assert ordered("causes", "causes", (), ("SIP/486",), ("Q.850/17",)) == [("Q.850/17",), ("SIP/486",), ()]


def test_addresses_are_in_the_order_of_their_numbers() -> None:
    assert ordered("source_ip", "source_ip", "10.0.0.10", "2001:db8::1", "10.0.0.9") == [
        "10.0.0.9", "10.0.0.10", "2001:db8::1"]  # fmt: skip


def test_rows_that_are_not_all_say_so() -> None:
    sort = Sort("calls", "pdd_ms", descending=True)
    assert sorting.in_order(page(a_call("one")), sort).notes == ()
    (note,) = sorting.in_order(page(a_call("one"), a_call("two"), following="more"), sort).notes
    assert "these 2 rows alone" in note and "shorter time" in note
    assert sorting.rows_of(sort, 100) == MAX_ROWS and sorting.rows_of(sorting.newest_first("calls"), 100) == 100


def test_the_order_of_time_is_the_tables_own() -> None:
    found = page(a_call("one", started=1), a_call("two", started=2), following="more")
    assert sorting.in_order(found, sorting.newest_first("calls")) is found
