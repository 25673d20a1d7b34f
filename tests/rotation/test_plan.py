from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from appliance.model.kinds import Kind
from appliance.rotation.plan import Plan, make_plan
from appliance.rotation.policy import Policy
from appliance.storage import daily_tables
from appliance.storage.daily_tables import StoredTable

TODAY = date(2026, 11, 23)


def stored(*names: str, size: int = 1024) -> list[StoredTable]:
    tables = [daily_tables.parsed(name) for name in names]
    return [StoredTable(table, 1, size, 1) for table in tables if table is not None]


def day(days_ago: int) -> date:
    return TODAY - timedelta(days=days_ago)


def dropped(plan: Plan) -> list[str]:
    return [drop.stored.table.name for drop in plan.drops]


def test_an_empty_database_gets_today_and_two_days_ahead() -> None:
    plan = make_plan(Policy(), [], TODAY, {})
    assert len(plan.creates) == 3 * 24
    assert plan.creates[0].reason == "today"
    assert plan.creates[-1].reason == "2 days ahead, [MYSQL] newtables = 2"
    assert plan.creates[-1].table.name == "calls_20261125"
    assert plan.drops == ()


def test_ten_days_are_kept_beside_today() -> None:
    names = [f"sip_capture_call_{day(n):%Y%m%d}" for n in range(14)]
    plan = make_plan(Policy(), stored(*names), TODAY, {})
    assert dropped(plan) == [f"sip_capture_call_{day(n):%Y%m%d}" for n in (13, 12, 11)]
    assert plan.drops[0].reason == "13 days old, [DATA_TABLE_ROTATION] sip_capture_call = 10"
    (kept,) = plan.kept
    assert (kept.tables, kept.bytes, kept.oldest, kept.until) == (11, 11 * 1024, day(10), TODAY)


def test_texts_and_call_records_go_with_their_kind_and_texts_last() -> None:
    policy = Policy(days=dict.fromkeys(Kind, 10) | {Kind.CALL: 1, Kind.LOG: 0})
    names = daily_tables.names(day(2))
    assert dropped(make_plan(policy, stored(*names), TODAY, {})) == [
        "calls_20261121",
        "leg_edges_20261121",
        "leg_keys_20261121",
        "sip_capture_call_20261121",
        "sip_capture_call_texts_20261121",
        "logs_capture_all_20261121",
        "logs_capture_all_texts_20261121",
    ]


def test_calls_whose_day_is_over_are_closed_once() -> None:
    names = [name for days_ago in (20, 2, 1, 0) for name in daily_tables.names(day(days_ago))]
    plan = make_plan(Policy(), stored(*names), TODAY, {}, [day(20), day(1), day(0)])
    assert [close.stored.table.name for close in plan.closes] == [f"calls_{day(1):%Y%m%d}"]


def test_0_days_keep_today_alone() -> None:
    policy = Policy(days=dict.fromkeys(Kind, 0))
    plan = make_plan(policy, stored(*daily_tables.names(day(0)), *daily_tables.names(day(1))), TODAY, {})
    assert sorted(dropped(plan)) == sorted(daily_tables.names(day(1)))


def test_an_imported_day_is_kept_its_days_from_the_import() -> None:
    old = date(1999, 12, 31)
    tables = stored("sip_capture_call_19991231")
    assert dropped(make_plan(Policy(), tables, TODAY, {old: day(10)})) == []
    late = make_plan(Policy(), tables, TODAY, {old: day(11)})
    assert late.drops[0].reason == "imported 11 days ago, [DATA_TABLE_ROTATION] sip_capture_call = 10"
    assert dropped(make_plan(Policy(), tables, TODAY, {})) == ["sip_capture_call_19991231"]


def test_a_mistaken_import_date_never_shortens_a_days_life() -> None:
    assert dropped(make_plan(Policy(), stored("calls_20261120"), TODAY, {day(3): day(400)})) == []


def test_tables_of_days_to_come_stay() -> None:
    assert dropped(make_plan(Policy(), stored("calls_20301231"), TODAY, {})) == []


_tables = st.lists(
    st.tuples(st.integers(-5, 40), st.integers(0, 22)).map(lambda pick: daily_tables.names(day(pick[0]))[pick[1]]),
    max_size=60, unique=True,
)  # fmt: skip
_policies = st.builds(
    lambda days, ahead: Policy(days=dict(zip(Kind, days, strict=True)), ahead=ahead),
    st.lists(st.integers(0, 30), min_size=len(Kind), max_size=len(Kind)),
    st.integers(0, 14),
)
_imports = st.dictionaries(st.integers(0, 40).map(day), st.integers(0, 40).map(day), max_size=10)


@given(_tables, _policies, _imports)
def test_nothing_within_its_days_goes_and_nothing_else_stays(
    names: list[str], policy: Policy, imported: dict[date, date]
) -> None:
    plan = make_plan(policy, stored(*names), TODAY, imported)
    gone = set(dropped(plan))
    for table in (daily_tables.parsed(name) for name in names):
        assert table is not None
        start = max(table.day, imported.get(table.day, table.day))
        assert (table.name in gone) == ((TODAY - start).days > policy.days[table.kind])


@given(_tables, _policies, _imports)
def test_after_a_plan_was_carried_out_there_is_nothing_to_do(
    names: list[str], policy: Policy, imported: dict[date, date]
) -> None:
    plan = make_plan(policy, stored(*names), TODAY, imported)
    after = set(names) | {create.table.name for create in plan.creates}
    after -= set(dropped(plan))
    again = make_plan(policy, stored(*after), TODAY, imported)
    assert again.creates == () == again.drops
