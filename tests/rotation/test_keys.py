from appliance.model.kinds import FAMILY, Kind
from appliance.rotation.keys import SECTIONS, STATISTICS, TABLES


def test_each_kind_has_its_own_table_in_every_section_of_tables() -> None:
    assert {TABLES[FAMILY[kind]] for kind in Kind} == set(Kind)
    for section in ("DATA_TABLE_ROTATION", "DATA_TABLE_TYPE_TIMESTAMP", "DATA_TABLE_STEP", "MSG_TABLE_SIZE"):
        assert set(FAMILY.values()) <= set(SECTIONS[section])


def test_homers_tables_without_a_day_are_known() -> None:
    assert (TABLES["logs_capture"], TABLES["report_capture"]) == (Kind.LOG, Kind.REPORT)
    assert set(STATISTICS) == set(SECTIONS["STATS_TABLE_ROTATION"]) == set(SECTIONS["STATS_TABLE_STEP"])
