from collections import Counter

from appliance.calls.measures import Tally
from appliance.model.aliases import NONE, Alias, Aliases
from appliance.query.times import TimeRange
from appliance.settings import Settings
from appliance.storage.connection import Database
from appliance.web import dashboard_tops
from appliance.web.dashboard_tops import LISTS, Hour
from tests.web.conftest import in_database
from tests.web.stored import ALICE, BEGUN_US, NOW_US

RANGE = TimeRange(BEGUN_US, NOW_US)
MANY = {f"a{number}": Tally(Counter({("completed", 200): number})) for number in range(1, 12)}


def test_each_list_has_its_longest_and_leads_to_the_whole_table() -> None:
    (first, *_) = dashboard_tops.tops(Hour(RANGE, dict.fromkeys(LISTS, MANY)))
    assert first.lines is not None
    assert [line.name for line in first.lines] == ["a11", "a10", "a9", "a8", "a7", "a6"]
    assert first.address.startswith("/statistics?") and "by=source" in first.address


def test_what_took_too_long_is_told_as_not_known() -> None:
    hour = Hour(RANGE, dict.fromkeys(LISTS))
    assert [top.lines for top in dashboard_tops.tops(hour)] == [None] * len(LISTS)
    assert {figure.value for figure in dashboard_tops.told(hour)} == {"–"}


def test_figures_are_of_all_calls_with_their_formulas() -> None:
    asr, ner, _, _ = dashboard_tops.told(Hour(RANGE, {"to_country": {"DE": Tally(Counter(
        {("completed", 200): 3, ("failed", 503): 1}
    ))}}))  # fmt: skip
    assert (asr.value, ner.value) == ("75.0 %", "75.0 %")
    assert "3 ÷ 4" in asr.title and "state%3Aanswered" in asr.address


def test_it_is_read_from_the_tables(settings: Settings) -> None:
    async def read(database: Database) -> tuple[Hour, Hour]:
        named = Aliases([Alias(ALICE, "desk")])
        return await dashboard_tops.read(database, RANGE, NONE), await dashboard_tops.read(database, RANGE, named)

    plain, named = in_database(settings.mysql, read)
    assert set(plain.tallies) == set(LISTS)
    sources = plain.tallies["source"], named.tallies["source"]
    assert sources[0] is not None and sources[1] is not None
    assert sources[0][ALICE] == sources[1]["desk"] and sources[0][ALICE].total > 0
