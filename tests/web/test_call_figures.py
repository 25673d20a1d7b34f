from collections import Counter
from urllib.parse import parse_qs, urlsplit

from appliance.storage.search.histogram import Counted
from appliance.web import asking, call_figures
from appliance.web.call_figures import Figure, percentile

NOON = 1_795_435_200_000_000
COUNTED = Counted(
    statuses=Counter(
        {("completed", 200): 5, ("answered", 200): 1, ("busy", 486): 1, ("noanswer", 480): 1, ("rejected", 603): 1,
         ("rejected", 404): 1, ("failed", 503): 2, ("setup", 0): 7, ("challenged", 407): 3, ("partial", 0): 1}
    ),
    talked_ms=50_000,
    talks=5,
    pdds_ms=Counter({100: 18, 900: 1, 5000: 1}),
)  # fmt: skip


def figures(counted: Counted = COUNTED, q: str = "") -> dict[str, Figure]:
    asked = asking.resolved(asking.of({"q": q}, 1), NOON)
    return {figure.name: figure for figure in call_figures.figures(asked, {}, counted)}


def test_ratios_are_of_the_calls_that_came_to_something() -> None:
    found = figures()
    assert found["Calls"].value == "23"
    assert found["ASR"].value == "50.0 %" and "6 ÷ 12" in found["ASR"].title
    assert found["NER"].value == "75.0 %" and "9 ÷ 12" in found["NER"].title
    assert found["ACD"].value == "10.00 s" and "50 s ÷ 5" in found["ACD"].title
    assert (found["PDD p50"].value, found["PDD p95"].value) == ("100 ms", "900 ms")


def test_a_figure_of_nothing_is_not_known() -> None:
    assert {figure.value for figure in figures(Counted()).values()} == {"0", "–"}


def test_each_figure_leads_to_its_calls() -> None:
    found = figures(q="to:1 OR to:2")
    lines = {name: parse_qs(urlsplit(figure.address).query).get("q") for name, figure in found.items()}
    assert lines["ASR"] == ["(to:1 OR to:2) state:answered;completed;lost"]
    assert lines["PDD p95"] == ["(to:1 OR to:2) pdd:>=900ms"]
    reached = "state:answered;completed;lost;busy;noanswer;cancelled"
    assert lines["NER"] == [f"(to:1 OR to:2) ({reached} OR (state:rejected status:603))"]


def test_a_percentile_is_a_value_that_was_measured() -> None:
    assert percentile(Counter(), 50) is None
    assert percentile(Counter({3: 1}), 95) == 3
    assert percentile(Counter({1: 1, 2: 1}), 50) == 1
