from collections import Counter
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest

from appliance.export.moments import shown_in
from appliance.storage.search.histogram import Counted
from appliance.web import asking, histogram
from appliance.web.asking import Asked

NOON = 1_795_435_200_000_000  # 2026-11-23 12:00 UTC
MINUTE, HOUR = 60_000_000, 3_600_000_000


def asked(q: str = "", length: int = HOUR, view: str = "calls") -> Asked:
    return asking.resolved(asking.of({"q": q, "view": view, "from": f"{(NOON - length) / 1e6:.6f}"}, 100), NOON)


@pytest.mark.parametrize(
    ("span", "step"),
    [
        (1, 1_000_000),
        (15 * MINUTE, 10_000_000),
        (HOUR, 30_000_000),
        (24 * HOUR, 15 * MINUTE),
        (7 * 24 * HOUR, 2 * HOUR),
    ],
)
def test_a_bar_is_a_length_that_people_count_in(span: int, step: int) -> None:
    assert histogram.slots_of(NOON - span, NOON).step_us == step


def test_no_range_has_too_many_bars() -> None:
    for span in (HOUR, 366 * 24 * HOUR, 8000 * 366 * 24 * HOUR // 8):
        assert span / histogram.slots_of(0, span).step_us <= histogram.MOST_BARS


def test_bars_stand_on_each_other_in_order_and_fill_the_picture() -> None:
    question = asked(length=2 * MINUTE)
    slots = histogram.slots_of(question.from_us, question.to_us)
    first = slots.of(question.from_us)
    counts = Counted(slots={first: Counter(busy=1, completed=3), first + 2: Counter(failed=2)})
    chart = histogram.chart_of(question, {}, slots, counts)
    assert (chart.most, chart.total, chart.step) == (4, 6, "1 s")
    assert sum(bar.width for bar in chart.bars) == pytest.approx(100, abs=0.2)
    below, above = chart.bars[0].pieces
    assert (below.name, above.name) == ("completed", "busy")
    assert below.y + below.height == pytest.approx(histogram.HEIGHT) and above.y + above.height == pytest.approx(
        below.y
    )
    assert chart.bars[1].pieces == () and chart.bars[1].title.endswith(": none")
    assert [(key.name, key.count) for key in chart.keys] == [("completed", 3), ("busy", 1), ("failed", 2)]


def test_a_bar_leads_to_its_stretch_and_a_colour_to_its_rows() -> None:
    question = asked("to:+49* OR to:+43*")
    slots = histogram.slots_of(question.from_us, question.to_us)
    counts = Counted(slots={slots.of(NOON - MINUTE): Counter(busy=1)})
    chart = histogram.chart_of(question, {"q": question.q, "cursor": "x", "from": "-1h"}, slots, counts)
    query = parse_qs(urlsplit(chart.bars[-1].address).query)
    assert query == {"q": [question.q], "from": ["2026-11-23T11:59:30.000000Z"], "to": ["2026-11-23T12:00:00.000000Z"]}
    (key,) = chart.keys
    assert parse_qs(urlsplit(key.address).query)["q"] == ["(to:+49* OR to:+43*) state:busy"]


def test_what_no_term_says_is_no_link() -> None:
    question = asked(view="messages")
    slots = histogram.slots_of(question.from_us, question.to_us)
    counts = Counted(slots={slots.of(NOON - 1): Counter({"request": 1, "4xx": 1})})
    addresses = {key.name: key.address for key in histogram.chart_of(question, {}, slots, counts).keys}
    assert addresses["request"] == "" and "status%3A4xx" in addresses["4xx"]


def test_ticks_are_whole_hours_of_the_zone() -> None:
    question = asked(length=6 * HOUR)
    with shown_in(ZoneInfo("Asia/Kathmandu")):
        slots = histogram.slots_of(question.from_us, question.to_us)
        ticks = histogram.chart_of(question, {}, slots, Counted()).ticks
    assert [words for _, words in ticks][:2] == ["12:00", "13:00"]


def test_centuries_are_drawn_by_what_is_in_them() -> None:
    question = asking.resolved(asking.of({"from": "1970-01-01", "to": "9999-01-01"}, 1), NOON)
    slots = histogram.slots_of(question.from_us, question.to_us)
    chart = histogram.chart_of(question, {}, slots, Counted(slots={slots.of(NOON): Counter(busy=1)}))
    assert 1 <= len(chart.bars) <= 2 * histogram.MOST_BARS + 1
