from collections import Counter
from urllib.parse import parse_qs, urlsplit

import pytest

from appliance.calls.measures import MEASURES, Tally
from appliance.model.aliases import Alias, Aliases
from appliance.web import statistics

ABSOLUTE = {"from": "2026-11-23T00:00:00Z", "to": "2026-11-24T00:00:00Z"}
MANY, FEW = Tally(Counter({("completed", 200): 3})), Tally(Counter({("busy", 486): 1}))
ALIASES = Aliases([Alias("10.0.0.0/8", "lab", group="Sites"), Alias("192.0.2.1", "Carrier A")])


def asked(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def test_the_most_calls_come_first_with_their_share_and_search() -> None:
    first, second = statistics.lines("source", {"10.0.0.1": FEW, "Carrier A": MANY}, "to:1", ABSOLUTE)
    assert (first.name, first.calls, first.share) == ("Carrier A", 3, 75.0)
    assert asked(first.address)["q"] == '(to:1) src:"Carrier A"'
    assert asked(second.address)["q"] == "(to:1) src:10.0.0.1"
    assert asked(second.address)["legs"] == "apart" and asked(second.address)["from"] == ABSOLUTE["from"]
    assert len(first.figures) == len(MEASURES) and first.figures[0] == 100.0


@pytest.mark.parametrize(
    ("by", "name", "query"),
    [
        ("destination_group", "Sites", "dst:Sites"),
        ("from_country", "DE", "fromcountry:DE"),
        ("user_agent", "A/1 *", 'ua:"A/1 \\*"'),
    ],
)
def test_each_line_searches_for_what_it_counts(by: str, name: str, query: str) -> None:
    (line,) = statistics.lines(by, {name: FEW}, "", ABSOLUTE)
    assert asked(line.address)["q"] == query


def test_hours_are_in_order_and_search_their_hour() -> None:
    noon = 1_795_435_200_000_000
    one, two = statistics.lines("hour", {str(noon + 3_600_000_000): MANY, str(noon): FEW}, "", ABSOLUTE)
    assert (one.name, two.name) == ("2026-11-23 12:00", "2026-11-23 13:00")
    assert asked(one.address)["to"].startswith("2026-11-23T13:00")


def test_what_has_no_name_leads_nowhere() -> None:
    (line,) = statistics.lines("source_group", {"": FEW}, "", ABSOLUTE)
    assert line.address == ""


def test_addresses_count_as_their_names_or_groups() -> None:
    assert statistics.namer("source", ALIASES)("192.0.2.1") == "Carrier A"
    assert statistics.namer("source", ALIASES)("203.0.113.1") == "203.0.113.1"
    assert [statistics.namer("source_group", ALIASES)(ip) for ip in ("10.1.1.1", "192.0.2.1", "x")] == ["Sites", "", ""]
    assert statistics.namer("from_country", ALIASES)("10.1.1.1") == "10.1.1.1"
    assert statistics.column_of("source_group") == "source"


def test_all_together_are_their_sum() -> None:
    assert statistics.whole({"a": MANY, "b": FEW}).total == 4
    assert statistics.figures(statistics.whole({}))[0] is None
